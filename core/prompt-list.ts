/** The prompt list that was imported last: its names in order, which the challenge's export follows. */
import { z } from 'zod';
import type { Db } from '../db/database.ts';
import { readNote, saveSetting } from '../db/settings.ts';

const PromptList = z.object({ fileName: z.string(), names: z.array(z.string()) });
type PromptList = z.infer<typeof PromptList>;

export function savePromptList(db: Db, list: PromptList): void {
  saveSetting(db, 'list:prompts', JSON.stringify(list));
}

/** Null where no list was ever imported. */
export function readPromptList(db: Db): PromptList | null {
  const note = readNote(db, 'list:prompts');
  return note === undefined ? null : PromptList.parse(JSON.parse(note));
}
