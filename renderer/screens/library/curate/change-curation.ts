/** Changes flags, labels, tags and collections, and takes changes back; the list follows by the event stream. */
import { notifications } from '@mantine/notifications';
import type { Curation } from '../../../../contract/curate.ts';
import { client } from '../../../api/client.ts';
import { showError } from '../../../shared/show-error.ts';

/** Does one step on the images; nothing where there are none. */
export async function curate(imageIds: readonly number[], change: Omit<Curation, 'imageIds'>): Promise<void> {
  if (imageIds.length === 0) return;
  try {
    await client.curate.change({ imageIds: [...imageIds], ...change });
  } catch (error) {
    showError('Nothing was changed', error);
  }
}

/** Undoes or does again, and says what. */
export async function stepBack(direction: 'undo' | 'redo'): Promise<void> {
  try {
    const title = (await client.curate.state())[direction];
    if (title !== null) await client.curate[direction]();
    const words = {
      undo: ['Undone', 'There is nothing to undo.'],
      redo: ['Done again', 'There is nothing to do again.'],
    };
    const [done, nothing] = words[direction];
    notifications.show({ message: title === null ? nothing : `${done}: ${title}`, autoClose: 2500 });
  } catch (error) {
    showError('Nothing was changed', error);
  }
}
