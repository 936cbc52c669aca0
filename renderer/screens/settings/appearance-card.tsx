/** Dark or light. */
import { SegmentedControl } from '@mantine/core';
import { Settings } from '../../../contract/settings.ts';
import { useSettings } from '../../shared/use-settings.ts';
import { Card } from './card.tsx';

const schemes = [
  { value: 'auto', label: 'As the system' },
  { value: 'dark', label: 'Dark' },
  { value: 'light', label: 'Light' },
];

export function AppearanceCard() {
  const [settings, change] = useSettings();
  return (
    <Card title="Appearance" text="The surround of images is a neutral grey in both; rating has its own.">
      <SegmentedControl
        aria-label="Colour scheme"
        data={schemes}
        value={settings?.colourScheme ?? 'auto'}
        onChange={(value) => change({ colourScheme: Settings.shape.colourScheme.parse(value) })}
        style={{ alignSelf: 'start' }}
      />
    </Card>
  );
}
