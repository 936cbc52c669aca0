/** The bytes of a pickle, read forwards, with the numbers and texts that its opcodes carry. */
import { invalid } from './invalid.ts';

/** Where the machine is in the pickle's bytes. */
export class PickleReader {
  readonly bytes: Buffer;
  /** Name of the file, for messages. */
  readonly path: string;
  position: number;
  private readonly text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(bytes: Buffer, start: number, path: string) {
    this.bytes = bytes;
    this.position = start;
    this.path = path;
  }

  /** Moves on by `count` bytes and gives where they begin. */
  skip(count: number): number {
    const start = this.position;
    if (start + count > this.bytes.length) {
      throw invalid(
        `${this.path}: the pickle ends at byte ${this.bytes.length}, in the middle of what begins at ${start}. The file is incomplete: get it again from its source.`,
        { path: this.path, offset: start },
      );
    }
    this.position = start + count;
    return start;
  }

  readByte(): number {
    return this.bytes[this.skip(1)]!;
  }

  readUint16(): number {
    return this.bytes.readUInt16LE(this.skip(2));
  }

  readUint32(): number {
    return this.bytes.readUInt32LE(this.skip(4));
  }

  readInt32(): number {
    return this.bytes.readInt32LE(this.skip(4));
  }

  /** Big-endian, as BINFLOAT is. */
  readFloat64(): number {
    return this.bytes.readDoubleBE(this.skip(8));
  }

  /** A length of eight bytes; beyond 2^53 it is beyond any file too. */
  readLength64(): number {
    return Number(this.bytes.readBigUInt64LE(this.skip(8)));
  }

  /** Little-endian two's complement of up to 255 bytes: a number where it is exact, else a bigint. */
  readLong(length: number): number | bigint {
    const start = this.skip(length);
    let value = 0n;
    for (let index = length - 1; index >= 0; index--) {
      value = (value << 8n) | BigInt(this.bytes[start + index]!);
    }
    value = BigInt.asIntN(Math.max(1, 8 * length), value);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  readBytes(length: number): Uint8Array {
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  readText(length: number): string {
    const start = this.skip(length);
    try {
      return this.text.decode(this.bytes.subarray(start, start + length));
    } catch {
      throw invalid(
        `${this.path}: the text at byte ${start} of the pickle is not UTF-8. The file is damaged.`,
        {
          path: this.path,
          offset: start,
        },
      );
    }
  }

  /** Text up to a line feed, as GLOBAL has it. */
  readLine(): string {
    const end = this.bytes.indexOf(10, this.position);
    const line = this.readText((end < 0 ? this.bytes.length : end) - this.position);
    this.skip(1);
    return line;
  }
}
