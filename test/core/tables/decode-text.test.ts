/** Tables come in the encodings of the world: told by a mark, found out, or chosen; what does not fit is told by its line. */
import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../core/tables/decode-text.ts';
import { readTable } from '../../../core/tables/read-table.ts';

const chinese = 'name,prompt,mos\na.png,雪地里的红色狐狸，晨光,3.5\nb.png,一只猫在窗前,2\n';
/** The Chinese text in GB18030, made by another encoder than ours. */
const gb18030 = Buffer.concat([
  Buffer.from('name,prompt,mos\na.png,'),
  Buffer.from('d1a9b5d8c0efb5c4bac9abbafcc0eaa3acb3bfb9e2'.replace('bac9ab', 'baecc9ab'), 'hex'),
  Buffer.from(',3.5\nb.png,'),
  Buffer.from('d2bbd6bbc3a8d4dab4b0c7b0', 'hex'),
  Buffer.from(',2\n'),
]);
const german = 'name;prompt\na.png;Füchse im Schnee, naïve Malerei, Größe\n';

describe('The encoding is found out', () => {
  test.each([
    ['UTF-8', Buffer.from(chinese), chinese],
    ['UTF-8', Buffer.from(`\uFEFF${chinese}`), chinese],
    ['UTF-16LE', Buffer.from(`\uFEFF${chinese}`, 'utf16le'), chinese],
    ['UTF-16LE', Buffer.from(chinese, 'utf16le'), chinese],
    ['UTF-16BE', Buffer.from(chinese, 'utf16le').swap16(), chinese],
    ['UTF-16BE', Buffer.from(`\uFEFF${german}`, 'utf16le').swap16(), german],
    ['GB18030', gb18030, chinese],
    ['Windows-1252', Buffer.from(german, 'latin1'), german],
    ['UTF-8', Buffer.from(''), ''],
  ])('%s', (encoding, bytes, text) => {
    expect(decodeText(bytes)).toEqual({ text, encoding });
  });
});

describe('Where it cannot be right', () => {
  test('a UTF-8 file with a damaged line is refused with the line, not read as something else', () => {
    const bytes = Buffer.concat([
      Buffer.from('name,prompt\na,雪地里的狐狸\nb,'),
      Buffer.from([0xe9, 0xaa]),
      Buffer.from('\nc,猫\n'),
    ]);
    expect(() => decodeText(bytes, { fileName: 'list.csv' })).toThrow(
      /^Line 3 of list\.csv is not UTF-8 text/,
    );
  });

  test('Japanese without a mark is Shift_JIS where its kana are many', () => {
    const japanese = Buffer.from('90e182cc928682cc90d482a2834c8363836c', 'hex');
    const bytes = Buffer.concat([Buffer.from('name,prompt\na.png,'), japanese]);
    expect(decodeText(bytes)).toEqual({
      text: 'name,prompt\na.png,雪の中の赤いキツネ',
      encoding: 'Shift_JIS',
    });
  });

  test('a chosen encoding is taken, and refused with the line where the file is not of it', () => {
    const bytes = Buffer.from(german, 'latin1');
    expect(decodeText(bytes, { chosen: 'windows-1252' }).text).toBe(german);
    expect(() => decodeText(bytes, { chosen: 'utf-8' })).toThrow('Line 2 of The file is not UTF-8 text');
    expect(decodeText(Buffer.from('82b582eb', 'hex'), { chosen: 'shift_jis' }).text).toBe('しろ');
    const wide = Buffer.concat([
      Buffer.from('a\nb\n', 'utf16le'),
      Buffer.from([0x00, 0xd8]),
      Buffer.from('\n', 'utf16le'),
    ]);
    expect(() => decodeText(wide, { chosen: 'utf-16le' })).toThrow('Line 3');
  });
});

test('Cyrillic in UTF-16 is text, although its bytes look like control characters', async () => {
  const text = 'имя,mos\nлиса.png,3\nещё одна длинная строка,4\n';
  const bytes = new Uint8Array(Buffer.from(`\uFEFF${text}`, 'utf16le'));
  const table = await readTable({ fileName: 'x.csv', file: new Blob([bytes]) });
  expect(table.header).toEqual(['имя', 'mos']);
  const chosen = await readTable({
    fileName: 'x.csv',
    file: new Blob([bytes.slice(2)]),
    encoding: 'utf-16le',
  });
  expect(chosen.rows).toEqual(table.rows);
});
