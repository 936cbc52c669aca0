/** The program's version, by itself: what only tells it need not load the studio. */
import about from '../package.json' with { type: 'json' };

export const studioVersion = about.version;
