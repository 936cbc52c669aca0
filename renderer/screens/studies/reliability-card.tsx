/** How far the raters agree: measured with every vote in a small study, when asked for in a large one, where it takes seconds. */
import { Button, Text } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import type { EstimateOrReason } from '../../../contract/common.ts';
import type { Study } from '../../../contract/studies.ts';
import type { Reliability } from '../../../contract/study-statistics.ts';
import { client, orpc } from '../../api/client.ts';
import { Estimate } from '../../shared/estimate.tsx';
import facts from '../../shared/facts.module.css';
import { Card } from '../../shared/page.tsx';
import { errorMessage } from '../../shared/show-error.ts';

interface ReliabilityCardProps {
  study: Study;
  dimension: string;
  sos: EstimateOrReason;
}

const manyVotes = 20_000;

export function ReliabilityCard({ study, dimension, sos }: ReliabilityCardProps) {
  const input = { studyId: study.id, dimension, withReliability: true, withImages: false };
  const isMany = study.votes > manyVotes;
  const live = useQuery({
    ...orpc.studies.statistics.queryOptions({ input }),
    placeholderData: keepPreviousData,
    enabled: !isMany,
  });
  const asked = useMutation({ mutationFn: async () => await client.studies.statistics(input) });
  const reliability = (isMany ? asked.data : live.data)?.reliability;
  const error = isMany ? asked.error : live.error;
  return (
    <Card
      title="Reliability"
      note="How far the raters agree; each with its 95 % interval."
      actions={
        isMany ? (
          <Button
            variant="default"
            size="compact-sm"
            loading={asked.isPending}
            onClick={() => asked.mutate()}
          >
            {asked.data === undefined ? 'Measure' : 'Measure again'}
          </Button>
        ) : null
      }
    >
      {error === null ? null : (
        <Text size="sm" c="red" role="alert">
          {errorMessage(error)}
        </Text>
      )}
      <dl className={facts['facts']} data-testid="reliability">
        {listRows(reliability, sos).map(([label, estimate]) => (
          <Row key={label} label={label} estimate={estimate} />
        ))}
      </dl>
    </Card>
  );
}

function listRows(reliability: Reliability | undefined, sos: EstimateOrReason): [string, EstimateOrReason][] {
  const agreement: [string, EstimateOrReason][] =
    reliability === undefined
      ? []
      : [
          ['Krippendorff’s α, ordinal', reliability.alphaOrdinal],
          ['Krippendorff’s α, interval', reliability.alphaInterval],
          ...Object.entries(reliability.icc),
          ['Kendall’s W', reliability.concordance],
          ['Mean κ of pairs, linear weights', reliability.kappaLinear],
          ['Mean κ of pairs, quadratic weights', reliability.kappaQuadratic],
          ['Split-half: the human ceiling', reliability.splitHalf],
        ];
  return [...agreement, ...listRetest(reliability?.retest), ['SOS parameter a', sos]];
}

/** How far raters agree with themselves. */
function listRetest(retest: Reliability['retest'] | undefined): [string, EstimateOrReason][] {
  if (retest === undefined) return [];
  if ('reason' in retest) return [['Repeats', retest]];
  const { n, limits } = retest;
  const plain = (value: number, method: string): EstimateOrReason => ({
    ...{ value, n, method },
    ...{ low: null, high: null },
  });
  return [
    ['Repeats: PLCC', retest.plcc],
    ['Repeats: SRCC', retest.srcc],
    ['Repeats: κ, quadratic weights', retest.kappa],
    [
      'Repeats: SD within a rater',
      plain(retest.withinRaterSd, '√(mean squared difference / 2), Dahlberg 1940'),
    ],
    ['Repeats: the same vote again', plain(retest.exactAgreement, 'share of second votes')],
    ['Repeats: within one step', plain(retest.withinOne, 'share of second votes at most 1 away')],
    [
      'Repeats: second minus first',
      {
        ...{ value: retest.meanDifference, n, low: limits?.low ?? null, high: limits?.high ?? null },
        method: 'mean, with the limits of agreement of Bland and Altman 1986',
      },
    ],
  ];
}

function Row({ label, estimate }: { label: string; estimate: EstimateOrReason }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <Estimate estimate={estimate} />
      </dd>
    </>
  );
}
