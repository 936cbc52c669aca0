/** In which order images come, and how long raters sit. */
import { Checkbox, Fieldset, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core';
import type { StudyPlan } from '../../../contract/study-plan.ts';
import { PlanNumber } from './plan-number.tsx';

interface PlanFieldsProps {
  plan: StudyPlan;
  onChange: (plan: StudyPlan) => void;
}

export function OrderFields({ plan, onChange }: PlanFieldsProps) {
  const { order, passes, method, pairs } = plan;
  const change = (part: Partial<StudyPlan['order']>) => onChange({ ...plan, order: { ...order, ...part } });
  return (
    <Fieldset legend="Order, drawn anew for every rater">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <PlanNumber
            label="Images between two of one prompt"
            description="at least"
            value={order.spacing}
            min={0}
            max={50}
            onChange={(spacing) => change({ spacing: spacing ?? 0 })}
          />
          <PlanNumber
            label={method === 'pairs' ? 'Pairs shown again' : 'Images shown again'}
            description="shows how steady a rater is"
            value={order.repeatedImages}
            min={0}
            max={1000}
            onChange={(repeatedImages) => change({ repeatedImages: repeatedImages ?? 0 })}
          />
          <PlanNumber
            label="How often in all"
            description="those that are shown again"
            value={order.showings}
            min={2}
            max={4}
            onChange={(showings) => change({ showings: showings ?? 2 })}
          />
        </SimpleGrid>
        {method === 'pairs' ? (
          <PairFields pairs={pairs} onChange={(changed) => onChange({ ...plan, pairs: changed })} />
        ) : (
          <Checkbox
            label="Every stretch of the order has as many images of each generator as the whole"
            checked={order.balancesGenerators}
            onChange={(event) => change({ balancesGenerators: event.currentTarget.checked })}
          />
        )}
        <Stack gap={4}>
          <Text size="sm">Where several questions are asked</Text>
          <Text size="xs" c="dimmed">
            With separate passes nobody has seen a prompt when the image itself is judged.
          </Text>
          <SegmentedControl
            aria-label="Where several questions are asked"
            value={passes}
            onChange={(chosen) => onChange({ ...plan, passes: chosen })}
            data={[
              { value: 'together' as const, label: 'All about an image, then the next image' },
              { value: 'separate' as const, label: 'One over all images, then the next question' },
            ]}
          />
        </Stack>
      </Stack>
    </Fieldset>
  );
}

interface PairFieldsProps {
  pairs: StudyPlan['pairs'];
  onChange: (pairs: StudyPlan['pairs']) => void;
}

function PairFields({ pairs, onChange }: PairFieldsProps) {
  return (
    <Stack gap={6}>
      <SegmentedControl
        aria-label="Which images are compared"
        value={pairs.within}
        onChange={(within) => onChange({ ...pairs, within })}
        data={[
          { value: 'group' as const, label: 'Images of one prompt' },
          { value: 'all' as const, label: 'All images' },
        ]}
      />
      <Checkbox
        label="A rater may say that neither is better"
        checked={pairs.allowsTies}
        onChange={(event) => onChange({ ...pairs, allowsTies: event.currentTarget.checked })}
      />
      <Checkbox
        label="A rater may skip a pair"
        checked={pairs.allowsSkips}
        onChange={(event) => onChange({ ...pairs, allowsSkips: event.currentTarget.checked })}
      />
    </Stack>
  );
}

export function SittingFields({ plan, onChange }: PlanFieldsProps) {
  const { sittings, method } = plan;
  const change = (part: Partial<StudyPlan['sittings']>) =>
    onChange({ ...plan, sittings: { ...sittings, ...part } });
  const what = method === 'pairs' ? 'pairs' : 'images';
  return (
    <Fieldset legend="Sittings">
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <PlanNumber
          label="A sitting ends after"
          description="with breaks and pauses; BT.500: at most 30"
          suffix="min"
          value={sittings.capMinutes}
          min={5}
          max={240}
          onChange={(capMinutes) => change({ capMinutes: capMinutes ?? 30 })}
        />
        <PlanNumber
          label="A break every"
          description="minutes of rating, pauses not counted"
          none="never"
          suffix="min"
          value={sittings.breakEveryMinutes}
          min={2}
          max={120}
          onChange={(breakEveryMinutes) => change({ breakEveryMinutes })}
        />
        <PlanNumber
          label="Rest before the next sitting"
          description="at least"
          suffix="min"
          value={sittings.restMinutes}
          min={0}
          max={1440}
          onChange={(restMinutes) => change({ restMinutes: restMinutes ?? 0 })}
        />
        <PlanNumber
          label={`${what === 'pairs' ? 'Pairs' : 'Images'} a sitting`}
          description={`of the ${what} that count`}
          none="all"
          value={sittings.itemsPerSitting}
          min={1}
          max={100_000}
          onChange={(itemsPerSitting) => change({ itemsPerSitting })}
        />
        <PlanNumber
          label={`Votes wanted ${method === 'pairs' ? 'a pair' : 'an image'}`}
          description="those with the fewest come first"
          none="no limit"
          value={sittings.targetVotes}
          min={1}
          max={10_000}
          onChange={(targetVotes) => change({ targetVotes })}
        />
      </SimpleGrid>
    </Fieldset>
  );
}
