/** Message ports that can move to other processes, as Electron's do; every message travels by way of the main process. */
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';

/** What travels between the main process and a utility process. */
export type Parcel =
  | { kind: 'message'; data: unknown; ports: number[] }
  | { kind: 'post'; port: number; data: unknown }
  | { kind: 'close'; port: number };

/** One end of a channel in the process that holds it; what arrives before `start` waits. */
export class PortEnd extends EventEmitter {
  readonly id: number;
  readonly #send: (parcel: Parcel) => void;
  #waiting: unknown[] | null = [];
  #isClosed = false;

  constructor(id: number, send: (parcel: Parcel) => void) {
    super();
    this.id = id;
    this.#send = send;
  }

  start(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const data of waiting) this.emit('message', { data, ports: [] });
  }

  postMessage(data: unknown): void {
    if (!this.#isClosed) this.#send({ kind: 'post', port: this.id, data });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#send({ kind: 'close', port: this.id });
  }

  take(data: unknown): void {
    if (this.#waiting === null) this.emit('message', { data, ports: [] });
    else this.#waiting.push(data);
  }

  takeClose(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.emit('close');
  }
}

/** An end as the main process knows it: its peer, and the process that holds it. */
interface Known {
  peer: number;
  end: PortEnd;
  holder: ChildProcess | null;
}

const known = new Map<number, Known>();
let nextId = 1;

/** Electron's class of this name, in the main process. */
export class MessageChannelMain {
  readonly port1: PortEnd;
  readonly port2: PortEnd;
  constructor() {
    const [one, two] = [nextId++, nextId++];
    // As in Electron a message arrives later, never inside the call that posted it.
    const send = (parcel: Parcel) => setImmediate(forward, parcel);
    this.port1 = new PortEnd(one, send);
    this.port2 = new PortEnd(two, send);
    known.set(one, { peer: two, end: this.port1, holder: null });
    known.set(two, { peer: one, end: this.port2, holder: null });
  }
}

/** Brings what was posted on one end to the other, wherever that is. */
export function forward(parcel: Parcel): void {
  if (parcel.kind === 'message') return;
  const from = known.get(parcel.port);
  const to = from === undefined ? undefined : known.get(from.peer);
  if (from === undefined || to === undefined) return;
  const moved = { ...parcel, port: from.peer };
  if (to.holder?.connected === true) to.holder.send(moved, ignoreLateness);
  else if (to.holder === null && moved.kind === 'post') to.end.take(moved.data);
  else if (to.holder === null) to.end.takeClose();
  if (parcel.kind === 'close') {
    known.delete(from.peer);
    known.delete(parcel.port);
  }
}

/** What is sent to a process that has just died is lost; its exit is told elsewhere. */
function ignoreLateness(): void {}

/** Sends a message with ports to a process, which holds them from then on. */
export function deliver(holder: ChildProcess, data: unknown, ports: PortEnd[]): void {
  for (const { id } of ports) known.get(id)!.holder = holder;
  if (holder.connected) {
    const parcel: Parcel = { kind: 'message', data, ports: ports.map(({ id }) => id) };
    holder.send(parcel, ignoreLateness);
  }
}

/** A process is gone, and its ends with it. */
export function closePortsOf(holder: ChildProcess): void {
  for (const [id, one] of known) if (one.holder === holder) forward({ kind: 'close', port: id });
}
