/** The parts of an Excel workbook around its cells (ECMA-376 part 1, SpreadsheetML), as XML. */

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relations = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';
const contents = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** What stands before a sheet's rows: the first of them stays in sight. */
export const sheetStart = `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>`;
export const sheetEnd = '</sheetData></worksheet>';

/** Where a sheet lies in the file. @param number from 1 */
export function sheetPath(number: number): string {
  return `xl/worksheets/sheet${number}.xml`;
}

/** A name of ours as a sheet's: at most 31 UTF-16 units with the number of a further sheet, and none of `\ / ? * : [ ] '`. */
export function nameSheet(name: string): string {
  const allowed = name.replaceAll(/[\\/?*:[\]'\p{Cc}]/gu, '').toWellFormed();
  return allowed.slice(0, 27).toWellFormed().trim() || 'Table';
}

/** Everything but the sheets: path and XML of each part. */
export function describeWorkbook(name: string, sheets: number): [path: string, xml: string][] {
  const numbers = Array.from({ length: sheets }, (_, at) => at + 1);
  const title = name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  const entries = numbers.map(
    (one) => `<sheet name="${title}${one === 1 ? '' : `_${one}`}" sheetId="${one}" r:id="rId${one}"/>`,
  );
  const targets = numbers.map((one) => relate(`rId${one}`, 'worksheet', `worksheets/sheet${one}.xml`));
  const types = numbers.map((one) => typeOf(`/${sheetPath(one)}`, 'worksheet'));
  return [
    [
      'xl/workbook.xml',
      `${declaration}<workbook xmlns="${main}" xmlns:r="${relations}"><bookViews><workbookView/></bookViews><sheets>${entries.join('')}</sheets></workbook>`,
    ],
    ['xl/_rels/workbook.xml.rels', relationsOf(targets)],
    ['_rels/.rels', relationsOf([relate('rId1', 'officeDocument', 'xl/workbook.xml')])],
    [
      '[Content_Types].xml',
      `${declaration}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${typeOf('/xl/workbook.xml', 'sheet.main')}${types.join('')}</Types>`,
    ],
  ];
}

function relationsOf(entries: readonly string[]): string {
  return `${declaration}<Relationships xmlns="${packaged}/relationships">${entries.join('')}</Relationships>`;
}

function relate(id: string, kind: string, target: string): string {
  return `<Relationship Id="${id}" Type="${relations}/${kind}" Target="${target}"/>`;
}

function typeOf(part: string, kind: string): string {
  return `<Override PartName="${part}" ContentType="${contents}.${kind}+xml"/>`;
}
