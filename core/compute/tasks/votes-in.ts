/** What compute threads do with tables of votes and designs that come in: look at them, take them in. */
import { readPackDesign } from '../../study-pack/read-pack.ts';
import { previewVotes } from '../../votes-in/preview-votes.ts';
import { stageVotes } from '../../votes-in/stage-votes.ts';

export { previewVotes, readPackDesign, stageVotes };
