/** What to know of the pack whose numbers are compared: a precision that was found not good enough, numbers that were not all computed alike. */
import type { PackInfo } from '../../../contract/pack.ts';
import { MixedNote } from '../../shared/mixed-note.tsx';
import { Notice } from '../../shared/notice.tsx';
import { mixedWarning, precisionWarning } from '../../shared/pack-words.ts';
import classes from './agreement.module.css';

export function PackNotes({ pack }: { pack: PackInfo | undefined }) {
  if (pack === undefined) return null;
  const warning = precisionWarning(pack);
  if (warning === null && mixedWarning(pack) === null) return null;
  return (
    <div className={classes['note']}>
      {warning !== null && (
        <Notice tone="warning" title="This precision is not good enough here">
          {warning}
        </Notice>
      )}
      <MixedNote pack={pack} />
    </div>
  );
}
