/** The doctor's report: what runs, with which versions, and why something is not usable. */
import { z } from 'zod';

export const DoctorLine = z.object({
  name: z.string(),
  /** `ok`; `note`: works without it; `problem`: something the studio needs is missing. */
  state: z.enum(['ok', 'note', 'problem']),
  value: z.string(),
  advice: z.string().nullable(),
});
export type DoctorLine = z.infer<typeof DoctorLine>;

export const DoctorReport = z.object({
  sections: z.array(z.object({ title: z.string(), lines: z.array(DoctorLine) })),
});
export type DoctorReport = z.infer<typeof DoctorReport>;
