/** Says who comes through the web door: whoever sits at this machine is the owner; over the network a cookie tells. */
import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { CallContext, DoorAccess } from '../core/access/caller.ts';
import { GuessLimit, plainAddress } from '../core/access/guess-limit.ts';
import { callerOfToken } from '../core/access/join.ts';
import { cookieNames, hashToken, newOwnerKey, readCookies } from '../core/access/tokens.ts';
import type { Studio } from '../core/studio.ts';

/** A door's access with a new owner's key, which is told once and kept as a hash. */
export function createAccess(
  now: () => number,
  addresses: readonly string[],
): { access: DoorAccess; ownerKey: string } {
  const ownerKey = newOwnerKey();
  return { ownerKey, access: { ownerKeyHash: hashToken(ownerKey), addresses, guesses: new GuessLimit(now) } };
}

/**
 * Who asks. A request that a proxy passed on comes from that proxy's machine, not from a person at it, so it is nobody's until a cookie
 * says otherwise.
 *
 * @param address the other end of the connection
 */
export function identify(
  studio: Pick<Studio, 'db' | 'now'>,
  access: DoorAccess,
  { request, address }: { request: Request; address: string },
): CallContext {
  const isForwarded = ['forwarded', 'x-forwarded-for', 'x-real-ip'].some((name) => request.headers.has(name));
  if (isLoopbackAddress(address) && !isForwarded) return { caller: { role: 'owner' }, address, access };
  const cookies = readCookies(request);
  const ownerKey = cookies.get(cookieNames.owner);
  if (ownerKey !== undefined && hashToken(ownerKey) === access.ownerKeyHash) {
    return { caller: { role: 'owner' }, address, access };
  }
  const token = cookies.get(cookieNames.rater);
  const caller = callerOfToken(studio, token);
  return { caller, address, access, ...(token === undefined ? {} : { token }) };
}

/** Whether an address, or a name to listen on, is this machine only. */
export function isLoopbackAddress(host: string): boolean {
  const plain = plainAddress(host);
  return plain === 'localhost' || plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'));
}

/** This machine's addresses in its networks. */
export function listNetworkAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((own) => own ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
}
