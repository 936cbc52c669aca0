/** What the page gets beside the web: which system and version this is, a folder dialog, and where a dropped file lies. */
const { contextBridge, ipcRenderer, webUtils } = require('electron');

const versionFlag = '--studio-version=';
const version = process.argv.find((argument) => argument.startsWith(versionFlag));

contextBridge.exposeInMainWorld('studio', {
  platform: process.platform,
  version: version === undefined ? '' : version.slice(versionFlag.length),
  chooseFolder: () => ipcRenderer.invoke('choose-folder'),
  pathForFile: (/** @type {File} */ file) => webUtils.getPathForFile(file),
});
