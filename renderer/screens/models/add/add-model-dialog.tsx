/** Adds a model from the user's own files: which kind, where they lie, what adding would do; then as a job. */
import { Anchor, Button, Modal, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Notice } from '../../../shared/notice.tsx';
import { FetchOffer } from '../fetch-offer.tsx';
import type { Dropped } from '../use-file-drop.ts';
import { type AddDraft, assignDrop, emptyDraft, type FileName, orderOf, questionsOf } from './add-draft.ts';
import { FileField } from './file-field.tsx';
import { KindChoice } from './kind-choice.tsx';
import { PlanSection } from './plan-section.tsx';

interface AddModelDialogProps {
  opened: boolean;
  /** What was dropped on the window last. */
  dropped: Dropped | null;
  onClose: () => void;
}

export function AddModelDialog({ opened, dropped, onClose }: AddModelDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a model" size={860}>
      <AddForm dropped={dropped} onClose={onClose} />
    </Modal>
  );
}

function AddForm({ dropped, onClose }: Omit<AddModelDialogProps, 'opened'>) {
  const [draft, setDraft] = useState<AddDraft>(emptyDraft);
  const [browsing, setBrowsing] = useState<string | null>(null);
  const [showsTokeniser, setShowsTokeniser] = useState(false);
  const questions = questionsOf(draft.kind);
  /** Where files come from is said until they are there. */
  const isMissing = orderOf(draft) === null;
  const isAsked = (name: FileName) => name !== 'tokeniser' || showsTokeniser || draft.files.tokeniser !== '';
  useEffect(() => {
    if (dropped !== null) setDraft((known) => assignDrop(known, dropped.paths).draft);
  }, [dropped]);
  const left = dropped === null ? [] : assignDrop(draft, [...dropped.paths, ...dropped.names]).left;
  const unfound = dropped?.names.filter((name) => !left.includes(name)) ?? [];
  function change(part: Partial<AddDraft>): void {
    setDraft((known) => ({ ...known, ...part }));
  }
  return (
    <Stack gap="md">
      <KindChoice
        kind={draft.kind}
        onKind={(kind) => {
          // What was dropped is looked at as what it is now said to be.
          setDraft((known) => assignDrop({ ...known, kind }, dropped?.paths ?? []).draft);
          setBrowsing(null);
        }}
      />
      {left.length > 0 && (
        <Notice tone="warning" title="Not everything that was dropped is taken" role="alert">
          There is no place here for {left.join(', ')}: a model is made of checkpoints, and each field takes
          one file or folder.
        </Notice>
      )}
      {unfound.length > 0 && (
        <Notice tone="warning" title="A browser does not tell where a dropped file lies" role="alert">
          Find {unfound.join(', ')} with “Browse…”, or paste the path. Files are read where they lie, so the
          studio needs to know the place; the desktop window takes drops.
        </Notice>
      )}
      {questions
        .filter(({ name }) => isAsked(name))
        .map((question) => (
          <FileField
            key={`${draft.kind} ${question.name}`}
            question={question}
            path={draft.files[question.name]}
            onPath={(path) => change({ files: { ...draft.files, [question.name]: path }, sets: null })}
            isBrowsing={browsing === question.name}
            onBrowse={(isOpen) => setBrowsing(isOpen ? question.name : null)}
          />
        ))}
      {questions.some(({ name }) => !isAsked(name)) && (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          style={{ alignSelf: 'start' }}
          onClick={() => setShowsTokeniser(true)}
        >
          tokenizer.json lies elsewhere…
        </Button>
      )}
      {isMissing && (draft.kind === 'sfiqa' || draft.kind === 'clip') && <FetchOffer onStarted={onClose} />}
      {isMissing && draft.kind === 'sfiqa' && <Provenance />}
      <PlanSection draft={draft} onChange={change} onClose={onClose} />
    </Stack>
  );
}

function Provenance() {
  return (
    <Text size="xs" c="dimmed">
      weights_dict.pt lies on the authors’ own share, which they name in the README of{' '}
      <Anchor
        href="https://github.com/Travois/SF-IQA"
        target="_blank"
        rel="noreferrer"
        inherit
        underline="always"
      >
        github.com/Travois/SF-IQA
      </Anchor>
      . It carries no licence file: the studio never passes it on, and you should not either.
    </Text>
  );
}
