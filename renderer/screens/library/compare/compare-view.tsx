/** Two to four images in the whole window: side by side, one wiped over another, or their difference; and what is known of them. */

import { Modal } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImageCard } from '../../../../contract/images.ts';
import { orpc } from '../../../api/client.ts';
import { useCurating } from '../curate/use-curating.tsx';
import { useKept } from '../list-view.ts';
import { useDecodeAhead } from '../viewer/decoded-image.ts';
import { CompareBar } from './compare-bar.tsx';
import { CompareTable } from './compare-table.tsx';
import classes from './compare-view.module.css';
import { type Comparison, nextCandidate, pairOf, startComparison } from './comparison.ts';
import { DifferencePane } from './difference-pane.tsx';
import { SidePanes } from './side-panes.tsx';
import { useCompareKeys } from './use-compare-keys.ts';
import { WipePane } from './wipe-pane.tsx';

interface CompareViewProps {
  /** Two or more; the first four are compared. */
  imageIds: readonly number[];
  /** The list from which others take the active one's place. */
  listIds: readonly number[];
  onClose: (activeId: number) => void;
}

export function CompareView({ imageIds, listIds, onClose }: CompareViewProps) {
  const [state, setState] = useState(() => startComparison(imageIds));
  const [showsTable, setShowsTable] = useKept('compare-table');
  const [hidesEqual, setHidesEqual] = useKept('compare-hides-equal');
  const details = useQueries({
    queries: state.ids.map((id) => orpc.images.detail.queryOptions({ input: { id } })),
  }).map(({ data }) => data);
  const activeId = state.ids[state.active]!;
  const candidates = ([1, -1] as const).map((by) => nextCandidate(state, listIds, by));
  useDecodeAhead(candidates.filter((id) => id !== null));
  useCompareKeys(state, {
    change: setState,
    candidates,
    toggleTable: () => setShowsTable(!showsTable),
    toggleEqual: () => setHidesEqual(!hidesEqual),
  });
  const curating = useCurating([activeId], { isFree: true, isInDialog: true });
  const close = () => onClose(activeId);
  const panes = { state, details, onChange: setState };
  return (
    <Modal.Root opened onClose={close} fullScreen padding={0}>
      <Modal.Content aria-label="Compare" data-testid="compare">
        <Modal.Body
          className={classes['compare']}
          tabIndex={-1}
          data-autofocus
          data-table={showsTable || undefined}
        >
          <CompareBar
            state={state}
            selected={imageIds.length}
            showsTable={showsTable}
            onChange={setState}
            onTable={setShowsTable}
            onClose={close}
          />
          <Panes {...panes} />
          {curating}
          {showsTable && (
            <CompareTable
              details={details}
              state={state}
              hidesEqual={hidesEqual}
              onHidesEqual={setHidesEqual}
            />
          )}
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Panes(props: Parameters<typeof SidePanes>[0]) {
  const { state, details, onChange } = props;
  if (state.mode === 'side') return <SidePanes {...props} />;
  const pair = pairOf(state);
  const two = {
    state,
    onChange,
    pair: pair.map((at) => ({ at, id: state.ids[at]!, detail: details[at] })),
  };
  return state.mode === 'wipe' ? <WipePane {...two} /> : <DifferencePane {...two} />;
}

/** The pane's props where two pictures lie on each other: the reference first. */
export interface PairProps {
  state: Comparison;
  onChange: (state: Comparison) => void;
  pair: { at: number; id: number; detail: Pick<ImageCard, 'name' | 'hasFile' | 'fileState'> | undefined }[];
}
