/** Flag and colour label on a picture: a sign and a word each, so that nothing is told by colour alone. */
import { IconCheck, IconX } from '@tabler/icons-react';
import type { ImageCard } from '../../../../contract/images.ts';
import classes from './mark-badge.module.css';

export function MarkBadge({ flag, label }: Pick<ImageCard, 'flag' | 'label'>) {
  if (flag === null && label === null) return null;
  return (
    <span className={classes['marks']}>
      {flag !== null && (
        <span className={classes['mark']} title={flag}>
          {flag === 'pick' ? <IconCheck size={12} stroke={3} /> : <IconX size={12} stroke={3} />}
          <span data-word>{flag}</span>
        </span>
      )}
      {label !== null && (
        <span className={classes['mark']} title={`label ${label}`} data-letter={label[0]}>
          <span className={classes['dot']} data-label={label} />
          <span data-word>{label}</span>
        </span>
      )}
    </span>
  );
}
