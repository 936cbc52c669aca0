/** Gives a forked node process what Electron's utility processes have: `process.parentPort`. */
import { EventEmitter } from 'node:events';
import { type Parcel, PortEnd } from './ports.ts';

function send(parcel: Parcel): void {
  process.send?.(parcel);
}

const ends = new Map<number, PortEnd>();
const parentPort = new EventEmitter() as EventEmitter & { postMessage: (data: unknown) => void };
parentPort.postMessage = (data) => send({ kind: 'message', data, ports: [] });

/** Messages wait until somebody listens. */
const early: unknown[] = [];
parentPort.on('newListener', (event) => {
  if (event === 'message')
    setImmediate(() => early.splice(0).forEach((one) => void parentPort.emit('message', one)));
});

process.on('message', (parcel: Parcel) => {
  if (parcel.kind === 'message') {
    const ports = parcel.ports.map((id) => {
      const end = new PortEnd(id, send);
      ends.set(id, end);
      return end;
    });
    const event = { data: parcel.data, ports };
    if (parentPort.listenerCount('message') === 0) early.push(event);
    else parentPort.emit('message', event);
  } else if (parcel.kind === 'post') ends.get(parcel.port)?.take(parcel.data);
  else {
    ends.get(parcel.port)?.takeClose();
    ends.delete(parcel.port);
  }
});
process.on('disconnect', () => process.exit(0));
Object.assign(process, { parentPort });
