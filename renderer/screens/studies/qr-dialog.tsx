/** A join link as a QR code, for a phone's camera, with the code to type under it. */
import { Modal, Stack, Text } from '@mantine/core';
import { encode } from 'uqr';

interface QrDialogProps {
  title: string;
  code: string;
  /** Null: raters do not reach this studio; nothing is shown. */
  link: string | null;
  onClose: () => void;
}

export function QrDialog({ title, code, link, onClose }: QrDialogProps) {
  return (
    <Modal opened={code !== ''} onClose={onClose} title={title} size="sm">
      <Stack align="center">
        {link === null ? (
          <Text size="sm">The studio listens on this machine only, so there is no link for a phone.</Text>
        ) : (
          <>
            <QrCode text={link} />
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {link}
            </Text>
          </>
        )}
        <Text ff="monospace" size="xl" fw={600}>
          {code}
        </Text>
      </Stack>
    </Modal>
  );
}

/** Black on white in every scheme: that is what cameras read. */
function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 4 });
  const path = data
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('');
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      width={280}
      height={280}
      role="img"
      aria-label="QR code of the join link"
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
