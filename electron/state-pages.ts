/** Plain pages of the window's process, for when no engine can answer; they run no script. */

/** Says that the engine ended, and offers to start it again where the person was. */
export function endedPage(reason: string, to: string, startPath: string): Response {
  return page(
    'The studio’s engine ended',
    `<p>The process that keeps the library ended unexpectedly (${escapeHtml(reason)}). Every vote that was shown as saved is on disk;
    a scoring run continues where it stopped.</p>
    <p><a href="${startPath}?to=${encodeURIComponent(to)}" autofocus>Start it again</a></p>`,
  );
}

/** Says why the library cannot be opened; one that is damaged can be gone back with. */
export function lockedPage(reason: string, startPath: string, isDamaged: boolean): Response {
  const back = `<p><a href="${startPath}?goesBack=1" autofocus>Go back to the newest whole backup</a>: what was stored since is not in it; the
    damaged file is kept beside it.</p>`;
  return page(
    'The library cannot be opened',
    `<p>${escapeHtml(reason)}</p>${isDamaged ? back : ''}
    <p><a href="${startPath}"${isDamaged ? '' : ' autofocus'}>Try again</a>, or choose another library in the File menu.</p>`,
  );
}

/** Shown for the moment in which the engine starts. */
export function startingPage(): Response {
  return page('Starting …', '<p>The studio opens the library.</p>');
}

const style = `:root { color-scheme: dark light; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 36rem; margin: 20vh auto; padding: 0 1.5rem }
h1 { font-size: 1.3rem }`;

function page(title: string, body: string): Response {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>SF-IQA Studio</title>
<style>${style}</style><main><h1>${title}</h1>${body}</main></html>`;
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    },
  });
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
