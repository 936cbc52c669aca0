/** What stands where a picture would be: its file is gone or never came, or it cannot be decoded. */
import { Text } from '@mantine/core';
import { IconFileOff, IconPhotoOff } from '@tabler/icons-react';
import type { ImageCard } from '../../../../contract/images.ts';
import classes from './absent-picture.module.css';

interface AbsentPictureProps {
  image: Pick<ImageCard, 'name' | 'fileState'> | undefined;
  /** Why the file cannot be shown; null: there is none. */
  failure: string | null;
}

export function AbsentPicture({ image, failure }: AbsentPictureProps) {
  const isGone = failure === null && image?.fileState === 'missing';
  const [title, text] = isGone
    ? [
        'The file of this image is missing',
        'It was deleted, replaced, or moved to the trash or where else the studio does not look. What is known of the image is kept: when the file comes back, under whatever name, it is recognised by its content.',
      ]
    : [
        'There is no file of this image yet',
        `A table told of it. Add the folder that holds ${image?.name}: it is recognised by its name.`,
      ];
  return (
    <div className={classes['absent']} role={failure === null ? undefined : 'alert'}>
      {isGone ? <IconFileOff size={44} stroke={1.2} /> : <IconPhotoOff size={44} stroke={1.2} />}
      {failure === null && <Text fw={600}>{title}</Text>}
      <Text size="sm" maw={460}>
        {failure ?? text}
      </Text>
    </div>
  );
}
