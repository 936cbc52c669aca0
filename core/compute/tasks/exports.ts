/** What compute threads write: exports, which would keep the engine from everything else. */
import { writeImages } from '../../export/write-images.ts';
import { writeSidecars } from '../../export/write-sidecars.ts';

export { writeImages, writeSidecars };
