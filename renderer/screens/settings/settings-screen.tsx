/** The settings screen. */
import { EmptyState } from '../../shared/empty-state.tsx';

export function SettingsScreen() {
  return <EmptyState title="Settings" text="" />;
}
