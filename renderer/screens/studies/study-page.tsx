/** One study: how far each rater is and the MOS as it stands, what the votes say, who may rate, the recommendations, and files. */
import { Anchor, Badge, Button, Stack, Tabs } from '@mantine/core';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { Study } from '../../../contract/studies.ts';
import { ExportDialog } from '../../shared/export/export-dialog.tsx';
import { studySource } from '../../shared/export/export-sources.ts';
import { ExportLink } from '../../shared/export-link.tsx';
import { formatCount, formatTime } from '../../shared/format.ts';
import { Keys } from '../../shared/keys.tsx';
import { Page } from '../../shared/page.tsx';
import { useShortcuts } from '../../shell/shortcuts.ts';
import { DesignCard } from './design-card.tsx';
import { FilesPanel } from './files-panel.tsx';
import { InviteCard } from './invite-card.tsx';
import { MosCard } from './mos-card.tsx';
import { PairScores } from './pair-scores.tsx';
import { RateForm } from './rate-form.tsx';
import { RaterTable } from './rater-table.tsx';
import { ResultsPanel } from './results-panel.tsx';
import { StandardPanel } from './standard-panel.tsx';
import classes from './studies.module.css';

const tabs = [
  { key: 'overview', label: 'Overview' },
  { key: 'results', label: 'Results' },
  { key: 'raters', label: 'Invite' },
  { key: 'standard', label: 'By the book' },
  { key: 'files', label: 'Files' },
] as const;

export function StudyPage({ study }: { study: Study }) {
  const { id, name, mosSetId, version } = study;
  const isPairs = study.design.plan.method === 'pairs';
  return (
    <Page
      title={
        <>
          {name}
          {version === 1 ? null : (
            <Badge ml={8} variant="default">
              version {version}
            </Badge>
          )}
        </>
      }
      note={
        <>
          <Anchor component={Link} href="/studies" size="xs">
            Studies
          </Anchor>
          {` · ${formatCount(study.stimuli)} images · ${formatCount(study.votes)} votes · created ${formatTime(study.createdAt)}`}
        </>
      }
      actions={
        isPairs ? (
          <ExportLink request={{ kind: 'pairs', studyId: id }} label="Choices CSV" />
        ) : (
          <>
            <ExportLink request={{ kind: 'mos', mosSetId }} label="MOS CSV" />
            <ExportLink request={{ kind: 'votes', studyId: id }} label="Votes CSV" />
            <ExportButton studyId={id} />
          </>
        )
      }
    >
      <StudyTabs study={study} />
    </Page>
  );
}

/** The study's images with their MOS, and with whatever else is known of them. */
function ExportButton({ studyId }: { studyId: number }) {
  const [isOpen, setOpen] = useState(false);
  useShortcuts([
    {
      ...{ keys: 'mod+E', label: 'Export MOS and images', group: 'Study', disabled: isOpen },
      run: () => setOpen(true),
    },
  ]);
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        rightSection={<Keys keys="mod+E" />}
        onClick={() => setOpen(true)}
      >
        Export…
      </Button>
      <ExportDialog
        opened={isOpen}
        onClose={() => setOpen(false)}
        source={studySource(studyId)}
        preset={{ presetId: 'mos', format: 'csv' }}
      />
    </>
  );
}

/** The tab is part of the address, so that a link leads to it. */
function StudyTabs({ study }: { study: Study }) {
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('show');
  const shown = tabs.find(({ key }) => key === wanted)?.key ?? 'overview';
  return (
    <Tabs
      value={shown}
      keepMounted={false}
      onChange={(key) =>
        setSearch(key === null || key === 'overview' ? {} : { show: key }, { replace: true })
      }
    >
      <Tabs.List mb="md">
        {tabs.map(({ key, label }) => (
          <Tabs.Tab key={key} value={key}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="overview">
        <div className={classes['columns']}>
          <Stack>
            {study.origin === 'table' ? null : <RateForm studyId={study.id} />}
            <RaterTable studyId={study.id} />
            <DesignCard study={study} />
          </Stack>
          {study.design.plan.method === 'pairs' ? (
            <PairScores study={study} dimension={study.design.dimensions[0]!.key} />
          ) : (
            <MosCard study={study} />
          )}
        </div>
      </Tabs.Panel>
      <Tabs.Panel value="results">
        <ResultsPanel study={study} />
      </Tabs.Panel>
      <Tabs.Panel value="raters">
        <InviteCard studyId={study.id} />
      </Tabs.Panel>
      <Tabs.Panel value="standard">
        <StandardPanel study={study} />
      </Tabs.Panel>
      <Tabs.Panel value="files">
        <FilesPanel study={study} />
      </Tabs.Panel>
    </Tabs>
  );
}
