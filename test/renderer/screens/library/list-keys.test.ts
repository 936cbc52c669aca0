/** What keys do in the list of images. */
import { expect, test } from 'vitest';
import { changeAfterKey } from '../../../../renderer/screens/library/list-keys.ts';
import {
  nothingSelected,
  type Selection,
  selectOnly,
} from '../../../../renderer/screens/library/selection.ts';

test('before an arrow key has led anywhere, Enter opens the first image and Space selects it', () => {
  const opened: number[] = [];
  const selected: Selection[] = [];
  const list = {
    ids: [7, 8, 9],
    selection: nothingSelected,
    onSelect: (selection: Selection) => selected.push(selection),
    onOpen: (id: number) => opened.push(id),
    onStay: () => undefined,
  };
  const press = (key: string) =>
    changeAfterKey({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }, list, () => null);
  press('Enter')?.();
  press(' ')?.();
  expect(opened).toEqual([7]);
  expect(selected).toEqual([{ ids: new Set([7]), anchorId: 7, activeId: 7 }]);
});

test('a key that leads to where the keyboard is already says so, for the list may have been scrolled away from there', () => {
  let stays = 0;
  const list = {
    ids: [7, 8, 9],
    selection: selectOnly(7),
    onSelect: () => undefined,
    onOpen: () => undefined,
    onStay: () => {
      stays += 1;
    },
  };
  const lead = (to: number) =>
    changeAfterKey(
      { key: 'Home', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
      list,
      () => to,
    )?.();
  lead(1);
  expect(stays).toBe(0);
  lead(0);
  expect(stays).toBe(1);
});
