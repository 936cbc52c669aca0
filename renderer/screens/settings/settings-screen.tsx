/** Settings: how the studio looks, what it refuses to read, where the library is and how it is kept, the way to the models, and the doctor. */
import { Container, Stack, Title } from '@mantine/core';
import { AppearanceCard } from './appearance-card.tsx';
import { BackupsCard } from './backups-card.tsx';
import { DoctorCard } from './doctor-card.tsx';
import { LibraryCard } from './library-card.tsx';
import { LimitsCard } from './limits-card.tsx';
import { ModelsLink } from './models-link.tsx';
import { RelinkCard } from './relink-card.tsx';

export function SettingsScreen() {
  return (
    <Container size={980} px="xl" py="lg">
      <Stack gap="lg">
        <Title order={1} size="h3">
          Settings
        </Title>
        <AppearanceCard />
        <LibraryCard />
        <BackupsCard />
        <RelinkCard />
        <LimitsCard />
        <ModelsLink />
        <DoctorCard />
      </Stack>
    </Container>
  );
}
