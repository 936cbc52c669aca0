/** The settings of this library, and the way to change them. */
import { useMutation, useQuery } from '@tanstack/react-query';
import type { Settings, SettingsChange } from '../../contract/settings.ts';
import { orpc, queryClient } from '../api/client.ts';
import { showError } from './show-error.ts';

/** The settings are undefined until the first answer; a change is shown once it is stored. */
export function useSettings(): [Settings | undefined, (change: SettingsChange) => void] {
  const query = orpc.settings.get.queryOptions();
  const settings = useQuery(query).data;
  const change = useMutation(
    orpc.settings.change.mutationOptions({
      onSuccess: (now) => {
        // Not for a moment may numbers of one pack or MOS set stand under the name of another.
        if (now.packId !== settings?.packId || now.mosSetId !== settings.mosSetId) forgetNumbers();
        queryClient.setQueryData(query.queryKey, now);
      },
      onError: (error) => showError('The setting was not changed', error),
    }),
  );
  return [settings, change.mutate];
}

function forgetNumbers(): void {
  for (const queryKey of [orpc.images.cards.key(), orpc.images.detail.key()]) {
    void queryClient.resetQueries({ queryKey });
  }
  void queryClient.invalidateQueries({ queryKey: orpc.images.query.key() });
  void queryClient.invalidateQueries({ queryKey: orpc.library.info.key() });
}
