/** What the page gets beside the web: which system and version this is, a folder dialog, where a dropped file lies, and PDF. */
const { contextBridge, ipcRenderer, webUtils } = require('electron');

const versionFlag = '--studio-version=';
const version = process.argv.find((argument) => argument.startsWith(versionFlag));

contextBridge.exposeInMainWorld('studio', {
  platform: process.platform,
  version: version === undefined ? '' : version.slice(versionFlag.length),
  chooseFolder: () => ipcRenderer.invoke('choose-folder'),
  savePdf: (/** @type {{ html: string, fileName: string }} */ report) =>
    ipcRenderer.invoke('save-pdf', report),
  pathForFile: (/** @type {File} */ file) => webUtils.getPathForFile(file),
});
