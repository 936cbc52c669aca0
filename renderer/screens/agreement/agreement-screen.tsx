/** The agreement screen: how far a score or signal agrees with raters, in figures, as a scatter, and where it fails. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import type { PredictionChoice } from '../../../contract/agreement.ts';
import type { MosSet } from '../../../contract/mos.ts';
import { orpc } from '../../api/client.ts';
import { EmptyState } from '../../shared/empty-state.tsx';
import { Page } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { chooseComparison, withOtherMos } from './choose-comparison.ts';
import { ComparisonPicker } from './comparison-picker.tsx';
import { ComparisonView } from './comparison-view.tsx';
import { ReportMenu } from './report-menu.tsx';

export function AgreementScreen() {
  const sets = useQuery(orpc.mos.sets.queryOptions());
  const choices = useQuery(orpc.agreement.choices.queryOptions());
  return (
    <QueryGate query={sets}>
      {(allSets) => <QueryGate query={choices}>{(all) => <Chosen sets={allSets} choices={all} />}</QueryGate>}
    </QueryGate>
  );
}

function Chosen({ sets, choices }: { sets: MosSet[]; choices: PredictionChoice[] }) {
  const [search, setSearch] = useSearchParams();
  const comparison = chooseComparison(sets, choices, {
    mos: search.get('mos'),
    dimension: search.get('dimension'),
    prediction: search.get('prediction'),
    isLowerBetter: search.get('lower') === '1',
  });
  if (comparison === null) return <NothingToCompare hasMos={sets.some(({ images }) => images > 0)} />;
  function change(part: Record<string, string>): void {
    setSearch((known) => ({ ...Object.fromEntries(known), ...part }), { replace: true });
  }
  return (
    <Page
      title="Agreement"
      note="Model against people, on the images that have both."
      actions={
        <>
          <ComparisonPicker comparison={comparison} sets={sets} choices={choices} onChange={change} />
          <ReportMenu comparison={comparison} />
        </>
      }
    >
      <ComparisonView
        comparison={comparison}
        choices={withOtherMos(choices, sets, comparison)}
        view={search.get('view')}
        other={search.get('with')}
        onChange={change}
      />
    </Page>
  );
}

function NothingToCompare({ hasMos }: { hasMos: boolean }) {
  return (
    <EmptyState
      title="Nothing to compare yet"
      text={
        hasMos
          ? 'There is a MOS table but no scores. Score the images it names, then come back.'
          : 'Agreement needs images with a MOS: rate some in a study, or import a MOS table.'
      }
    >
      {hasMos ? (
        <Button component={Link} href="/">
          To the library
        </Button>
      ) : (
        <Button.Group>
          <Button component={Link} href="/studies">
            To the studies
          </Button>
          <Button component={Link} href="/tables" variant="default">
            Import a MOS table
          </Button>
        </Button.Group>
      )}
    </EmptyState>
  );
}
