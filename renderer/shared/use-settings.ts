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
      onSuccess: (now) => queryClient.setQueryData(query.queryKey, now),
      onError: (error) => showError('The setting was not changed', error),
    }),
  );
  return [settings, change.mutate];
}
