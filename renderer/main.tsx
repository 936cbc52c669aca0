/** Starts the page: theme, data, routes. */
import '@fontsource-variable/inter';
import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './shell/global.css';
import { createRoot } from 'react-dom/client';
import { takeToldWho } from './api/told-who.ts';
import { App } from './app.tsx';
import { askFirstScreen } from './screens/library/ask-first-screen.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
if (takeToldWho()?.role === 'owner') void askFirstScreen();
createRoot(root).render(<App />);
