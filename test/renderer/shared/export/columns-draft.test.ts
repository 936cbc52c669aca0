/** Choosing columns: in and out, up and down, under names of one's own. */
import { describe, expect, test } from 'vitest';
import type { ColumnInfo } from '../../../../contract/export-images.ts';
import {
  findColumns,
  moveColumn,
  renameColumn,
  setColumns,
  toggleColumn,
} from '../../../../renderer/shared/export/columns-draft.ts';

const chosen = [{ key: 'name', name: 'file' }, { key: 'prompt' }, { key: 'width' }];
const keysOf = (columns: readonly { key: string }[]) => columns.map(({ key }) => key);

describe('columns', () => {
  test('one that is new comes last, one that is there goes', () => {
    expect(keysOf(toggleColumn(chosen, 'seed'))).toEqual(['name', 'prompt', 'width', 'seed']);
    expect(keysOf(toggleColumn(chosen, 'prompt'))).toEqual(['name', 'width']);
  });

  test('all of a group come in without those that are there twice or under another name', () => {
    expect(setColumns(chosen, ['width', 'height', 'name'], true)).toEqual([...chosen, { key: 'height' }]);
    expect(keysOf(setColumns(chosen, ['width', 'name'], false))).toEqual(['prompt']);
  });

  test('one moves by places, and stays at the ends', () => {
    expect(keysOf(moveColumn(chosen, 'width', -1))).toEqual(['name', 'width', 'prompt']);
    expect(keysOf(moveColumn(chosen, 'name', 2))).toEqual(['prompt', 'width', 'name']);
    expect(moveColumn(chosen, 'name', -1)).toEqual(chosen);
    expect(moveColumn(chosen, 'width', 9)).toEqual(chosen);
    expect(moveColumn(chosen, 'nothing', 1)).toEqual(chosen);
  });

  test('an empty name is its usual one', () => {
    expect(renameColumn(chosen, 'prompt', 'text')[1]).toEqual({ key: 'prompt', name: 'text' });
    expect(renameColumn(chosen, 'name', ' ')[0]).toEqual({ key: 'name' });
  });

  test('are found by label, name and group, whatever the case', () => {
    const info = (label: string, name: string, group: string): ColumnInfo => ({
      ...{ key: name, label, name, group },
      type: 'text',
    });
    const all = [info('Prompt', 'prompt', 'Generation'), info('MOS of quality', 'mos_quality', 'Opinion')];
    expect(findColumns(all, 'OPINION mos').map(([group, some]) => [group, keysOf(some)])).toEqual([
      ['Opinion', ['mos_quality']],
    ]);
    expect(findColumns(all, '')).toHaveLength(2);
    expect(findColumns(all, 'nothing')).toEqual([]);
  });
});
