/** How an image was made, as its file says, and the file's own texts to read and copy. */
import { Text } from '@mantine/core';
import type { ImageDetail } from '../../../../contract/images.ts';
import { CopyValue } from '../../../shared/copy-value.tsx';
import { Fact } from './fact.tsx';
import classes from './image-viewer.module.css';
import { RawMetadataView } from './raw-metadata-view.tsx';
import { Section } from './section.tsx';

export function GenerationSection({ detail }: { detail: ImageDetail }) {
  const { id, generation, hasRawMetadata } = detail;
  if (generation === null) return null;
  const { tool, model, seed, steps, cfg, sampler, negativePrompt, width, height, loras, problem } =
    generation;
  const facts = {
    tool,
    model,
    sampler,
    steps,
    'CFG scale': cfg,
    'stated size': width === null || height === null ? null : `${width} × ${height} px`,
  };
  return (
    <Section title="How it was made">
      {problem !== null && (
        <Text size="sm" mb={6}>
          {problem}
        </Text>
      )}
      <dl className={classes['facts']}>
        {Object.entries(facts).map(([name, value]) =>
          value === null ? null : (
            <Fact key={name} name={name}>
              {value}
            </Fact>
          ),
        )}
        {loras.map(({ name, weight }) => (
          <Fact key={name} name="LoRA">
            {name}
            {weight !== null && ` × ${weight}`}
          </Fact>
        ))}
        {seed !== null && (
          <Fact name="seed">
            <CopyValue label="seed" value={seed} />
          </Fact>
        )}
        {negativePrompt !== null && negativePrompt !== '' && (
          <Fact name="negative prompt">
            <CopyValue label="negative prompt" value={negativePrompt} isProse />
          </Fact>
        )}
      </dl>
      {hasRawMetadata && <RawMetadataView key={id} imageId={id} />}
    </Section>
  );
}
