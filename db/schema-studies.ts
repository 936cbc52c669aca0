/** The tables of studies, raters and votes as types, for Kysely; the truth is `migrations/`. */
import type { Generated, Selectable } from 'kysely';

interface StudyTable {
  id: Generated<number>;
  name: string;
  design: string;
  created_at: number;
  uid: string;
  parent_id: number | null;
  version: number;
  origin: 'own' | 'pack' | 'table';
  /** 1 while it is being taken in. */
  is_partial: Generated<0 | 1>;
  frozen_at: number | null;
  manifest: string | null;
  manifest_hash: string | null;
}
interface StimulusTable {
  study_id: number;
  image_id: number;
  group_name: string | null;
  reference_id: number | null;
  prompt_id: number | null;
}
interface StudyItemTable {
  study_id: number;
  role: 'training' | 'stabilising' | 'gold' | 'trap';
  image_id: number;
  dimension: string;
  expected: number | null;
  tolerance: number | null;
}
interface RaterTable {
  id: Generated<number>;
  name: string;
  created_at: number;
}
interface SessionTable {
  id: Generated<number>;
  study_id: number;
  rater_id: number;
  started_at: number;
  ended_at: number | null;
  client: string;
  uid: string;
  sitting_at: number | null;
}
interface PresentationTable {
  id: Generated<number>;
  study_id: number;
  rater_id: number;
  image_id: number;
  position: number;
  role: 'training' | 'stabilising' | 'main' | 'gold' | 'trap' | 'repeat';
  uid: string;
  other_image_id: number | null;
}
interface VoteTable {
  id: Generated<number>;
  presentation_id: number;
  session_id: number;
  dimension: string;
  value: number;
  key: string;
  shown_ms: number;
  cast_at: number;
  supersedes: number | null;
  key_ms: number | null;
  paused_ms: number | null;
}
export type PairChoice = 'left' | 'right' | 'tie' | 'skip';
interface PairVoteTable {
  id: Generated<number>;
  presentation_id: number;
  session_id: number;
  dimension: string;
  choice: PairChoice;
  key: string;
  shown_ms: number;
  key_ms: number | null;
  paused_ms: number | null;
  cast_at: number;
  supersedes: number | null;
}
interface CurrentPairVoteView {
  id: number;
  presentation_id: number;
  session_id: number;
  dimension: string;
  choice: PairChoice;
  shown_ms: number;
  cast_at: number;
  study_id: number;
  rater_id: number;
  image_id: number;
  other_image_id: number;
  position: number;
  role: PresentationTable['role'];
}
interface SessionNoteTable {
  id: Generated<number>;
  session_id: number;
  key: string;
  kind: 'idle' | 'focusLoss' | 'break' | 'resize' | 'zoom' | 'check';
  at: number;
  duration_ms: number;
  detail: string;
}
interface InvitationTable {
  id: Generated<number>;
  study_id: number;
  rater_id: number | null;
  code: string;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
}
interface RaterTokenTable {
  hash: string;
  invitation_id: number;
  study_id: number;
  rater_id: number;
  created_at: number;
  expires_at: number;
}
interface RaterDecisionTable {
  id: Generated<number>;
  study_id: number;
  rater_id: number;
  is_excluded: 0 | 1;
  reason: string;
  decided_at: number;
}
interface CurrentVoteView {
  id: number;
  presentation_id: number;
  session_id: number;
  dimension: string;
  value: number;
  shown_ms: number;
  cast_at: number;
  study_id: number;
  rater_id: number;
  image_id: number;
  position: number;
  role: PresentationTable['role'];
  key_ms: number | null;
  paused_ms: number | null;
}
/** Tables and views of studies by name. */
export interface StudyTables {
  study: StudyTable;
  stimulus: StimulusTable;
  study_item: StudyItemTable;
  rater: RaterTable;
  session: SessionTable;
  presentation: PresentationTable;
  vote: VoteTable;
  current_vote: CurrentVoteView;
  pair_vote: PairVoteTable;
  current_pair_vote: CurrentPairVoteView;
  session_note: SessionNoteTable;
  invitation: InvitationTable;
  rater_token: RaterTokenTable;
  rater_decision: RaterDecisionTable;
}

export type StudyColumns = Selectable<StudyTable>;
export type StudyItemRow = Selectable<StudyItemTable>;
export type InvitationRow = Selectable<InvitationTable>;
export type RaterTokenRow = Selectable<RaterTokenTable>;
export type SessionColumns = Selectable<SessionTable>;
export type SessionNoteColumns = Omit<Selectable<SessionNoteTable>, 'id'>;
export type PresentationRole = PresentationTable['role'];
