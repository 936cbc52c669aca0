/** Which execution providers scoring tries: automatic, or what a person chose in this browser. */
import { useLocalStorage } from '@mantine/hooks';
import { Provider } from '../../contract/pack.ts';

const key = 'score-provider';

/** Null: automatic. */
export function useChosenProvider(): [Provider | null, (provider: Provider | null) => void] {
  const [provider, setProvider] = useLocalStorage<Provider | null>({
    key,
    defaultValue: null,
    getInitialValueInEffect: false,
    deserialize: readProvider,
  });
  return [provider, setProvider];
}

/** What an order to score says of it: absent where it is automatic; the CPU is always the way out. */
export function chosenProviders(): Provider[] | undefined {
  return providersOf(readProvider(localStorage.getItem(key) ?? undefined));
}

export function providersOf(provider: Provider | null): Provider[] | undefined {
  return provider === null ? undefined : [...new Set([provider, 'cpu' as const])];
}

function readProvider(text: string | undefined): Provider | null {
  try {
    const parsed = Provider.safeParse(JSON.parse(text ?? 'null'));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
