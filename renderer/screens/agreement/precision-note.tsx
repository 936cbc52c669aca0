/** Says so where what is compared was computed in a precision that was found not good enough. */
import type { PackInfo } from '../../../contract/pack.ts';
import { Notice } from '../../shared/notice.tsx';
import { precisionWarning } from '../../shared/pack-words.ts';
import classes from './agreement.module.css';

export function PrecisionNote({ pack }: { pack: PackInfo | undefined }) {
  const warning = pack === undefined ? null : precisionWarning(pack);
  if (warning === null) return null;
  return (
    <div className={classes['note']}>
      <Notice tone="warning" title="This precision is not good enough here">
        {warning}
      </Notice>
    </div>
  );
}
