/** Says so where a head is compared with a MOS of something else than it predicts. */
import type { PredictionChoice } from '../../../contract/agreement.ts';
import { Notice } from '../../shared/notice.tsx';
import classes from './agreement.module.css';

interface TargetNoteProps {
  choice: PredictionChoice | undefined;
  dimension: string;
}

export function TargetNote({ choice, dimension }: TargetNoteProps) {
  if (choice?.prediction.kind !== 'head' || choice.target === null || choice.target === dimension)
    return null;
  return (
    <div className={classes['note']}>
      <Notice tone="note" title={`A head for ${choice.target}, beside a MOS of ${dimension}`}>
        What raters say of {dimension} need not be what “{choice.label}” was made to predict.
      </Notice>
    </div>
  );
}
