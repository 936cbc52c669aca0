/** The numbers of the shown pack: the scores of its active heads, and Q and S where it measures them; each with what gave it. */
import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ImageDetail } from '../../../../contract/images.ts';
import type { PackInfo } from '../../../../contract/pack.ts';
import { orpc } from '../../../api/client.ts';
import { formatScore } from '../../../shared/format.ts';
import { Notice } from '../../../shared/notice.tsx';
import { inStandardOrder } from '../../../shared/pack-words.ts';
import { useShownPack } from '../../../shared/packs.ts';
import { useUncertainty } from '../../../shared/uncertainty.tsx';
import { isFused } from '../score-names.ts';
import { type Branch, describeShown, type ShownScores } from '../shown-scores.ts';
import classes from './image-viewer.module.css';
import { Section } from './section.tsx';

export function ScoreSection({ detail }: { detail: ImageDetail }) {
  const heads = useQuery(orpc.heads.list.queryOptions()).data ?? [];
  const pack = useShownPack();
  const uncertainty = useUncertainty(detail.id, Object.keys(detail.scores));
  if (pack === undefined) {
    return (
      <Section title="Model scores">
        <Text size="sm" c="dimmed">
          None: the chosen pack is untrained, and its numbers are not scores.
        </Text>
      </Section>
    );
  }
  const shown = describeShown(pack, heads);
  const scores = inStandardOrder(Object.keys(detail.scores)).map(
    (target) => [target, detail.scores[target]!] as const,
  );
  const { q, s } = detail.branches;
  const hasNone = scores.length === 0 && (shown.branches.length === 0 || (q === null && s === null));
  return (
    <Section title={`Model scores · ${pack.title}`}>
      {hasNone ? (
        <Text size="sm" c="dimmed">
          {detail.hasFile ? `Not scored by ${pack.title} yet.` : 'None: there is no file to look at.'}
        </Text>
      ) : (
        <div className={classes['scores']}>
          {scores.map(([target, value]) => (
            <HeadScore
              key={target}
              target={target}
              value={value}
              pack={pack}
              shown={shown}
              uncertainty={uncertainty.get(target) ?? []}
            />
          ))}
          {shown.branches.map((name) => (
            <BranchValue key={name} name={name} detail={detail} pack={pack} />
          ))}
        </div>
      )}
      <Notes detail={detail} pack={pack} shown={shown} hasNone={hasNone} />
    </Section>
  );
}

interface HeadScoreProps {
  target: string;
  value: number;
  pack: PackInfo;
  shown: ShownScores;
  uncertainty: string[];
}

function HeadScore({ target, value, pack, shown, uncertainty }: HeadScoreProps) {
  const range = pack.heads.find((one) => one.target === target)?.range;
  return (
    <Figure
      testId={`score-${target}`}
      label={isFused(target, shown) ? 'P overall' : target}
      value={value}
      unit={range === undefined ? '' : `of ${formatBound(range[0])}–${formatBound(range[1])}`}
      source={shown.heads[target] ?? ''}
      uncertainty={uncertainty}
    />
  );
}

/** An end of a range, without decimals that say nothing. */
function formatBound(value: number): string {
  return formatScore(value, Number.isInteger(value) ? 0 : 2);
}

function BranchValue({ name, detail, pack }: { name: Branch; detail: ImageDetail; pack: PackInfo }) {
  const members = pack.network?.members.length ?? 1;
  return (
    <Figure
      testId={`branch-${name}`}
      label={name === 'q' ? 'Q quality branch' : 'S with the prompt'}
      value={detail.branches[name]}
      unit=""
      source={members > 1 ? `mean of ${members} sets` : ''}
      uncertainty={[]}
    />
  );
}

interface FigureProps {
  testId: string;
  label: string;
  value: number | null;
  unit: string;
  /** What gave it. */
  source: string;
  /** How sure that is, in short lines. */
  uncertainty: string[];
}

function Figure({ testId, label, value, unit, source, uncertainty }: FigureProps) {
  return (
    <div data-testid={testId}>
      <Text size="xs">{label}</Text>
      <span className={classes['score']}>{formatScore(value)}</span>
      {unit !== '' && (
        <Text size="xs" c="dimmed" component="span">
          {' '}
          {unit}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {source}
      </Text>
      {uncertainty.map((line) => (
        <Text key={line} size="xs" c="dimmed" className="numbers">
          {line}
        </Text>
      ))}
    </div>
  );
}

interface NotesProps {
  detail: ImageDetail;
  pack: PackInfo;
  shown: ShownScores;
  hasNone: boolean;
}

/** Why Q or S is not there, what is rough, and what is wrong with the precision. */
function Notes({ detail, pack, shown, hasNone }: NotesProps): ReactNode {
  const isRoughAlignment = 'alignment' in detail.scores && pack.absent.some(({ name }) => name === 's');
  const missing = hasNone
    ? []
    : detail.missingSignals.filter(
        ({ packId, name }) =>
          packId === pack.id && shown.branches.some((branch) => branch === name) && pack.network !== null,
      );
  return (
    <>
      {missing.map(({ name, reason }) => (
        <Text key={name} size="xs" c="dimmed" mt={6} data-testid={`no-${name}`}>
          {name.toUpperCase()} is absent: {reason}
        </Text>
      ))}
      {isRoughAlignment && (
        <Text size="xs" c="dimmed" mt={6}>
          Alignment is a rough estimate: {pack.title} never compares text with picture.
        </Text>
      )}
      {shown.warning !== null && (
        <div className={classes['warned']}>
          <Notice tone="warning" title="This precision is not good enough here">
            {shown.warning}
          </Notice>
        </div>
      )}
    </>
  );
}
