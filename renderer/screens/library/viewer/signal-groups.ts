/** The signals of an image by pack: plain ones one by one, those of a pack's trained sets as a small table. */
import type { ImageDetail } from '../../../../contract/images.ts';
import type { PackInfo, PackSignal } from '../../../../contract/pack.ts';

export interface SignalGroup {
  packId: string;
  title: string;
  signals: { name: string; value: number; about: PackSignal | undefined }[];
  /** Q and S of each trained set. Empty where the pack has one. */
  members: { name: string; q: number | undefined; s: number | undefined }[];
  missing: { name: string; label: string; reason: string }[];
}

/** The shown pack first; packs that are untrained are left out: their numbers are not scores. */
export function groupSignals(
  { signals, missingSignals }: Pick<ImageDetail, 'signals' | 'missingSignals'>,
  packs: readonly PackInfo[],
  shownId: string | undefined,
): SignalGroup[] {
  const seen = new Set([...signals, ...missingSignals].map(({ packId }) => packId));
  return packs
    .filter(({ id, isUntrained }) => seen.has(id) && !isUntrained)
    .toSorted((a, b) => Number(b.id === shownId) - Number(a.id === shownId))
    .map((pack) => groupOf(pack, signals, missingSignals))
    .filter((group) => group.signals.length > 0 || group.members.length > 0 || group.packId === shownId);
}

function groupOf(
  pack: PackInfo,
  signals: ImageDetail['signals'],
  missingSignals: ImageDetail['missingSignals'],
): SignalGroup {
  const values = new Map(
    signals.filter(({ packId }) => packId === pack.id).map(({ name, value }) => [name, value]),
  );
  const names = (pack.network?.members ?? []).filter(
    (member) => values.has(`q_${member}`) || values.has(`s_${member}`),
  );
  const inTable = new Set(names.flatMap((member) => [`q_${member}`, `s_${member}`]));
  const about = (name: string) => pack.signals.find((signal) => signal.name === name);
  return {
    packId: pack.id,
    title: pack.title,
    signals: [...values]
      .filter(([name]) => !inTable.has(name))
      .map(([name, value]) => ({ name, value, about: about(name) })),
    members: names.map((name) => ({ name, q: values.get(`q_${name}`), s: values.get(`s_${name}`) })),
    missing: missingSignals
      // What no set can give is said once, for their mean.
      .filter(({ packId, name }) => packId === pack.id && !/^[qs]_/.test(name))
      .map(({ name, reason }) => ({ name, label: about(name)?.label ?? name.toUpperCase(), reason })),
  };
}
