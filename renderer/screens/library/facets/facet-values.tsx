/** The values of one word, each a button that takes it into the query or out of it. */
import { UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Facet } from '../../../../contract/images.ts';
import { formatCount } from '../../../shared/format.ts';
import { TextButton } from '../text-button.tsx';
import { asksFor, toggleValue } from './change-query.ts';
import classes from './facets.module.css';

/** So many values are shown until all are asked for. */
const firstShown = 8;

interface FacetValuesProps {
  word: string;
  title: string;
  values: Facet['values'];
  /** The query as it stands. */
  asked: string;
  onAsk: (query: string) => void;
}

export function FacetValues({ word, title, values, asked, onAsk }: FacetValuesProps) {
  const [showsAll, setShowsAll] = useState(false);
  const titleId = useId();
  const others = values.map(({ value }) => value);
  const isAsked = ({ value }: { value: string }) => asksFor(asked, word, value);
  const shown = showsAll ? values : values.filter((one, at) => at < firstShown || isAsked(one));
  const most = Math.max(...values.map(({ images }) => images));
  return (
    <section className={classes['facet']} aria-labelledby={titleId}>
      <h3 className={classes['title']} id={titleId}>
        {title}
      </h3>
      <ul className={classes['values']}>
        {shown.map((one) => (
          <li key={one.value}>
            <UnstyledButton
              className={classes['value']}
              aria-pressed={isAsked(one)}
              title={one.value}
              onClick={() => onAsk(toggleValue(asked, word, one.value, others))}
            >
              <span className={classes['check']}>{isAsked(one) && <IconCheck size={12} stroke={3} />}</span>
              <span className={classes['name']}>{showName(word, one.value)}</span>
              <span className={classes['count']}>{formatCount(one.images)}</span>
              <span className={classes['share']} style={{ width: `${(100 * one.images) / most}%` }} />
            </UnstyledButton>
          </li>
        ))}
      </ul>
      {values.length > firstShown && (
        <div className={classes['more']}>
          <TextButton onClick={() => setShowsAll(!showsAll)}>
            {showsAll ? 'Show fewer' : `Show all ${values.length}`}
          </TextButton>
        </div>
      )}
    </section>
  );
}

const states: Record<string, string> = {
  ...{ rated: 'rated', unrated: 'not rated', scored: 'scored', unscored: 'not scored' },
  ...{
    file: 'with a file',
    nofile: 'without a file',
    prompted: 'with a prompt',
    unprompted: 'without a prompt',
  },
};

/** The end of a long path says more than its beginning. */
function showName(word: string, value: string): string {
  if (word === 'is') return states[value] ?? value;
  if (word === 'size') return value.replace('x', ' × ');
  const parts = value.split(/[\\/]/);
  return word === 'folder' && parts.length > 3 ? `…/${parts.slice(-2).join('/')}` : value;
}
