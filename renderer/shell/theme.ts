/** How the studio looks: neutral greys that do not colour what is judged, and one accent. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

/** Without any tint: a coloured surround shifts how images are seen (ITU-R BT.500, viewing conditions). */
const grey: MantineColorsTuple = [
  '#e8e8e8',
  '#c8c8c8',
  '#a6a6a6',
  '#858585',
  '#545454',
  '#3a3a3a',
  '#2b2b2b',
  '#1f1f1f',
  '#181818',
  '#111111',
];

/** The same for light surfaces; 6 and darker are legible as text on white (contrast 4.5 : 1 or more). */
const lightGrey: MantineColorsTuple = [
  '#f7f7f7',
  '#f0f0f0',
  '#e4e4e4',
  '#d9d9d9',
  '#c6c6c6',
  '#a3a3a3',
  '#666666',
  '#4a4a4a',
  '#333333',
  '#1f1f1f',
];

const jade: MantineColorsTuple = [
  '#e4faf3',
  '#cdf1e5',
  '#9ce3cb',
  '#68d5b0',
  '#3ec999',
  '#24c28b',
  '#13bf84',
  '#04a871',
  '#009664',
  '#008254',
];

/** What opens is there at once. */
const atOnce = { transitionProps: { duration: 0 } };

/** The page itself never scrolls; locking it would add a style element that the content security policy refuses. */
const rootProps = { ...atOnce, lockScroll: false };
const overlayProps = { ...rootProps, closeButtonProps: { 'aria-label': 'Close' } };

export const theme = createTheme({
  primaryColor: 'jade',
  // White text on it is legible in both schemes (4.9 : 1).
  primaryShade: 9,
  autoContrast: true,
  luminanceThreshold: 0.35,
  colors: { dark: grey, gray: lightGrey, jade },
  fontFamily: "'Inter Variable', system-ui, sans-serif",
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  headings: { fontWeight: '600' },
  components: {
    Modal: { defaultProps: overlayProps },
    ModalRoot: { defaultProps: rootProps },
    Drawer: { defaultProps: overlayProps },
    // The placeholder is no menu item, which is all that a menu may hold: the first item has the keyboard instead.
    Menu: { defaultProps: { ...atOnce, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: atOnce },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close this notice' } } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    // Only what has a role may have a name.
    Loader: { defaultProps: { role: 'status' } },
    Badge: { defaultProps: { tt: 'none', fw: 600 } },
    Kbd: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
  },
});

/** The nonce the server gave this load; style elements need it. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}
