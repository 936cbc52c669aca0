/** What a page may not do: leave the studio, open windows, ask for permissions. */
import { dialog, type Session, shell, type WebContents } from 'electron';

/** Copying text is the one thing that pages ask for; it needs a click and reads nothing. */
const allowedPermissions: readonly string[] = ['clipboard-sanitized-write'];

/** Refuses permissions and devices to every page of the session. */
export function guardSession(session: Session, home: string): void {
  session.setPermissionRequestHandler((contents, permission, decide) => {
    decide(isOurs(contents.getURL(), home) && allowedPermissions.includes(permission));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => {
    return isOurs(origin, home) && allowedPermissions.includes(permission);
  });
  session.setDevicePermissionHandler(() => false);
}

/** Keeps one page within `home`: no navigation elsewhere, no new windows, no embedded pages; web links are offered to the browser. */
export function guardContents(contents: WebContents, home: string): void {
  function refuse(event: { preventDefault: () => void; url: string }): void {
    if (isOurs(event.url, home)) return;
    event.preventDefault();
    offerLink(event.url);
  }
  // Told for the main frame, too: listening to `will-navigate` as well would offer a link twice.
  contents.on('will-frame-navigate', refuse);
  contents.on('will-redirect', refuse);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    offerLink(url);
    return { action: 'deny' };
  });
}

function isOurs(url: string, home: string): boolean {
  return url === home || url.startsWith(`${home}/`);
}

/** Only https links, and only after the person has seen the address. */
function offerLink(link: string): void {
  if (!URL.canParse(link) || new URL(link).protocol !== 'https:') return;
  void dialog
    .showMessageBox({
      type: 'question',
      message: 'Open this page in your browser?',
      detail: link,
      buttons: ['Open', 'Cancel'],
      defaultId: 1,
      cancelId: 1,
    })
    .then(({ response }) => (response === 0 ? shell.openExternal(link) : undefined));
}
