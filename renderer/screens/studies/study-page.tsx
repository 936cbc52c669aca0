/** One study: its frozen design, how far each rater is, and the MOS as it stands now. */
import { Anchor, Stack } from '@mantine/core';
import { Link } from 'wouter';
import type { Dimension, Scale, Study } from '../../../contract/studies.ts';
import { ExportLink } from '../../shared/export-link.tsx';
import { formatCount, formatTime } from '../../shared/format.ts';
import { Card, Page } from '../../shared/page.tsx';
import { MosCard } from './mos-card.tsx';
import { RateForm } from './rate-form.tsx';
import { RaterTable } from './rater-table.tsx';
import classes from './studies.module.css';

export function StudyPage({ study }: { study: Study }) {
  const { id, name, mosSetId } = study;
  return (
    <Page
      title={name}
      note={
        <>
          <Anchor component={Link} href="/studies" size="xs">
            Studies
          </Anchor>
          {` · ${formatCount(study.stimuli)} images · ${formatCount(study.votes)} votes · created ${formatTime(study.createdAt)}`}
        </>
      }
      actions={
        <>
          <ExportLink request={{ kind: 'mos', mosSetId }} label="MOS CSV" />
          <ExportLink request={{ kind: 'votes', studyId: id }} label="Votes CSV" />
        </>
      }
    >
      <div className={classes['columns']}>
        <Stack>
          <RateForm studyId={id} />
          <RaterTable studyId={id} />
          <DesignCard study={study} />
        </Stack>
        <MosCard study={study} />
      </div>
    </Page>
  );
}

function DesignCard({ study }: { study: Study }) {
  const { dimensions, seed, instructions } = study.design;
  return (
    <Card title="Design" note="Frozen since the study was created.">
      <dl className={classes['facts']}>
        {dimensions.map((dimension) => (
          <DimensionFacts key={dimension.key} dimension={dimension} />
        ))}
        <dt>Order</dt>
        <dd className="numbers">random for each rater, seed {seed}</dd>
        <dt>Instructions</dt>
        <dd style={{ whiteSpace: 'pre-wrap' }}>{instructions === '' ? 'none' : instructions}</dd>
      </dl>
    </Card>
  );
}

function DimensionFacts({ dimension }: { dimension: Dimension }) {
  const { label, question, showsPrompt, scale } = dimension;
  const parts = [
    question,
    describeScale(scale),
    showsPrompt ? 'the prompt is shown' : 'the prompt is hidden',
  ];
  return (
    <>
      <dt>{label}</dt>
      <dd>{parts.filter((part) => part !== '').join(' · ')}</dd>
    </>
  );
}

function describeScale(scale: Scale): string {
  if (scale.kind === 'continuous') return `${scale.min} to ${scale.max} in steps of ${scale.step}`;
  return scale.words.map((word, at) => `${at + 1} ${word}`).join(', ');
}
