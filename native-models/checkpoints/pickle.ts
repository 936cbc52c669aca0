/**
 * A pickle machine that knows plain values and asks its host for everything else, so that a checkpoint is read but never run.
 * Opcodes: CPython's Lib/pickletools.py, protocols 2 to 5.
 */
import { invalid, quote } from './invalid.ts';
import { limits } from './limits.ts';
import { nameOpcode } from './name-opcode.ts';
import { PickleReader } from './pickle-reader.ts';
import {
  asKind,
  describeValue,
  type PickleDict,
  type PickleGlobal,
  type PickleKey,
  type PickleList,
  type PickleValue,
} from './pickle-values.ts';

/** What the names and references of a pickle mean; each answers null for what it does not know. */
export interface PickleHost {
  findGlobal(name: string): PickleGlobal | null;
  call(global: PickleGlobal, args: PickleValue[]): PickleValue | null;
  loadPersistent(id: PickleValue): PickleValue | null;
}

/**
 * Reads one pickle.
 *
 * @returns its value and the position after its STOP
 * @throws StudioError `checkpointInvalid` naming the opcode or the global that was refused and its byte
 */
export function readPickle(
  source: { bytes: Buffer; path: string },
  start: number,
  host: PickleHost,
): { value: PickleValue; end: number } {
  const machine = new Machine(new PickleReader(source.bytes, start, source.path), host);
  const value = machine.run();
  return { value, end: machine.reader.position };
}

class Machine {
  readonly reader: PickleReader;
  readonly host: PickleHost;
  readonly memo = new Map<number, PickleValue>();
  stack: PickleValue[] = [];
  /** Heights of the stack at each open MARK. */
  readonly marks: number[] = [];
  private containers = 0;
  private entries = 0;
  /** Byte of the opcode at work. */
  at = 0;

  constructor(reader: PickleReader, host: PickleHost) {
    this.reader = reader;
    this.host = host;
  }

  run(): PickleValue {
    for (let step = 0; step < limits.pickleSteps; step++) {
      this.at = this.reader.position;
      const code = this.reader.readByte();
      if (code === stopCode) {
        const value = this.pop();
        if (this.stack.length > 0 || this.marks.length > 0) throw this.refuse('values are left over at STOP');
        return value;
      }
      const run = opcodes[code];
      if (run === undefined)
        throw this.refuse(`the opcode ${nameOpcode(code)} is not allowed in a checkpoint`);
      run(this, this.reader);
    }
    throw this.refuse(`the pickle has more than ${limits.pickleSteps} steps`);
  }

  refuse(reason: string): Error {
    return invalid(
      `${this.reader.path}: ${reason} (byte ${this.at} of the pickle). Nothing of it was run. Only tensors in plain dictionaries are read: get the file from its source, or save its state_dict again.`,
      { path: this.reader.path, offset: this.at },
    );
  }

  push(value: PickleValue): void {
    this.stack.push(value);
  }

  pop(): PickleValue {
    const value = this.stack.pop();
    if (value === undefined || this.stack.length < (this.marks.at(-1) ?? 0)) {
      throw this.refuse('a value is taken from an empty stack');
    }
    return value;
  }

  top(): PickleValue {
    const value = this.pop();
    this.push(value);
    return value;
  }

  /** Takes all above the last MARK. */
  popToMark(): PickleValue[] {
    const height = this.marks.pop();
    if (height === undefined) throw this.refuse('there is no MARK');
    return this.stack.splice(height);
  }

  pushSequence(kind: 'list' | 'tuple', items: PickleValue[]): void {
    this.countContainer();
    this.push({ kind, items });
  }

  pushDict(): void {
    this.countContainer();
    this.push({ kind: 'dict', entries: new Map() });
  }

  private countContainer(): void {
    this.containers++;
    if (this.containers > limits.pickleContainers) {
      throw this.refuse(`the pickle makes more than ${limits.pickleContainers} containers`);
    }
  }

  /** What dictionaries are given, and what calls are handed: one small list may be handed over a million times. */
  private countEntries(count: number): void {
    this.entries += count;
    if (this.entries > limits.pickleEntries) {
      throw this.refuse(`the pickle makes more than ${limits.pickleEntries} entries of dictionaries`);
    }
  }

  remember(key: number): void {
    this.memo.set(key, this.top());
  }

  recall(key: number): void {
    const value = this.memo.get(key);
    if (value === undefined) throw this.refuse(`memo ${key} is empty`);
    this.push(value);
  }

  topList(): PickleList {
    const list = asKind(this.top(), 'list');
    if (list === null) throw this.refuse(`items are appended to ${describeValue(this.top())}`);
    return list;
  }

  topDict(): PickleDict {
    const dict = asKind(this.top(), 'dict');
    if (dict === null) throw this.refuse(`items are set in ${describeValue(this.top())}`);
    return dict;
  }

  setItems(items: PickleValue[]): void {
    const { entries } = this.topDict();
    if (items.length % 2 !== 0) throw this.refuse('a dictionary gets a key without a value');
    this.countEntries(items.length / 2);
    for (let index = 0; index < items.length; index += 2) {
      entries.set(this.toKey(items[index]!), items[index + 1]!);
    }
  }

