/** What is known of compared images, field by field: what differs is marked by a sign, differing words are underlined and bold. */
import { Loader, Switch } from '@mantine/core';
import { useId } from 'react';
import type { ImageDetail } from '../../../../contract/images.ts';
import { formatCount, formatScore } from '../../../shared/format.ts';
import { Keys } from '../../../shared/keys.tsx';
import { type ComparedField, listComparedFields } from './compare-fields.ts';
import classes from './compare-table.module.css';
import type { Comparison } from './comparison.ts';
import { markWords } from './mark-words.ts';

interface CompareTableProps {
  details: readonly (ImageDetail | undefined)[];
  state: Comparison;
  hidesEqual: boolean;
  onHidesEqual: (to: boolean) => void;
}

export function CompareTable({ details, state, hidesEqual, onHidesEqual }: CompareTableProps) {
  const known = details.filter((one) => one !== undefined);
  const titleId = useId();
  const fields = known.length === details.length ? listComparedFields(known, state.reference) : null;
  const equal = fields?.filter(({ differs }) => !differs).length ?? 0;
  const shown = fields?.filter(({ differs }) => differs || !hidesEqual) ?? [];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a person without a mouse scrolls it by keys
    <section className={classes['known']} aria-labelledby={titleId} tabIndex={0}>
      <header className={classes['head']}>
        <h3 id={titleId}>What is known</h3>
        <Switch
          size="xs"
          checked={hidesEqual}
          onChange={(event) => onHidesEqual(event.currentTarget.checked)}
          // A field that has the focus keeps the keys to itself.
          onClick={(event) => event.currentTarget.blur()}
          label={
            <span className={classes['switch']}>
              Hide what is equal <Keys keys="H" />
            </span>
          }
        />
        {hidesEqual && equal > 0 && (
          <span data-testid="equal-count">
            {formatCount(equal)} equal {equal === 1 ? 'field' : 'fields'} hidden
          </span>
        )}
      </header>
      {fields === null && <Loader size="xs" aria-label="Reading" />}
      {fields !== null && shown.length === 0 && <p>All that is known of them is equal.</p>}
      {shown.length > 0 && (
        <table className={classes['table']}>
          <thead>
            <tr>
              <th scope="col">Field</th>
              {known.map(({ id }, at) => (
                <th key={id} scope="col" data-active={at === state.active || undefined}>
                  {at + 1}
                  {at === state.reference && ' (reference)'}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((field) => (
              <FieldRow key={field.name} field={field} ids={state.ids} reference={state.reference} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

interface FieldRowProps {
  field: ComparedField;
  ids: readonly number[];
  reference: number;
}

function FieldRow({ field, ids, reference }: FieldRowProps) {
  const { name, values, above, isText, differs } = field;
  const pieces = isText && differs ? markWords(values, reference) : null;
  return (
    <tr>
      <th scope="row">
        <span title={differs ? 'differs' : 'equal'} aria-hidden="true" className={classes['sign']}>
          {differs ? '≠' : '='}
        </span>{' '}
        {name}
      </th>
      {values.map((value, at) => (
        <td key={ids[at]} className={above === null ? undefined : 'numbers'}>
          {value === null && '–'}
          {value !== null && pieces === null && value}
          {value !== null &&
            // biome-ignore lint/suspicious/noArrayIndexKey: the runs of one text, which change as a whole
            pieces?.[at]?.map(({ text, isOwn }, k) => (isOwn ? <mark key={k}>{text}</mark> : text))}
          {at !== reference && <Above by={above?.[at] ?? null} />}
        </td>
      ))}
    </tr>
  );
}

/** How much more than the reference's: `+0.31`. */
function Above({ by }: { by: number | null }) {
  if (by === null || by === 0) return null;
  return (
    <small>
      {' '}
      {by > 0 ? '+' : ''}
      {formatScore(by)}
    </small>
  );
}
