/** The library's first pictures: asked for before anything is drawn, and made while the page draws what lies around them. */
import { orpc, queryClient } from '../../api/client.ts';
import { thumbnailSet } from '../../shared/image-url.ts';
import { hasKeptPlace } from './kept-place.ts';
import { readFirstView } from './list-view.ts';
import { listOptions } from './use-image-list.ts';

/** A usual window shows about so many; those of a large one come with the rest, so that names need not wait for all of them. */
const most = 24;

/** Where another screen opens first, or other pictures, there is nothing to do. */
export async function askFirstScreen(): Promise<void> {
  if (window.location.pathname !== '/') return;
  const { query, thumbPx, isGrid } = readFirstView();
  const asked = [
    queryClient.ensureQueryData(listOptions(query)),
    queryClient.ensureQueryData(orpc.library.info.queryOptions()),
  ] as const;
  const [list, info] = await Promise.all(asked).catch(() => []);
  if (!isGrid || list === undefined || info.announced > 0 || hasKeptPlace()) return;
  for (const id of list.ids.slice(0, most)) {
    const picture = new Image();
    // Else every question that the page asks meanwhile would go before it.
    picture.fetchPriority = 'high';
    picture.sizes = `${thumbPx}px`;
    picture.srcset = thumbnailSet(id);
  }
}
