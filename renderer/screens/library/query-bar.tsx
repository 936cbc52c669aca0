/** The query bar: words with completion, and what is wrong with them. */
import { Autocomplete, Group, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { parseQuery } from '../../../contract/query.ts';
import { orpc } from '../../api/client.ts';
import { Keys } from '../../shared/keys.tsx';
import { useShownPack } from '../../shared/packs.ts';
import { completeQuery } from './complete-query.ts';
import type { ListQuery } from './list-view.ts';
import { SavedQueries } from './saved-queries.tsx';
import { useShownMosSet } from './shown-mos.tsx';
import { tellActiveOption } from './tell-active-option.ts';
import classes from './toolbar.module.css';
import { WrongWords } from './wrong-words.tsx';

interface QueryBarProps {
  query: ListQuery;
  onQuery: (change: Partial<ListQuery>) => void;
  searchRef: RefObject<HTMLInputElement | null>;
}

/** Asks while one types, a moment after the last letter. Esc empties it; Enter leaves it for the grid. */
export function QueryBar({ query, onQuery, searchRef }: QueryBarProps) {
  const asked = query.filter.query ?? '';
  const [text, change] = useTyped(asked, (to) =>
    onQuery({ filter: { ...query.filter, query: to || undefined } }),
  );
  const [isOffering, setOffering] = useState(false);
  const known = useKnownValues(isOffering);
  const caret = searchRef.current?.selectionStart ?? text.length;
  const completions = new Map(completeQuery(text, caret, known).map((one) => [one.query, one]));
  const choosing = isOffering && completions.size > 0;
  // A word that is still chosen from what is offered is not wrong yet.
  const problems = parseQuery(text).problems.filter(
    ({ start, end }) => !choosing || caret <= start || caret > end,
  );
  const isWrong = problems.length > 0;
  useEffect(() => {
    if (searchRef.current !== null) tellActiveOption(searchRef.current);
  });
  return (
    <div className={classes['query']}>
      <Tooltip
        label={problems.map(({ start, message }) => <div key={start}>{message}</div>)}
        opened={isWrong && !choosing}
        position="bottom-start"
        multiline
        maw={480}
      >
        <Autocomplete
          ref={searchRef}
          size="xs"
          className={classes['search']}
          classNames={{ input: classes['text'] }}
          placeholder="Search: fox mos:>4"
          aria-label="Search prompt or name"
          leftSection={<IconSearch size={14} />}
          rightSection={text === '' ? <Keys keys="/" /> : undefined}
          rightSectionPointerEvents="none"
          error={
            isWrong && <VisuallyHidden>{problems.map(({ message }) => message).join(' ')}</VisuallyHidden>
          }
          inputContainer={(input) => (
            <div className={classes['words']}>
              {input}
              <WrongWords text={text} problems={problems} inputRef={searchRef} />
            </div>
          )}
          data={[...completions.keys()]}
          filter={({ options }) => options}
          renderOption={({ option }) => <Offered {...completions.get(option.value)} />}
          maxDropdownHeight={320}
          comboboxProps={{ width: 420, position: 'bottom-start', transitionProps: { duration: 0 } }}
          onDropdownOpen={() => setOffering(true)}
          onDropdownClose={() => setOffering(false)}
          value={text}
          onChange={change}
          onKeyUp={(event) => tellActiveOption(event.currentTarget)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') change('');
            if (event.key === 'Escape' || event.key === 'Enter') focusGridUnlessChoosing(event.currentTarget);
          }}
        />
      </Tooltip>
      <SavedQueries query={query} onQuery={onQuery} />
    </div>
  );
}

/** What is typed, asked for a moment after the last letter where it is understood; what is asked for elsewhere takes its place. */
function useTyped(asked: string, onAsk: (text: string) => void): [string, (to: string) => void] {
  const [text, setText] = useState(asked);
  // What was asked from here and comes back late is no reason to lose what was typed since.
  const own = useRef<string[]>([]);
  useEffect(() => {
    const at = own.current.lastIndexOf(asked);
    own.current = at === -1 ? [] : own.current.slice(at + 1);
    if (at === -1) setText(asked);
  }, [asked]);
  const ask = useDebouncedCallback((to: string) => {
    if (parseQuery(to).problems.length > 0) return;
    if (to !== asked) own.current.push(to);
    onAsk(to);
  }, 180);
  function change(to: string): void {
    setText(to);
    ask(to);
  }
  return [text, change];
}

/** Enter takes an option where one is chosen by the arrows. */
function focusGridUnlessChoosing(input: HTMLElement): void {
  if (tellActiveOption(input)) return;
  document.querySelector<HTMLElement>('[aria-label="Images"]')?.focus();
}

function Offered({ label, hint }: { label?: string; hint?: string }) {
  return (
    <Group justify="space-between" wrap="nowrap" flex={1} gap="md">
      <Text size="xs" fw={600} truncate>
        {label}
      </Text>
      <Text size="xs" c="dimmed" truncate>
        {hint}
      </Text>
    </Group>
  );
}

/** Values of the whole library, asked for once somebody types. */
function useKnownValues(isAsked: boolean) {
  const facets = useQuery({ ...orpc.images.facets.queryOptions({ input: {} }), enabled: isAsked }).data ?? [];
  const pack = useShownPack();
  const dimensions = useShownMosSet()?.dimensions ?? [];
  const targets = [...new Set([...Object.keys(pack?.activeHeads ?? {}), ...dimensions])];
  return { facets, targets };
}
