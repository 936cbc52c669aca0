/** The event stream: progress of jobs, and which tables changed, so that pages ask again only for what they show. */
import { z } from 'zod';
import { Job } from './jobs.ts';

/** Groups of tables that change together. */
export const Topic = z.enum(['images', 'studies', 'votes', 'mos', 'heads', 'packs', 'scores', 'settings']);
export type Topic = z.infer<typeof Topic>;

export const StudioEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('hello'),
    version: z.string(),
    /** The same as in another answer: nothing has happened between the two. */
    moment: z.string(),
  }),
  z.object({ kind: z.literal('job'), job: Job }),
  z.object({ kind: z.literal('changed'), topics: z.array(Topic) }),
]);
export type StudioEvent = z.infer<typeof StudioEvent>;
