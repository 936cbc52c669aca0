/** A study's design in words: method, questions with their scales, order, sittings; and whether votes have frozen it. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Dimension, Study } from '../../../contract/studies.ts';
import type { Method, ViewingPlan } from '../../../contract/study-plan.ts';
import facts from '../../shared/facts.module.css';
import { formatTime } from '../../shared/format.ts';
import { Card } from '../../shared/page.tsx';
import { describeScale } from './describe-scale.ts';
import { draftOfStudy } from './draft.ts';
import { ReviseDialog } from './revise-dialog.tsx';

const methods: Record<Method, string> = {
  absolute: 'one by one (ACR)',
  hiddenReference: 'one by one with hidden references (ACR-HR)',
  pairs: 'pairs',
};

const sizes: Record<ViewingPlan['size'], string> = {
  chosen: 'as raters choose',
  pixels: 'in true pixels',
  fit: 'fitted to the window',
};

export function DesignCard({ study }: { study: Study }) {
  const { dimensions, seed, instructions, plan } = study.design;
  const { order, sittings } = plan;
  const rows: [string, string][] = [
    ['Method', methods[plan.method]],
    ...dimensions.map((dimension): [string, string] => [
      dimension.label,
      describeDimension(dimension, plan.method === 'pairs'),
    ]),
    [
      'Order',
      [
        `random for each rater, seed ${seed}`,
        order.repeatedImages > 0 ? `${order.repeatedImages} shown ${order.showings} times` : '',
        plan.passes === 'separate' ? 'one question over all images at a time' : '',
      ]
        .filter((part) => part !== '')
        .join(' · '),
    ],
    ['Sittings', describeSittings(sittings)],
    ['Viewing', `${sizes[plan.viewing.size]}${plan.viewing.allowsZoom ? '' : ' · no other size'}`],
    ['Instructions', instructions === '' ? 'none' : instructions],
    ...(study.manifestHash === null
      ? []
      : [['Manifest', study.manifestHash.slice(0, 16)] as [string, string]]),
  ];
  return (
    <Card
      title="Design"
      note={
        study.frozenAt === null
          ? 'The first vote freezes it.'
          : `Frozen since ${formatTime(study.frozenAt)}; a change makes the next version.`
      }
      actions={<ReviseButton study={study} />}
    >
      <dl className={facts['facts']}>
        {rows.map(([term, text]) => (
          <Fact key={term} term={term} text={text} />
        ))}
      </dl>
    </Card>
  );
}

/** Only the library in which a study was made changes it. */
function ReviseButton({ study }: { study: Study }) {
  const [isOpen, setIsOpen] = useState(false);
  const draft = draftOfStudy(study);
  if (draft === null || study.origin !== 'own') return null;
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={() => setIsOpen(true)}>
        {study.frozenAt === null ? 'Change…' : 'Next version…'}
      </Button>
      <ReviseDialog study={study} draft={draft} opened={isOpen} onClose={() => setIsOpen(false)} />
    </>
  );
}

function Fact({ term, text }: { term: string; text: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd className="numbers" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {text}
      </dd>
    </>
  );
}

function describeDimension({ question, scale, showsPrompt }: Dimension, isPairs: boolean): string {
  const parts = [
    question,
    isPairs ? '' : describeScale(scale),
    showsPrompt ? 'the prompt is shown' : 'the prompt is hidden',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function describeSittings(sittings: Study['design']['plan']['sittings']): string {
  const { capMinutes, breakEveryMinutes, restMinutes, itemsPerSitting, targetVotes } = sittings;
  return [
    `${capMinutes} min at most`,
    breakEveryMinutes === null ? '' : `a break every ${breakEveryMinutes} min`,
    restMinutes === 0 ? '' : `${restMinutes} min of rest between`,
    itemsPerSitting === null ? '' : `${itemsPerSitting} a sitting`,
    targetVotes === null ? '' : `${targetVotes} votes wanted`,
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
