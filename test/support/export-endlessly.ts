/** A process that exports many rows, to be killed in the middle: `node export-endlessly.ts <library> <destination>`. */
import { openTestStudio } from './open-test-studio.ts';

const [libraryFolder, destination] = process.argv.slice(2);
const { client, studio } = openTestStudio({ libraryFolder: libraryFolder! });
const { ids } = await client.images.query({});
const job = await client.exports.start({
  choice: { kind: 'images', imageIds: Array.from({ length: 1_000_000 }, (_, at) => ids[at % ids.length]!) },
  columns: [{ key: 'name' }, { key: 'prompt' }],
  format: 'jsonl',
  destination: destination!,
});
await studio.jobs.waitFor(job.id);
