/** What keys do in the list of images. */
import { expect, test } from 'vitest';
import { changeAfterKey } from '../../../../renderer/screens/library/list-keys.ts';
import { nothingSelected, type Selection } from '../../../../renderer/screens/library/selection.ts';

test('before an arrow key has led anywhere, Enter opens the first image and Space selects it', () => {
  const opened: number[] = [];
  const selected: Selection[] = [];
  const list = {
    ids: [7, 8, 9],
    selection: nothingSelected,
    onSelect: (selection: Selection) => selected.push(selection),
    onOpen: (id: number) => opened.push(id),
  };
  const press = (key: string) =>
    changeAfterKey({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }, list, () => null);
  press('Enter')?.();
  press(' ')?.();
  expect(opened).toEqual([7]);
  expect(selected).toEqual([{ ids: new Set([7]), anchorId: 7, activeId: 7 }]);
});
