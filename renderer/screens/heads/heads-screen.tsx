/** The heads screen. */
import { EmptyState } from '../../shared/empty-state.tsx';

export function HeadsScreen() {
  return <EmptyState title="Heads" text="" />;
}
