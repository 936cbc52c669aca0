/** Says so where a pack's numbers come from several runtimes, providers or precisions; nothing where they are of one kind. */
import type { PackInfo } from '../../contract/pack.ts';
import { Notice } from './notice.tsx';
import { mixedWarning } from './pack-words.ts';

export function MixedNote({ pack }: { pack: PackInfo | undefined }) {
  const warning = pack === undefined ? null : mixedWarning(pack);
  if (warning === null) return null;
  return (
    <Notice tone="warning" title="These scores were not all computed alike" testId="mixed-scores">
      {warning}
    </Notice>
  );
}
