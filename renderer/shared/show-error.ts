/** Tells of something that went wrong, in the words of the studio. */
import { notifications } from '@mantine/notifications';

/** The sentence of a thrown value. */
export function errorMessage(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A notice that stays until it is closed. */
export function showError(title: string, thrown: unknown): void {
  notifications.show({ color: 'red', title, message: errorMessage(thrown), autoClose: false });
}
