/** Codes that people type, tokens that browsers keep, and the cookies they travel in. */
import { createHash, randomBytes } from 'node:crypto';

/** Crockford's base 32: no I, L, O, U, so that a code can be read out and typed. */
const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Random bits as symbols, five bits each. */
function drawSymbols(count: number): string {
  // 256 is a multiple of 32: every symbol is equally likely.
  return Array.from(randomBytes(count), (byte) => symbols[byte % 32]!).join('');
}

/** A join code of 40 bits, `K7QM-2XP4`: ten guesses in ten minutes find one of a thousand codes in about two million years. */
export function newJoinCode(): string {
  const drawn = drawSymbols(8);
  return `${drawn.slice(0, 4)}-${drawn.slice(4)}`;
}

/** The owner's key of 160 bits. */
export function newOwnerKey(): string {
  return drawSymbols(32);
}

/** A browser's token of 256 bits. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** A code as it was made, from how people write it: lower case, spaces, O for 0, I and L for 1. */
export function normaliseCode(typed: string): string {
  const plain = typed
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1');
  return plain.length === 8 ? `${plain.slice(0, 4)}-${plain.slice(4)}` : plain;
}

/** What is stored and compared in place of a token. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export const cookieNames = { owner: 'sfiqa_owner', rater: 'sfiqa_rater' } as const;

/** Not readable by scripts, never sent by other sites' pages. Not `Secure`: on a local network there is no certificate to be had. */
export function cookieOf(name: string, token: string, maxAgeMs: number): string {
  return `${name}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${Math.max(0, Math.floor(maxAgeMs / 1000))}`;
}

/** The cookies of a request. */
export function readCookies(request: Request): Map<string, string> {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split('='));
  return new Map(pairs.map(([name = '', ...value]) => [name, value.join('=')]));
}
