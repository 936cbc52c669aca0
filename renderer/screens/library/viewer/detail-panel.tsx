/** Everything known of one image: scores, signals, MOS, prompt, how it was made, where it lies. */
import { Loader, Text } from '@mantine/core';
import type { ImageDetail } from '../../../../contract/images.ts';
import { CopyValue } from '../../../shared/copy-value.tsx';
import { formatBytes, formatCount, formatScore, formatTime } from '../../../shared/format.ts';
import { errorMessage } from '../../../shared/show-error.ts';
import { Fact } from './fact.tsx';
import { GenerationSection } from './generation-section.tsx';
import classes from './image-viewer.module.css';
import { ScoreSection } from './score-section.tsx';
import { Section } from './section.tsx';
import { SignalSection } from './signal-section.tsx';

export function DetailPanel({ detail, error }: { detail: ImageDetail | undefined; error: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and a person without a mouse scrolls it by keys
    <aside className={classes['panel']} aria-label="Details" tabIndex={0}>
      {detail === undefined ? (
        error === null ? (
          <Loader size="sm" />
        ) : (
          <Text size="sm">{errorMessage(error)}</Text>
        )
      ) : (
        <>
          <ScoreSection detail={detail} />
          <MosSection detail={detail} />
          <PromptSection detail={detail} />
          <ChoiceSection detail={detail} />
          <SignalSection detail={detail} />
          <GenerationSection detail={detail} />
          <FileSection detail={detail} />
        </>
      )}
    </aside>
  );
}

function MosSection({ detail: { mos, votes } }: { detail: ImageDetail }) {
  if (mos.length === 0 && votes === 0) return null;
  return (
    <Section title="Human scores (MOS)">
      <dl className={`${classes['facts']} numbers`}>
        {mos.map(({ dimension, mean, sd, n, low, high }) => (
          <Fact key={dimension} name={dimension}>
            <b>{formatScore(mean)}</b>
            {low !== null && high !== null && ` (95 %: ${formatScore(low)} to ${formatScore(high)})`}
            {sd !== null && `, SD ${formatScore(sd)}`}
            {n !== null && `, N ${formatCount(n)}`}
          </Fact>
        ))}
        <Fact name="votes here">{formatCount(votes)}</Fact>
      </dl>
    </Section>
  );
}

/** What a person has chosen. */
function ChoiceSection({ detail: { flag, label, tags, collections } }: { detail: ImageDetail }) {
  const facts: [string, string | null][] = [
    ['flag', flag],
    ['label', label],
    ['tags', tags.join(', ') || null],
    ['collections', collections.join(', ') || null],
  ];
  const some = facts.filter(([, value]) => value !== null);
  if (some.length === 0) return null;
  return (
    <Section title="Chosen">
      <dl className={classes['facts']}>
        {some.map(([name, value]) => (
          <Fact key={name} name={name}>
            {value}
          </Fact>
        ))}
      </dl>
    </Section>
  );
}

const promptSources = {
  list: 'from a prompt list',
  sidecar: 'from the .txt file beside the image',
  metadata: 'from the image’s own metadata',
  mosTable: 'from a MOS table',
};

function PromptSection({ detail: { prompt, promptSource, generator } }: { detail: ImageDetail }) {
  return (
    <Section title="Prompt">
      {prompt === null ? (
        <Text size="sm" c="dimmed">
          None was found in the image, beside it or in a list.
        </Text>
      ) : (
        <>
          <CopyValue label="prompt" value={prompt} isProse />
          <Text size="xs" c="dimmed">
            {promptSource === null ? '' : promptSources[promptSource]}
          </Text>
        </>
      )}
      {generator !== null && (
        <Text size="sm" mt={6}>
          Generator: {generator}
        </Text>
      )}
    </Section>
  );
}

function FileSection({ detail }: { detail: ImageDetail }) {
  const { width, height, format, sizeBytes, addedAt, paths, hash } = detail;
  return (
    <Section title={paths.length > 1 ? `Files (${paths.length})` : 'File'}>
      <dl className={`${classes['facts']} numbers`}>
        {width !== null && height !== null && (
          <Fact name="size">
            {width} × {height} px{format === null ? '' : `, ${format.toUpperCase()}`}
            {sizeBytes === null ? '' : `, ${formatBytes(sizeBytes)}`}
          </Fact>
        )}
        <Fact name="added">{formatTime(addedAt)}</Fact>
        {paths.map((path) => (
          <Fact key={path} name="path">
            <CopyValue label="path" value={path} />
          </Fact>
        ))}
        {hash !== null && (
          <Fact name="SHA-256">
            <CopyValue label="hash" value={hash} />
          </Fact>
        )}
      </dl>
    </Section>
  );
}
