/** Prints a report of the page to a PDF: in a window of its own that is never seen, without scripts and without the studio's origin. */
import { writeFile } from 'node:fs/promises';
import { BrowserWindow, dialog, type PrintToPDFOptions } from 'electron';

/** What a page may ask to print; larger ones Chromium would not take as an address. */
const mostBytes = 1_500_000;

/** Pages are numbered: tables run over several. */
const printing: PrintToPDFOptions = {
  pageSize: 'A4',
  printBackground: true,
  displayHeaderFooter: true,
  headerTemplate: '<span></span>',
  footerTemplate:
    '<div style="width:100%;font-size:8px;text-align:center"><span class="pageNumber"></span> / <span class="totalPages"></span></div>',
};

/**
 * Asks where to, prints, writes. Gives the path, or null where the person cancels.
 *
 * @param html a document that stands by itself
 * @throws Error where the document is too large, or the file cannot be written
 */
export async function savePdf(
  parent: BrowserWindow,
  { html, fileName }: { html: string; fileName: string },
): Promise<string | null> {
  const address = `data:text/html;charset=utf-8;base64,${Buffer.from(html, 'utf8').toString('base64')}`;
  if (address.length > mostBytes) throw new Error('The report is too large to be printed.');
  const { canceled, filePath } = await dialog.showSaveDialog(parent, {
    title: 'Save the report as PDF',
    defaultPath: `${fileName.replaceAll(/[\\/:*?"<>|]/g, '-')}.pdf`,
    filters: [{ name: 'PDF', extensions: ['pdf'] }],
  });
  if (canceled || filePath === '') return null;
  const page = new BrowserWindow({
    show: false,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false, javascript: false },
  });
  try {
    await page.loadURL(address);
    await writeFile(filePath, await page.webContents.printToPDF(printing));
  } finally {
    page.destroy();
  }
  return filePath;
}
