import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeCsv } from '../../../core/export/encode-csv.ts';
import { type Cell, columnsOf, neutraliseCell } from '../../../core/export/table.ts';

function csvOf(columns: string[], rows: Cell[][]): string {
  return [...encodeCsv({ columns: columnsOf('text', columns), rows })].join('');
}

describe('an exported cell', () => {
  it.each(['=1+1', '+44', '-2+3', '@SUM(A1)', '\t=1', '\r=1'])('never runs as a formula: %j', (text) => {
    expect(neutraliseCell(text)).toBe(`'${text}`);
  });

  it('keeps negative numbers as numbers', () => {
    expect(neutraliseCell(-2.5)).toBe('-2.5');
  });

  it.each(['-2.5', '-7', '-1e-5', '-.5'])('keeps %s of an imported column as a number', (text) => {
    expect(neutraliseCell(text)).toBe(text);
  });

  it.each(['-2+3', '-1 fox', '-1e5=A1', '-1\t=2'])('takes %j for no number', (text) => {
    expect(neutraliseCell(text)).toBe(`'${text}`);
  });

  it('is empty where there is no value', () => {
    expect(neutraliseCell(null)).toBe('');
  });
});

describe('a table as CSV', () => {
  it('quotes what needs quotes and nothing else', () => {
    const csv = csvOf(['name', 'prompt'], [['a.png', 'a fox, "red"\nat night']]);
    expect(csv).toBe('name,prompt\na.png,"a fox, ""red""\nat night"\n');
  });

  it('has its header even without rows', () => {
    expect(csvOf(['name', 'q'], [])).toBe('name,q\n');
  });

  it('reads back as it was, whatever the text, in chunks', () => {
    const cells = fc.array(fc.tuple(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true })), {
      maxLength: 1200,
      size: 'max',
    });
    fc.assert(
      fc.property(cells, (rows) => {
        const read: string[][] = parse(csvOf(['text', 'value'], rows), { relax_column_count: true });
        expect(read.length).toBe(rows.length + 1);
        for (const [index, [text, value]] of rows.entries()) {
          expect(read[index + 1]![0]).toBe(neutraliseCell(text));
          expect(Number(read[index + 1]![1])).toBe(value + 0);
        }
      }),
      { numRuns: 30 },
    );
  });
});
