/** Chooses what scores: the pack, and for packs of networks what it runs on. */
import { Select, type SelectProps } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type PackInfo, Provider, providers } from '../../contract/pack.ts';
import { orpc } from '../api/client.ts';
import { nameWithState, providerNames } from './pack-words.ts';
import { usePacks } from './packs.ts';
import { useChosenProvider } from './providers.ts';

interface PackSelectProps extends Omit<SelectProps, 'data' | 'value' | 'onChange'> {
  value: string | undefined;
  onChange: (packId: string) => void;
}

/** Packs that can score: an untrained one gives no scores, a broken one nothing at all. */
export function PackSelect({ value, onChange, ...props }: PackSelectProps) {
  const packs = usePacks().filter(({ isUntrained, id }) => !isUntrained || id === value);
  return (
    <Select
      allowDeselect={false}
      {...props}
      data={packs.map((pack) => ({
        value: pack.id,
        label: pack.problem === null ? nameWithState(pack) : `${pack.title} (cannot be used now)`,
        disabled: pack.problem !== null || pack.isUntrained,
      }))}
      value={value ?? null}
      onChange={(packId) => packId !== null && onChange(packId)}
    />
  );
}

const automatic = 'automatic';

/** Shown for packs of networks only: the others run on the CPU whatever is chosen. Kept in this browser. */
export function ProviderSelect({ pack, ...props }: { pack: PackInfo | undefined } & SelectProps) {
  const [provider, setProvider] = useChosenProvider();
  const usable = useUsableProviders();
  if (pack?.network === null || pack === undefined) return null;
  return (
    <Select
      allowDeselect={false}
      label="Runs on"
      description="What fails to start is replaced, and the job says why."
      {...props}
      data={[
        { value: automatic, label: 'Automatic: a GPU where one is usable' },
        ...providers.map((name) => ({
          value: name,
          label: `${providerNames[name]}${usable.get(name) === false ? ' · not usable here' : ''}`,
        })),
      ]}
      value={provider ?? automatic}
      onChange={(value) => {
        const chosen = Provider.safeParse(value);
        setProvider(chosen.success ? chosen.data : null);
      }}
    />
  );
}

/** From the doctor's report: whether each provider runs here; absent where it does not say. */
function useUsableProviders(): Map<string, boolean> {
  const report = useQuery(orpc.doctor.report.queryOptions()).data;
  const lines = report?.sections.flatMap(({ lines }) => lines) ?? [];
  return new Map(
    lines.flatMap(({ name, state }) =>
      Provider.safeParse(name).success ? [[name, state === 'ok'] as const] : [],
    ),
  );
}
