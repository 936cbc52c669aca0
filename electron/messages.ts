/** What the window's process and the engine say to each other; requests of the page travel on ports of their own (`wire.ts`). */
import type { ErrorCode } from '../contract/errors.ts';
import type { RequestHead } from './wire.ts';

/** To the engine. `open` is the first message; `request` and `models` come with one port. */
export type ToEngine =
  /** `goesBack`: to the newest whole backup, before the library is opened. */
  | { kind: 'open'; folder: string; goesBack: boolean }
  | { kind: 'request'; head: RequestHead }
  | { kind: 'models'; models: number }
  | { kind: 'modelsEnded'; models: number; reason: string }
  | { kind: 'movedToTrash'; id: number; problem: string | null }
  | { kind: 'close' };

/** From the engine. Only the window's process can start a models process and reach the system's trash, so the engine asks for it. */
export type FromEngine =
  | { kind: 'ready' }
  | { kind: 'failed'; code: ErrorCode; message: string }
  | { kind: 'launchModels'; models: number }
  | { kind: 'killModels'; models: number }
  | { kind: 'moveToTrash'; id: number; path: string };
