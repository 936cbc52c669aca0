/** The studies screen. */
import { EmptyState } from '../../shared/empty-state.tsx';

export function StudiesScreen(_props: { studyId?: number }) {
  return <EmptyState title="Studies" text="" />;
}
