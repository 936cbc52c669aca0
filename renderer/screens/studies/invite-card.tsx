/** The way in for raters over the network: codes and links, one a rater or one for everybody, and taking them back. */
import {
  ActionIcon,
  Anchor,
  Button,
  CopyButton,
  Group,
  NumberInput,
  Stack,
  Table,
  Text,
  Textarea,
} from '@mantine/core';
import { IconCheck, IconCopy, IconQrcode } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { Invitation } from '../../../contract/access.ts';
import { orpc } from '../../api/client.ts';
import { formatTime } from '../../shared/format.ts';
import { Notice } from '../../shared/notice.tsx';
import { Card } from '../../shared/page.tsx';
import { QueryGate } from '../../shared/query-gate.tsx';
import { showError } from '../../shared/show-error.ts';
import { useWho } from '../rating/who.ts';
import { QrDialog } from './qr-dialog.tsx';
import { splitNames } from './split-names.ts';

export function InviteCard({ studyId }: { studyId: number }) {
  const invitations = useQuery(orpc.studies.invitations.queryOptions({ input: { studyId } }));
  const addresses = useWho()?.addresses ?? [];
  return (
    <Card
      title="Raters over the network"
      note="Each code opens the rating surface of this study, and nothing else."
    >
      <Stack>
        {addresses.length === 0 ? (
          <Notice tone="note" title="This studio is reached from this machine only">
            To let raters in from phones, tablets and other computers of your network, start it with “sfiqa
            serve --lan”. Codes can be made before.
          </Notice>
        ) : null}
        <InviteForm studyId={studyId} />
        <QueryGate query={invitations}>
          {(all) => (all.length === 0 ? null : <InvitationTable invitations={all} addresses={addresses} />)}
        </QueryGate>
      </Stack>
    </Card>
  );
}

function InviteForm({ studyId }: { studyId: number }) {
  const [text, setText] = useState('');
  const [validDays, setValidDays] = useState(14);
  const invite = useMutation(
    orpc.studies.invite.mutationOptions({
      onSuccess: () => setText(''),
      onError: (error) => showError('No code was made', error),
    }),
  );
  const raterNames = splitNames(text);
  function submit(event: FormEvent): void {
    event.preventDefault();
    invite.mutate({ studyId, raterNames, validDays });
  }
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs">
        <Textarea
          label="Names of raters"
          description="one a line; left empty, one code for everybody, who then say their names"
          autosize
          minRows={1}
          maxRows={6}
          flex={1}
          miw={240}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <NumberInput
          label="Valid for"
          suffix=" days"
          min={1}
          max={365}
          w={110}
          value={validDays}
          onChange={(value) => setValidDays(Number(value) || 14)}
        />
        <Button type="submit" variant="default" loading={invite.isPending}>
          {raterNames.length < 2 ? 'Make a code' : `Make ${raterNames.length} codes`}
        </Button>
      </Group>
    </form>
  );
}

interface InvitationTableProps {
  invitations: Invitation[];
  addresses: readonly string[];
}

function InvitationTable({ invitations, addresses }: InvitationTableProps) {
  const [shown, setShown] = useState<Invitation | null>(null);
  const now = Date.now();
  return (
    <>
      <Table aria-label="Join codes" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>For</Table.Th>
            <Table.Th>Code</Table.Th>
            <Table.Th>Until</Table.Th>
            <Table.Th ta="right">Browsers</Table.Th>
            <Table.Th aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="numbers">
          {invitations.map((invitation) => (
            <InvitationRow
              key={invitation.id}
              invitation={invitation}
              link={linkOf(invitation, addresses)}
              isOver={invitation.isRevoked || invitation.expiresAt <= now}
              onShow={() => setShown(invitation)}
            />
          ))}
        </Table.Tbody>
      </Table>
      <QrDialog
        title={shown?.raterName ?? 'Everybody'}
        code={shown?.code ?? ''}
        link={shown === null ? null : linkOf(shown, addresses)}
        onClose={() => setShown(null)}
      />
    </>
  );
}

/** The page of an invitation, at the first address where raters reach this studio; null where they do not. */
function linkOf({ path }: Invitation, addresses: readonly string[]): string | null {
  const [address] = addresses;
  return address === undefined ? null : new URL(path, address).href;
}

interface InvitationRowProps {
  invitation: Invitation;
  link: string | null;
  isOver: boolean;
  onShow: () => void;
}

function InvitationRow({ invitation, link, isOver, onShow }: InvitationRowProps) {
  const { id, raterName, code, expiresAt, joined, isRevoked } = invitation;
  const withdraw = useMutation(
    orpc.studies.withdraw.mutationOptions({
      onError: (error) => showError('The code was not taken back', error),
    }),
  );
  const whose = raterName ?? 'everybody';
  return (
    <Table.Tr>
      <Table.Td>
        {raterName ?? (
          <Text span fs="italic" size="sm">
            everybody
          </Text>
        )}
      </Table.Td>
      <Table.Td ff="monospace">
        {link === null || isOver ? (
          code
        ) : (
          <Anchor href={link} size="sm" ff="monospace">
            {code}
          </Anchor>
        )}
      </Table.Td>
      <Table.Td>{isRevoked ? 'taken back' : formatTime(expiresAt)}</Table.Td>
      <Table.Td ta="right">{joined}</Table.Td>
      <Table.Td>
        {isOver ? null : (
          <Group gap={4} justify="flex-end" wrap="nowrap">
            <CopyButton value={link ?? code}>
              {({ copied, copy }) => (
                <ActionIcon onClick={copy} aria-label={`Copy the link for ${whose}`}>
                  {copied ? <IconCheck size={16} /> : <IconCopy size={16} stroke={1.7} />}
                </ActionIcon>
              )}
            </CopyButton>
            <ActionIcon onClick={onShow} aria-label={`QR code for ${whose}`}>
              <IconQrcode size={16} stroke={1.7} />
            </ActionIcon>
            <Button
              size="compact-xs"
              variant="default"
              loading={withdraw.isPending}
              aria-label={`Take back the code for ${whose}`}
              onClick={() => withdraw.mutate({ id })}
            >
              Take back
            </Button>
          </Group>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
