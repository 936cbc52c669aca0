/** The frame around every screen: navigation rail, the screen, running jobs. */
import { ActionIcon, Alert, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconAdjustments,
  IconChartDots,
  IconClipboardCheck,
  IconCube,
  IconKeyboard,
  IconPhoto,
  IconTable,
  IconTargetArrow,
} from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { orpc } from '../api/client.ts';
import { Keys } from '../shared/keys.tsx';
import { useIdle } from '../shared/use-idle.ts';
import { CommandPalette } from './command-palette.tsx';
import { useConnected } from './connection.ts';
import { JobBar } from './job-bar.tsx';
import classes from './shell.module.css';
import { ShortcutOverlay } from './shortcut-overlay.tsx';
import { useShortcuts } from './shortcuts.ts';

const places = [
  { href: '/', label: 'Library', keys: 'L', icon: IconPhoto },
  { href: '/studies', label: 'Studies', keys: 'S', icon: IconClipboardCheck },
  { href: '/agreement', label: 'Agreement', keys: 'A', icon: IconChartDots },
  { href: '/heads', label: 'Heads', keys: 'H', icon: IconTargetArrow },
  { href: '/models', label: 'Models', keys: 'M', icon: IconCube },
  { href: '/tables', label: 'Tables', keys: 'T', icon: IconTable },
  { href: '/settings', label: 'Settings', keys: ',', icon: IconAdjustments },
];

export function Shell({ children }: { children: ReactNode }) {
  const [helpIsOpen, help] = useDisclosure(false);
  const [, navigate] = useLocation();
  const isIdle = useIdle();
  useShortcuts(
    places.map(({ href, label, keys }) => ({ keys, label, group: 'Go to', run: () => navigate(href) })),
  );
  useShortcuts([{ keys: 'shift+?', label: 'Show these keys', group: 'Help', run: help.open }], {
    isInDialog: true,
  });
  return (
    <div className={classes['shell']}>
      <Rail onHelp={help.open} />
      <main className={classes['screen']}>{children}</main>
      <footer className={classes['foot']}>
        <ConnectionNotice />
        <DamageNotice />
        <UnstorableNotice />
        <JobBar />
      </footer>
      <CommandPalette />
      {(isIdle || helpIsOpen) && <ShortcutOverlay opened={helpIsOpen} onClose={help.close} />}
    </div>
  );
}

function Rail({ onHelp }: { onHelp: () => void }) {
  const [location] = useLocation();
  return (
    <nav className={classes['rail']} aria-label="Screens">
      <Link href="/" className={classes['brand']}>
        <img src="/icon.svg" alt="" width={26} height={26} />
        <Text fw={650} size="sm">
          SF-IQA Studio
        </Text>
      </Link>
      {places.map(({ href, label, keys, icon: Icon }) => {
        const isHere = href === '/' ? location === '/' : location.startsWith(href);
        return (
          <Link
            key={href}
            href={href}
            className={classes['place']}
            title={label}
            aria-current={isHere ? 'page' : undefined}
          >
            <Icon size={18} stroke={1.7} />
            <span className={classes['label']}>{label}</span>
            <Keys keys={keys} />
          </Link>
        );
      })}
      <div className={classes['spring']} />
      <Tooltip label="Keyboard shortcuts" position="right">
        <ActionIcon onClick={onHelp} aria-label="Keyboard shortcuts (?)" size="lg">
          <IconKeyboard size={18} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
    </nav>
  );
}

/** A large library is checked while it is used: what is found must not be missed. */
function DamageNotice() {
  const damage = useQuery(orpc.library.info.queryOptions()).data?.damage;
  if (damage == null) return null;
  return (
    <Alert color="red" py={6} role="alert" title="Stop working on this library">
      {damage} <Link href="/settings">The backups are listed in the settings.</Link>
    </Alert>
  );
}

/** What is done is not stored: whoever works on must know. */
function UnstorableNotice() {
  const unstorable = useQuery(orpc.library.info.queryOptions()).data?.unstorable;
  if (unstorable == null) return null;
  return (
    <Alert color="red" py={6} role="alert" title="Nothing can be stored now">
      {unstorable}
    </Alert>
  );
}

function ConnectionNotice() {
  if (useConnected()) return null;
  return (
    <Alert color="yellow" py={6} title="The studio’s engine does not answer. Trying again…">
      Everything that was acknowledged is on disk.
    </Alert>
  );
}
