/** The migrations in order; their number is the library's version. Forward only: a released one never changes. */
import { migration001 } from './001-library.ts';
import { migration002 } from './002-networks.ts';
import { migration003 } from './003-studies.ts';
import { migration004 } from './004-screening.ts';
import { migration005 } from './005-find-and-curate.ts';
import { migration006 } from './006-metadata.ts';
import { migration007 } from './007-watched-folders.ts';
import { migration008 } from './008-near-duplicates.ts';
import { migration009 } from './009-partial-studies.ts';
import { migration010 } from './010-held-out.ts';
import { migration011 } from './011-provenance-counts.ts';
import { migration012 } from './012-attribute-names.ts';
import { migration013 } from './013-taken-out.ts';

export const migrations: readonly string[] = [
  migration001,
  migration002,
  migration003,
  migration004,
  migration005,
  migration006,
  migration007,
  migration008,
  migration009,
  migration010,
  migration011,
  migration012,
  migration013,
];
