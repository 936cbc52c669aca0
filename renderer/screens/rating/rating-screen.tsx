/** The rating screen. */
import { EmptyState } from '../../shared/empty-state.tsx';

export function RatingScreen(_props: { studyId: number }) {
  return <EmptyState title="Rating" text="" />;
}
