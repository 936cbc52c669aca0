/** Pasted paths: as file managers, browsers and Windows' “Copy as path” give them. */
import { expect, test } from 'vitest';
import { tidyPath } from '../../../renderer/shared/tidy-path.ts';

test.each([
  ['  /models/weights_dict.pt\n', '/models/weights_dict.pt'],
  ['"C:\\models\\weights dict.pt"', 'C:\\models\\weights dict.pt'],
  ["'/models/weights_dict.pt'", '/models/weights_dict.pt'],
  ['file:///models/my%20weights.pt', '/models/my weights.pt'],
  ['file:///C:/models/weights.pt', 'C:\\models\\weights.pt'],
  ['file://nas/models/weights.pt', '\\\\nas\\models\\weights.pt'],
  ['file:///models/100%.pt', '/models/100%.pt'],
  ['/models/it’s "new".pt', '/models/it’s "new".pt'],
])('%j is %j', (pasted, path) => {
  expect(tidyPath(pasted)).toBe(path);
});
