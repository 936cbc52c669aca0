/** The agreement screen. */
import { EmptyState } from '../../shared/empty-state.tsx';

export function AgreementScreen() {
  return <EmptyState title="Agreement" text="" />;
}
