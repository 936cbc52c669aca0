import { describe, expect, it } from 'vitest';
import { StudioError } from '../../../contract/errors.ts';
import { encodeCsv } from '../../../core/export/encode-csv.ts';
import { columnsOf } from '../../../core/export/table.ts';
import { readTable } from '../../../core/tables/read-table.ts';

function table(content: string | Uint8Array<ArrayBuffer>, fileName = 'list.csv') {
  return readTable({ fileName, file: new Blob([content]) });
}

describe('a CSV table', () => {
  it('is read with its header, quoted line ends and the line each row begins on', async () => {
    const { header, rows } = await table('name,prompt\na.png,"two\nlines, and ""quotes"""\n\nb.png,x\n');
    expect(header).toEqual(['name', 'prompt']);
    expect(rows).toEqual([
      { line: 2, cells: ['a.png', 'two\nlines, and "quotes"'] },
      { line: 5, cells: ['b.png', 'x'] },
    ]);
  });

  it.each([
    ['semicolons', 'name;mos\na.png;1,5\n', ['a.png', '1,5']],
    ['tabs', 'name\tmos\na, b.png\t2\n', ['a, b.png', '2']],
    ['CRLF', 'name,mos\r\na.png,2\r\n', ['a.png', '2']],
    ['a byte order mark', '\ufeffname,mos\na.png,2\n', ['a.png', '2']],
  ])('may use %s', async (_, text, cells) => {
    const { header, rows } = await table(text);
    expect(header).toEqual(['name', 'mos']);
    expect(rows[0]!.cells).toEqual(cells);
  });

  it('reads names and prompts that an export guarded against spreadsheets as they were', async () => {
    const columns = columnsOf('text', ['=name', 'prompt']);
    const cells = ['=1+1.png', '-5', '@home', '+44 fox', "it's", "'quoted'"];
    const csv = [...encodeCsv({ columns, rows: cells.map((cell) => [cell, cell]) })].join('');
    const { header, rows } = await table(csv);
    expect(header).toEqual(['=name', 'prompt']);
    expect(rows.map((row) => row.cells)).toEqual(cells.map((cell) => [cell, cell]));
  });

  it('may be UTF-16 or Windows-1252, and says which', async () => {
    const utf16 = Buffer.from('\ufeffname,prompt\na.png,Füchse\n', 'utf16le');
    expect(await table(new Uint8Array(utf16))).toMatchObject({
      encoding: 'UTF-16LE',
      rows: [{ cells: ['a.png', 'Füchse'] }],
    });
    const latin = Buffer.from('name,prompt\na.png,Füchse\n', 'latin1');
    expect(await table(new Uint8Array(latin))).toMatchObject({
      encoding: 'Windows-1252',
      rows: [{ cells: ['a.png', 'Füchse'] }],
    });
  });

  it.each([
    ['two equal columns', 'name,name\na,b\n', /two columns called “name”/],
    ['no header', '\n', /no header/],
    ['an unclosed quote', 'name\n"a', /not well-formed CSV/],
    ['binary data', 'name\0\x01\n', /not a CSV or XLSX/],
    ['a web page that calls itself a workbook', '<html><table>', /a web page.*save it as XLSX or CSV/],
    ['a MATLAB file', 'MATLAB 5.0 MAT-file, Platform: PCWIN64\0\x01', /a MATLAB file.*write it as CSV/],
    [
      'an OpenDocument sheet',
      'PK\x03\x04\0\0mimetypeapplication/vnd.oasis.opendocument',
      /an OpenDocument file/,
    ],
    ['a broken workbook', 'PK\x03\x04rubbish', /not a readable XLSX/],
  ])('is refused with %s', async (_, text, reason) => {
    const error = await table(text).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StudioError);
    expect(error).toMatchObject({ code: 'badInput', message: expect.stringMatching(reason) });
  });

  it('is refused where it is a workbook of 1997, with what to do', async () => {
    const workbook = new Uint8Array(Buffer.from('d0cf11e0a1b11ae1', 'hex'));
    await expect(table(workbook, 'mos.xls')).rejects.toMatchObject({
      message: expect.stringMatching(/a workbook of Excel 97–2003.*save it as XLSX or CSV/),
    });
  });

  it('that is not there is said to be so', async () => {
    await expect(readTable({ path: '/nowhere/list.csv' })).rejects.toMatchObject({ code: 'notFound' });
  });
});
