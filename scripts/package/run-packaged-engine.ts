/**
 * `node run-packaged-engine.ts <app> <library> <images>`: opens a library with the core of a package that was taken out of its archive,
 * scores a folder through the package's own models process, and prints what came of it as JSON.
 */
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

const [appFolder = '', library = '', images = ''] = process.argv.slice(2);

async function importPackaged<Module>(path: string): Promise<Module> {
  return (await import(new URL(path, pathToFileURL(`${appFolder}/`)).href)) as Module;
}

const { openStudio } = await importPackaged<typeof import('../../core/studio.ts')>('core/studio.js');
const { createFetch } = await importPackaged<typeof import('../../core/server.ts')>('core/server.js');
const { launchModelsChild } = await importPackaged<typeof import('../../core/models/launch-child.ts')>(
  'core/models/launch-child.js',
);

const { studio, close } = openStudio({ folder: library, door: 'electron', launchModels: launchModelsChild });
const fetch = createFetch(studio);

async function get(path: string): Promise<Response> {
  return await fetch(new Request(`http://studio.invalid${path}`));
}

async function post<Shape extends z.ZodType>(
  path: string,
  input: unknown,
  shape: Shape,
): Promise<z.infer<Shape>> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  };
  return shape.parse(await (await fetch(new Request(`http://studio.invalid${path}`, init))).json());
}

const Job = z.object({ id: z.int(), state: z.string(), endedAt: z.number().nullable() });
const Report = z.object({
  sections: z.array(
    z.object({ lines: z.array(z.object({ name: z.string(), value: z.string(), state: z.string() })) }),
  ),
});

try {
  let job = await post('/api/library/score', { folder: images, recursive: false }, Job);
  while (job.endedAt === null) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const jobs = z.array(Job).parse(await (await get('/api/jobs')).json());
    job = jobs.find(({ id }) => id === job.id) ?? job;
  }
  const { ids } = await post('/api/images/query', {}, z.object({ ids: z.array(z.int()) }));
  const detail = z
    .object({ scores: z.record(z.string(), z.number()) })
    .parse(await (await get(`/api/images/${ids[0]}`)).json());
  const thumb = await get(`/thumb/${ids[0]}`);
  const { sections } = Report.parse(await (await get('/api/doctor')).json());
  const lines = sections.flatMap((section) => section.lines);
  console.log(
    JSON.stringify({
      jobState: job.state,
      images: ids.length,
      scores: detail.scores,
      page: await (await get('/')).text(),
      thumbBytes: (await thumb.arrayBuffer()).byteLength,
      problems: lines.filter((line) => line.state === 'problem').map((line) => `${line.name}: ${line.value}`),
    }),
  );
} finally {
  await close();
}
