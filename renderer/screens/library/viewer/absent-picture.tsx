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
  const isGone = failure === null && (image?.fileState === 'missing' || image?.fileState === 'takenOut');
  const [title, text] = describeAbsence(image);
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

function describeAbsence(image: AbsentPictureProps['image']): [title: string, text: string] {
  switch (image?.fileState) {
    case 'missing':
      return [
        'The file of this image is missing',
        'It was deleted, replaced, or moved to the trash or where else the studio does not look. What is known of the image is kept: when the file comes back, under whatever name, it is recognised by its content.',
      ];
    case 'takenOut':
      return [
        'The folder of this image was taken out of the library',
        'What is known of the image is kept: when a folder that holds its file is added, it is shown again.',
      ];
    default:
      return [
        'There is no file of this image yet',
        `A table told of it. Add the folder that holds ${image?.name}: it is recognised by its name.`,
      ];
  }
}
