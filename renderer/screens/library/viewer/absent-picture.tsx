/** What stands where a picture would be: there is no file of it, or it cannot be decoded. */
import { Text } from '@mantine/core';
import { IconPhotoOff } from '@tabler/icons-react';
import classes from './absent-picture.module.css';

interface AbsentPictureProps {
  name: string | undefined;
  /** Why the file cannot be shown; null: there is none. */
  failure: string | null;
}

export function AbsentPicture({ name, failure }: AbsentPictureProps) {
  return (
    <div className={classes['absent']} role={failure === null ? undefined : 'alert'}>
      <IconPhotoOff size={44} stroke={1.2} />
      {failure === null && <Text fw={600}>There is no file of this image yet</Text>}
      <Text size="sm" maw={460}>
        {failure ?? `A table told of it. Add the folder that holds ${name}: it is recognised by its name.`}
      </Text>
    </div>
  );
}
