/** The packs of this library, and which of them is shown. */
import { useQuery } from '@tanstack/react-query';
import type { PackInfo } from '../../contract/pack.ts';
import { orpc } from '../api/client.ts';

const none: PackInfo[] = [];

/** All packs; empty until the first answer. */
export function usePacks(): PackInfo[] {
  return useQuery(orpc.packs.list.queryOptions()).data ?? none;
}

/** Without those that were never trained: nothing is made of their numbers. */
export function trainedOnly(packs: readonly PackInfo[]): PackInfo[] {
  return packs.filter(({ isUntrained }) => !isUntrained);
}

/** The pack whose scores are shown. Undefined for an untrained one: its numbers are not scores. */
export function useShownPack(): PackInfo | undefined {
  const packs = usePacks();
  const packId = useQuery(orpc.settings.get.queryOptions()).data?.packId;
  return packs.find(({ id, isUntrained }) => id === packId && !isUntrained);
}
