/** The library screen. */
import { EmptyState } from '../../shared/empty-state.tsx';

export function LibraryScreen() {
  return <EmptyState title="Library" text="" />;
}
