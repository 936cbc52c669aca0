/** Tables of votes as spreadsheets and people really write them are read; what cannot be read is told. */
import { afterAll, describe, expect, test } from 'vitest';
import { openTestStudio } from '../../support/open-test-studio.ts';

const { client, close } = openTestStudio();
afterAll(close);

const look = async (fileName: string, bytes: Buffer) =>
  await client.studies.previewVotes({ source: { fileName, file: new Blob([new Uint8Array(bytes)]) } });

const long = 'image,rater,score\nä.png,Jörg,3.7\nä.png,R2,4\nb.png,Jörg,2.5\n';
const german = long.replaceAll(',', ';').replaceAll('.7', ',7').replaceAll('.5', ',5');
const wide = (mark: string, text: string) => Buffer.from(`${mark}${text}`, 'utf16le');
const bigEndian = (text: string) => wide('\ufeff', text).swap16();

describe('a long table is the same', () => {
  test.each([
    ['with semicolons and decimal commas', Buffer.from(german)],
    ['with a byte order mark', Buffer.from(`\ufeff${long}`)],
    ['in UTF-16, as spreadsheets write “Unicode text”', wide('\ufeff', long.replaceAll(',', '\t'))],
    ['in UTF-16 of the other byte order', bigEndian(long)],
    ['in UTF-16 without a mark', wide('', long)],
    ['in Windows-1252', Buffer.from(german, 'latin1')],
    ['below a line that names the delimiter', Buffer.from(`sep=;\r\n${german.replaceAll('\n', '\r\n')}`)],
    ['with line ends of old Macs', Buffer.from(long.replaceAll('\n', '\r'))],
    ['with blanks around everything', Buffer.from(long.replaceAll(',', ' , '))],
    ['with quotes around everything', Buffer.from(long.replaceAll(/[^,\n]+/g, '"$&"'))],
    ['with empty columns and rows at its ends', Buffer.from(`${long.replaceAll('\n', ',,\n')},,,,\n ,,,,\n`)],
    ['with delimiters at the ends of rows alone', Buffer.from(long.replaceAll(/(?<=\d)\n/g, ',\n'))],
  ])('%s', async (_what, bytes) => {
    expect(await look('votes.csv', bytes)).toMatchObject({
      ...{ shape: 'long', votes: 3, raters: 2, images: 2, problems: [] },
      mapping: { image: 'image', rater: 'rater', value: 'score' },
      scale: { kind: 'continuous', max: 5 },
    });
  });
});

describe('a matrix', () => {
  test('of 200 raters is read, empty cells are no votes', async () => {
    const row = (name: string) => [
      name,
      ...Array.from({ length: 200 }, (_, i) => (i % 2 ? 1 + (i % 5) : '')),
    ];
    const header = ['image', ...Array.from({ length: 200 }, (_, i) => `R${i}`)];
    const text = [header, row('a.png'), row('b.png')].map((cells) => cells.join(',')).join('\n');
    expect(await look('matrix.csv', Buffer.from(text))).toMatchObject({
      shape: 'matrix',
      votes: 200,
      raters: 100,
    });
  });

  test('passes over columns of words, and says which; a word among numbers is told by its line', async () => {
    const text = 'image;style;R1;R2\na.png;anime;3,5;4\nb.png;oil;2;5\n';
    const words = { passedOver: ['style'], votes: 4, raters: 2, problems: [] };
    expect(await look('matrix.csv', Buffer.from(text))).toMatchObject({ shape: 'matrix', ...words });
    const { problems, passedOver } = await look('m.csv', Buffer.from(text.replace(';5\n', ';good\n')));
    expect({ problems, passedOver }).toEqual({
      problems: [{ line: 3, reason: '“good” is not a number' }],
      passedOver: ['style'],
    });
  });

  test('of bare numbers may have decimal commas', async () => {
    const bytes = Buffer.from('3,5;4,0;2,5\n2,0;5,0;nan\n');
    expect(await look('scores.csv', bytes)).toMatchObject({ shape: 'p910', votes: 5, raters: 3, images: 2 });
  });

  test('in JSON may be in UTF-16', async () => {
    const json = JSON.stringify({
      ref_videos: [{ content_id: 0 }],
      dis_videos: [{ content_id: 0, path: 'a.png', os: [1, 2, 3] }],
    });
    for (const bytes of [Buffer.from(`\ufeff${json}`), wide('\ufeff', json), bigEndian(json)])
      expect(await look('votes.json', bytes)).toMatchObject({ shape: 'sureal', votes: 3 });
  });
});

test.each([
  ['two columns of one name', 'image,score,score,rater\na.png,3,4,R1\n', /two columns called “score”/],
  ['nothing', '', /no header row/],
  ['control characters', '\0\u0001\u0002\u0003\0\t', /not a CSV or XLSX table/],
])('%s are refused in words', async (_what, text, message) => {
  await expect(look('votes.csv', Buffer.from(text))).rejects.toMatchObject({
    code: 'badInput',
    message: expect.stringMatching(message),
  });
});

test('lines are counted from the file’s first one, a line that names the delimiter included', async () => {
  const { problems } = await look(
    'votes.csv',
    Buffer.from('sep=;\nimage;rater;score\na.png;R1;3\na.png;R2;80%\n'),
  );
  expect(problems).toEqual([{ line: 4, reason: '“80%” is not a number' }]);
});
