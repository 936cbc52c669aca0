/** Slows guessing: who gave too many wrong codes has to wait. */
import { isIPv6 } from 'node:net';
import { StudioError } from '../../contract/errors.ts';

const windowMs = 10 * 60_000;
const mostFailures = 10;
const mostAddresses = 10_000;

export class GuessLimit {
  readonly #failures = new Map<string, number[]>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** @throws StudioError `tooOften` after ten wrong codes within ten minutes, right ones included */
  assertMayTry(address: string): void {
    const recent = this.#recent(networkOf(address));
    if (recent.length < mostFailures) return;
    const waitMs = recent[0]! + windowMs - this.#now();
    throw new StudioError(
      'tooOften',
      `Too many wrong codes. Try again in ${Math.ceil(waitMs / 60_000)} minutes.`,
      { waitMs },
    );
  }

  noteFailure(address: string): void {
    const network = networkOf(address);
    const recent = this.#recent(network);
    this.#failures.delete(network);
    this.#failures.set(network, [...recent, this.#now()]);
    if (this.#failures.size > mostAddresses) this.#failures.delete(this.#failures.keys().next().value!);
  }

  #recent(network: string): number[] {
    return (this.#failures.get(network) ?? []).filter((at) => at > this.#now() - windowMs);
  }
}

/** An address; one of IPv4 that is written as one of IPv6 (RFC 4291 §2.5.5.2) as it is in IPv4. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

/** One machine may have any address of an IPv6 network of 64 bits. */
function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('%')[0]!.split('::');
  const parts = head.split(':');
  if (tail === undefined) return parts.slice(0, 4).join(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - (head === '' ? 0 : parts.length) - after.length }, () => '0');
  return [...(head === '' ? [] : parts), ...zeros, ...after].slice(0, 4).join(':');
}
