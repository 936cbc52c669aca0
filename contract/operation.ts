/** What one row of the contract is made with: errors, the role that may ask, and whether it reads or writes. */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import type { OperationRole } from './access.ts';
import { type ErrorCode, errorStatus } from './errors.ts';

const Details = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
const codes = Object.keys(errorStatus) as ErrorCode[];
const errors = Object.fromEntries(
  codes.map((code) => [code, { status: errorStatus[code], data: Details }]),
) as Record<ErrorCode, { status: number; data: typeof Details }>;

/** Who may ask; whatever does not say so is the owner's alone. */
const base = oc.$meta<{ role: OperationRole }>({ role: 'owner' }).errors(errors);
/** Reads: safe to repeat, changes nothing. */
export function read(path: `/${string}`, summary: string) {
  return base.route({ method: 'GET', path, summary });
}
/** Reads whose question is too large for a query string. */
export function ask(path: `/${string}`, summary: string) {
  return base.route({ method: 'POST', path, summary });
}
/** Writes: changes what is remembered, or starts work. */
export function write(path: `/${string}`, summary: string) {
  return base.route({ method: 'POST', path, summary });
}
