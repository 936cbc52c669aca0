/** The tables screen. */
import { EmptyState } from '../../shared/empty-state.tsx';

export function TablesScreen() {
  return <EmptyState title="Tables" text="" />;
}