  private toKey(value: PickleValue): PickleKey {
    if (typeof value === 'object' && value !== null) {
      throw this.refuse(`${describeValue(value)} is no key of a dictionary here: text and numbers are`);
    }
    return value;
  }

  pushGlobal(module: string, name: string): void {
    const full = `${module}.${name}`;
    const global = this.host.findGlobal(full);
    if (global === null) throw this.refuse(`the name ${quote(full)} is not allowed in a checkpoint`);
    this.push(global);
  }

  reduce(): void {
    const args = asKind(this.pop(), 'tuple');
    const callee = this.pop();
    const global = asKind(callee, 'global');
    if (global === null || args === null) throw this.refuse(`REDUCE calls ${describeValue(callee)}`);
    this.countContainer();
    for (const arg of args.items) this.countEntries(asKind(arg, 'list')?.items.length ?? 0);
    const value = this.host.call(global, args.items);
    if (value === null) throw this.refuse(`${quote(global.name)} is called in a way that is not known here`);
    this.push(value);
  }

  /** An OrderedDict may carry attributes (`_metadata` of a state_dict): they are dropped. */
  build(): void {
    const state = this.pop();
    const target = this.top();
    if (asKind(state, 'dict') === null || asKind(target, 'dict') === null) {
      throw this.refuse(`BUILD gives ${describeValue(target)} ${describeValue(state)} as its state`);
    }
  }

  loadPersistent(): void {
    this.countContainer();
    const value = this.host.loadPersistent(this.pop());
    if (value === null)
      throw this.refuse('BINPERSID refers to something that is not a storage of a known type');
    this.push(value);
  }
}

type Step = (machine: Machine, reader: PickleReader) => void;

const stopCode = 0x2e;

function tupleOf(count: number): Step {
  return (machine) => {
    const items: PickleValue[] = [];
    for (let index = 0; index < count; index++) items.unshift(machine.pop());
    machine.pushSequence('tuple', items);
  };
}

const opcodes: Partial<Record<number, Step>> = {
  // Frame of the pickle and the stack.
  128: (machine, reader) => {
    const version = reader.readByte();
    if (version > 5) throw machine.refuse(`pickle protocol ${version} is not known`);
  },
  149: (_, reader) => void reader.readLength64(),
  40: (machine) => void machine.marks.push(machine.stack.length),
  48: (machine) => void machine.pop(),
  49: (machine) => void machine.popToMark(),
  // Memo.
  113: (machine, reader) => machine.remember(reader.readByte()),
  114: (machine, reader) => machine.remember(reader.readUint32()),
  148: (machine) => machine.remember(machine.memo.size),
  104: (machine, reader) => machine.recall(reader.readByte()),
  106: (machine, reader) => machine.recall(reader.readUint32()),
  // Plain values.
  78: (machine) => machine.push(null),
  136: (machine) => machine.push(true),
  137: (machine) => machine.push(false),
  74: (machine, reader) => machine.push(reader.readInt32()),
  75: (machine, reader) => machine.push(reader.readByte()),
  77: (machine, reader) => machine.push(reader.readUint16()),
  138: (machine, reader) => machine.push(reader.readLong(reader.readByte())),
  71: (machine, reader) => machine.push(reader.readFloat64()),
  88: (machine, reader) => machine.push(reader.readText(reader.readUint32())),
  140: (machine, reader) => machine.push(reader.readText(reader.readByte())),
  // Text of Python 2.
  85: (machine, reader) => machine.push(reader.readText(reader.readByte())),
  84: (machine, reader) => machine.push(reader.readText(reader.readUint32())),
  67: (machine, reader) => machine.push(reader.readBytes(reader.readByte())),
  66: (machine, reader) => machine.push(reader.readBytes(reader.readUint32())),
  // Containers.
  41: (machine) => machine.pushSequence('tuple', []),
  93: (machine) => machine.pushSequence('list', []),
  125: (machine) => machine.pushDict(),
  116: (machine) => machine.pushSequence('tuple', machine.popToMark()),
  133: tupleOf(1),
  134: tupleOf(2),
  135: tupleOf(3),
  97: (machine) => {
    const item = machine.pop();
    machine.topList().items.push(item);
  },
  101: (machine) => {
    const items = machine.popToMark();
    const list = machine.topList();
    for (const item of items) list.items.push(item);
  },
  115: (machine) => {
    const value = machine.pop();
    machine.setItems([machine.pop(), value]);
  },
  117: (machine) => machine.setItems(machine.popToMark()),
  // Names, calls and references: the host decides.
  99: (machine, reader) => machine.pushGlobal(reader.readLine(), reader.readLine()),
  147: (machine) => {
    const name = machine.pop();
    const module = machine.pop();
    if (typeof name !== 'string' || typeof module !== 'string')
      throw machine.refuse('STACK_GLOBAL needs two texts');
    machine.pushGlobal(module, name);
  },
  82: (machine) => machine.reduce(),
  98: (machine) => machine.build(),
  81: (machine) => machine.loadPersistent(),
};
