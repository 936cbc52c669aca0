/** Where the file of an image is, on its picture: a sign and a word where it is not simply there, and under how many names it lies. */
import { IconCopy, IconFileOff, IconFolderOff, IconPlugX } from '@tabler/icons-react';
import type { ImageCard } from '../../../contract/images.ts';
import { formatCount } from '../../shared/format.ts';
import classes from './curate/mark-badge.module.css';

export function FileBadge({ fileState, files }: Pick<ImageCard, 'fileState' | 'files'>) {
  const isElsewhere = fileState === 'offline' || fileState === 'missing' || fileState === 'takenOut';
  if (!isElsewhere && files < 2) return null;
  return (
    <span className={classes['marks']} data-at="top">
      {fileState === 'offline' && (
        <span className={classes['mark']} title="Its drive is not connected">
          <IconPlugX size={12} />
          <span data-word>offline</span>
        </span>
      )}
      {fileState === 'missing' && (
        <span
          className={classes['mark']}
          title="Its file was moved to the trash or elsewhere, deleted or replaced"
        >
          <IconFileOff size={12} />
          <span data-word>missing</span>
        </span>
      )}
      {fileState === 'takenOut' && (
        <span className={classes['mark']} title="Its folder was taken out of the library">
          <IconFolderOff size={12} />
          <span data-word>taken out</span>
        </span>
      )}
      {files > 1 && (
        <span className={classes['mark']} title="The same content lies there under several paths">
          <IconCopy size={12} />
          {formatCount(files)} <span data-word>files</span>
        </span>
      )}
    </span>
  );
}
