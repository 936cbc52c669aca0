/** The bar over compared images: how they are shown, zoom and its lock, gain, the table, close. */
import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconLayoutBottombar, IconX } from '@tabler/icons-react';
import { formatCount } from '../../../shared/format.ts';
import { Keys } from '../../../shared/keys.tsx';
import { ZoomButtons } from '../viewer/zoom-buttons.tsx';
import classes from './compare-view.module.css';
import {
  type CompareMode,
  type Comparison,
  changeGain,
  mostCompared,
  pairOf,
  setView,
  toggleLock,
} from './comparison.ts';

interface CompareBarProps {
  state: Comparison;
  /** How many were selected, of which some may be too many. */
  selected: number;
  showsTable: boolean;
  onChange: (state: Comparison) => void;
  onTable: (to: boolean) => void;
  onClose: () => void;
}

const modes: { mode: CompareMode; label: string; keys: string }[] = [
  { mode: 'side', label: 'Side by side', keys: 'E' },
  { mode: 'wipe', label: 'Slider', keys: 'W' },
  { mode: 'difference', label: 'Difference', keys: 'D' },
];

export function CompareBar(props: CompareBarProps) {
  const { state, selected, showsTable, onChange } = props;
  const seen = state.mode === 'side' ? state.active : pairOf(state)[0];
  return (
    <header className={classes['bar']}>
      <h2 className={classes['title']} data-testid="compare-title">
        Compare {state.ids.length}
        {selected > mostCompared && (
          <small> of {formatCount(selected)} selected; PageDown brings the next ones</small>
        )}
      </h2>
      <Button.Group aria-label="Shown">
        {modes.map(({ mode, label, keys }) => (
          <Button
            key={mode}
            size="compact-sm"
            variant={mode === state.mode ? 'filled' : 'default'}
            aria-pressed={mode === state.mode}
            rightSection={<Keys keys={keys} />}
            onClick={() => onChange({ ...state, mode })}
          >
            {label}
          </Button>
        ))}
      </Button.Group>
      {state.mode === 'difference' && <Gain state={state} onChange={onChange} />}
      <ZoomButtons
        view={state.views[seen]!}
        isLocked={state.isLocked}
        lockLabel="Zoom and move all together"
        onView={(view) => onChange(setView(state, seen, view))}
        onLock={() => onChange(toggleLock(state))}
      />
      <Tooltip label="What is known of them (I)">
        <ActionIcon
          aria-label="What is known of them (I)"
          aria-pressed={showsTable}
          onClick={() => props.onTable(!showsTable)}
        >
          <IconLayoutBottombar size={18} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Back (Esc)">
        <ActionIcon aria-label="Back (Esc)" onClick={props.onClose}>
          <IconX size={18} />
        </ActionIcon>
      </Tooltip>
    </header>
  );
}

function Gain({ state, onChange }: Pick<CompareBarProps, 'state' | 'onChange'>) {
  return (
    <Button.Group>
      <Button
        size="compact-sm"
        variant="default"
        aria-label="Half the gain"
        disabled={state.gain <= 1}
        onClick={() => onChange(changeGain(state, 0.5))}
      >
        <Keys keys="[" />
      </Button>
      <Button.GroupSection size="compact-sm" variant="default" className="numbers" data-testid="gain">
        gain × {state.gain}
      </Button.GroupSection>
      <Button
        size="compact-sm"
        variant="default"
        aria-label="Twice the gain"
        disabled={state.gain >= 64}
        onClick={() => onChange(changeGain(state, 2))}
      >
        <Keys keys="]" />
      </Button>
    </Button.Group>
  );
}
