/** The panel beside the grid: what the matching images have, with counts and histograms; a click writes the words into the query bar. */
import { ActionIcon, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { orpc } from '../../../api/client.ts';
import type { ListQuery } from '../list-view.ts';
import { rangeIn, setRange } from './change-query.ts';
import { FacetRange } from './facet-range.tsx';
import { FacetValues } from './facet-values.tsx';
import classes from './facets.module.css';

/** The panel where it is shown, which is kept in this browser. */
export function useFacetPanel(query: ListQuery, onQuery: (change: Partial<ListQuery>) => void) {
  const [isShown, setShown] = useLocalStorage({
    key: 'library-facets',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const toggle = () => setShown(!isShown);
  return {
    isShown,
    toggle,
    panel: isShown ? <FacetPanel query={query} onQuery={onQuery} onClose={toggle} /> : null,
  };
}

/** What each word is called above its values. */
const titles: Record<string, string> = {
  ...{
    generator: 'Generator',
    model: 'Model',
    sampler: 'Sampler',
    lora: 'LoRA',
    tool: 'Program',
    size: 'Size',
  },
  ...{ folder: 'Folder', flag: 'Flag', label: 'Label', tag: 'Tag', collection: 'Collection', study: 'Study' },
  is: 'State',
};
const order = Object.keys(titles);

interface FacetPanelProps {
  query: ListQuery;
  onQuery: (change: Partial<ListQuery>) => void;
  onClose: () => void;
}

function FacetPanel({ query, onQuery, onClose }: FacetPanelProps) {
  const input = { filter: query.filter };
  const asked = query.filter.query ?? '';
  const facets = useQuery({
    ...orpc.images.facets.queryOptions({ input }),
    placeholderData: keepPreviousData,
  });
  const ranges = useQuery({
    ...orpc.images.ranges.queryOptions({ input }),
    placeholderData: keepPreviousData,
  });
  const ask = (text: string) => onQuery({ filter: { ...query.filter, query: text || undefined } });
  const byOrder = (facets.data ?? []).toSorted((a, b) => order.indexOf(a.word) - order.indexOf(b.word));
  return (
    <aside
      className={classes['panel']}
      aria-label="Narrow by"
      aria-busy={facets.isFetching || ranges.isFetching}
    >
      <div className={classes['head']}>
        <Text component="h2" size="sm" fw={600}>
          Narrow by
        </Text>
        <ActionIcon size="sm" aria-label="Hide the panel" onClick={onClose}>
          <IconX size={14} />
        </ActionIcon>
      </div>
      {facets.isPending && (
        <Text size="xs" c="dimmed" px={12}>
          Counting what the images have …
        </Text>
      )}
      {facets.data?.length === 0 && (
        <Text size="xs" c="dimmed" px={12}>
          No image matches: there is nothing to narrow by.
        </Text>
      )}
      {ranges.data?.map((range) => (
        <FacetRange
          key={`${range.word} ${range.target}`}
          range={range}
          asked={rangeIn(asked, range)}
          onAsk={(bounds) => ask(setRange(asked, range, bounds))}
        />
      ))}
      {byOrder.map(({ word, values }) => (
        <FacetValues
          key={word}
          word={word}
          title={titles[word] ?? word}
          values={values}
          asked={asked}
          onAsk={ask}
        />
      ))}
    </aside>
  );
}
