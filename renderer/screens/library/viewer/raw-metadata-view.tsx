/** The texts that an image's file carries, as they are: asked for when somebody opens them, shown in part where they are long. */
import { Button, Loader, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { orpc } from '../../../api/client.ts';
import { CopyValue } from '../../../shared/copy-value.tsx';
import { formatCount } from '../../../shared/format.ts';
import { errorMessage } from '../../../shared/show-error.ts';
import classes from './image-viewer.module.css';

/** What is longer is shown up to here until all of it is asked for. */
const shownChars = 4_000;

export function RawMetadataView({ imageId }: { imageId: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        aria-expanded={isOpen}
        leftSection={isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        onClick={() => setOpen(!isOpen)}
      >
        Raw metadata
      </Button>
      {isOpen && <Blocks imageId={imageId} />}
    </>
  );
}

function Blocks({ imageId }: { imageId: number }) {
  const { data, error } = useQuery(orpc.images.metadata.queryOptions({ input: { id: imageId } }));
  if (error !== null) return <Text size="sm">{errorMessage(error)}</Text>;
  if (data === undefined) return <Loader size="sm" />;
  return (
    <>
      {data.blocks.map(({ name, text }) => (
        <Block key={name} name={name} text={text} />
      ))}
      {data.isCut && (
        <Text size="xs" c="dimmed">
          The file carries more than the library keeps.
        </Text>
      )}
    </>
  );
}

function Block({ name, text }: { name: string; text: string }) {
  const [showsAll, setShowsAll] = useState(false);
  const isLong = text.length > shownChars && !showsAll;
  return (
    <section className={classes['raw']} aria-label={name}>
      <Text size="xs" fw={600}>
        {name} ({formatCount(text.length)} characters)
      </Text>
      <CopyValue label={name} value={text} shown={isLong ? `${text.slice(0, shownChars)}…` : text} />
      {isLong && (
        <Button size="compact-xs" variant="subtle" onClick={() => setShowsAll(true)}>
          Show all of it
        </Button>
      )}
    </section>
  );
}
