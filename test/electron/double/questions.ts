/** What the double in the app's process and the test, which holds the real Chromium, say to each other. */

export type Question =
  | { kind: 'navigated'; url: string }
  | { kind: 'willNavigate'; url: string }
  | { kind: 'windowOpen'; url: string }
  | { kind: 'permission'; permission: string; origin: string }
  | { kind: 'invoke'; channel: string; args?: unknown[] }
  | { kind: 'choose'; folder: string | null }
  | { kind: 'processes' }
  | { kind: 'secondInstance' }
  | { kind: 'closeWindow' };

export type Told =
  | { kind: 'schemes'; schemes: { scheme: string; privileges: Record<string, boolean> }[] }
  | { kind: 'protocol' }
  | { kind: 'window'; webPreferences: Record<string, unknown> }
  | { kind: 'load'; url: string }
  | { kind: 'printed'; url: string; options: object }
  | { kind: 'destroyed' }
  | { kind: 'show' }
  | { kind: 'focus' }
  | { kind: 'asked'; detail: string }
  | { kind: 'opened'; url: string }
  | { kind: 'secondInstance' }
  | { kind: 'answer'; id: number; result: unknown };
