/** The page as a whole: providers around the routes. */
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { queryClient } from './api/client.ts';
import { AgreementScreen } from './screens/agreement/agreement-screen.tsx';
import { HeadsScreen } from './screens/heads/heads-screen.tsx';
import { LibraryScreen } from './screens/library/library-screen.tsx';
import { ModelsScreen } from './screens/models/models-screen.tsx';
import { JoinScreen } from './screens/rating/join-screen.tsx';
import { RatingScreen } from './screens/rating/rating-screen.tsx';
import { useWho } from './screens/rating/who.ts';
import { SettingsScreen } from './screens/settings/settings-screen.tsx';
import { StudiesScreen } from './screens/studies/studies-screen.tsx';
import { TablesScreen } from './screens/tables/tables-screen.tsx';
import { ColourScheme } from './shell/colour-scheme.tsx';
import { ErrorBoundary } from './shell/error-boundary.tsx';
import { EventStream } from './shell/event-stream.tsx';
import { NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';
import { styleNonce, theme } from './shell/theme.ts';

/** Joining and `/rate/:studyId` have the window to themselves; every other screen lies in the shell and is the owner's. */
export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="dark" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queryClient}>
        <OwnerServices />
        <Notifications position="bottom-right" transitionDuration={0} />
        <ErrorBoundary>
          <Switch>
            <Route path="/rate/:studyId">{({ studyId }) => <RatingScreen studyId={Number(studyId)} />}</Route>
            <Route path="/join">
              <JoinScreen code="" />
            </Route>
            <Route path="/join/:code">{({ code }) => <JoinScreen code={code} />}</Route>
            <Route>
              <OwnerOnly>
                <Shell>
                  <Screens />
                </Shell>
              </OwnerOnly>
            </Route>
          </Switch>
        </ErrorBoundary>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** What keeps an owner's page up to date; others may not ask for it. */
function OwnerServices() {
  const who = useWho();
  if (who === undefined || (who !== null && who.role !== 'owner')) return null;
  return (
    <>
      <ColourScheme />
      <EventStream />
    </>
  );
}

/** Raters go to their study, guests to the form where a code is typed. */
function OwnerOnly({ children }: { children: ReactNode }) {
  const who = useWho();
  if (who === undefined) return null;
  if (who?.role === 'rater') return <Redirect to={`/rate/${who.studyId}`} replace />;
  return who?.role === 'guest' ? <JoinScreen code="" /> : children;
}

function Screens() {
  return (
    <Switch>
      <Route path="/" component={LibraryScreen} />
      <Route path="/studies">
        <StudiesScreen />
      </Route>
      <Route path="/studies/:studyId">{({ studyId }) => <StudiesScreen studyId={Number(studyId)} />}</Route>
      <Route path="/agreement" component={AgreementScreen} />
      <Route path="/heads" component={HeadsScreen} />
      <Route path="/models" component={ModelsScreen} />
      <Route path="/tables" component={TablesScreen} />
      <Route path="/settings" component={SettingsScreen} />
      <Route component={NotFound} />
    </Switch>
  );
}
