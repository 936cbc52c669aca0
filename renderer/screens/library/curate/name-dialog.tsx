/** Asks for a tag or a collection, offers those there are, and puts the images in or takes them out. */
import { Autocomplete, Button, Group, Modal, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { orpc } from '../../../api/client.ts';
import { countOf } from '../../../shared/format.ts';
import { curate } from './change-curation.ts';

/** What is asked for a name; null: nothing. */
export type Naming = 'tag' | 'collection' | null;

interface NameDialogProps {
  naming: Naming;
  imageIds: readonly number[];
  onClose: () => void;
}

export function NameDialog({ naming, imageIds, onClose }: NameDialogProps) {
  const images = countOf(imageIds.length, 'image');
  return (
    <Modal
      opened={naming !== null}
      onClose={onClose}
      title={naming === 'tag' ? `Tag ${images}` : `Put ${images} into a collection`}
    >
      {naming !== null && <NameForm naming={naming} imageIds={imageIds} onClose={onClose} />}
    </Modal>
  );
}

function NameForm({ naming, imageIds, onClose }: NameDialogProps) {
  const [name, setName] = useState('');
  const [isOffering, setOffering] = useState(false);
  const known = useKnownNames(naming);
  function end(change: Parameters<typeof curate>[1]): void {
    void curate(imageIds, change);
    onClose();
  }
  const given = name.trim();
  const isTag = naming === 'tag';
  const offersSome = known.some((one) => one.toLowerCase().includes(given.toLowerCase()));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (given !== '') end(isTag ? { addTags: [given] } : { addTo: given });
      }}
    >
      <Stack>
        <Autocomplete
          data-autofocus
          label={isTag ? 'Tag' : 'Collection'}
          maxLength={120}
          data={known}
          // A list of none is closed: Esc is then for the dialog.
          dropdownOpened={isOffering && offersSome}
          onDropdownOpen={() => setOffering(true)}
          onDropdownClose={() => setOffering(false)}
          value={name}
          onChange={setName}
        />
        <Group justify="end">
          <Button
            variant="default"
            disabled={!known.includes(given)}
            onClick={() => end(isTag ? { removeTags: [given] } : { removeFrom: given })}
          >
            Take out
          </Button>
          <Button type="submit" disabled={given === '' || (isTag && given.includes(','))}>
            {isTag ? 'Tag' : 'Put in'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useKnownNames(naming: Naming): string[] {
  const facets = useQuery({
    ...orpc.images.facets.queryOptions({ input: {} }),
    enabled: naming === 'tag',
  }).data;
  const collections = useQuery({ ...orpc.curate.collections.queryOptions(), staleTime: 0 }).data ?? [];
  if (naming === 'collection') return collections.map(({ name }) => name);
  return facets?.find(({ word }) => word === 'tag')?.values.map(({ value }) => value) ?? [];
}
