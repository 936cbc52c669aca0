/**
 * All raters press a key in the same instant. Over connections that are open and with requests that are written before, so that the program
 * that measures takes next to none of the cores' time from the engine that it measures.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import * as z from 'zod';
import { VoteReceipt } from '../../contract/studies.ts';
import { readCpuMs } from '../support/read-cpu-ms.ts';
import type { SentVote } from './ledger.ts';

export interface BurstRater {
  headers: Record<string, string>;
  connection: Socket;
}

export interface BurstVote {
  rater: BurstRater;
  vote: SentVote;
}

export interface Burst {
  /** From the instant of the key to a vote's acknowledgement, in milliseconds. */
  latenciesMs: number[];
  /** Of each vote, in the order given. */
  voteIds: number[];
  /** Processor time of the engine and of this program during the burst; the engine's is known on Linux only. */
  engineCpuMs: number | null;
  ownCpuMs: number;
}

/** Connects to the engine as a browser stays connected. */
export async function connectRater(url: string, headers: Record<string, string>): Promise<BurstRater> {
  const { hostname, port } = new URL(url);
  const connection = connect(Number(port), hostname);
  connection.setNoDelay(true);
  await once(connection, 'connect');
  return { headers, connection };
}

/** @param enginePid whose processor time is told */
export async function voteInOneInstant(votes: readonly BurstVote[], enginePid: number): Promise<Burst> {
  const requests = votes.map(({ rater, vote }) => writeRequest(rater, vote));
  const engineBefore = readCpuMs(enginePid);
  const ownBefore = process.cpuUsage();
  const startedAt = performance.now();
  const answers = await Promise.all(
    votes.map(async ({ rater: { connection } }, at) => {
      connection.write(requests[at]!);
      const answer = await readAnswer(connection);
      return { answer, latencyMs: performance.now() - startedAt };
    }),
  );
  const own = process.cpuUsage(ownBefore);
  const engineAfter = readCpuMs(enginePid);
  return {
    latenciesMs: answers.map(({ latencyMs }) => latencyMs),
    voteIds: answers.map(({ answer }) => readVoteId(answer)),
    engineCpuMs: engineBefore === null || engineAfter === null ? null : engineAfter - engineBefore,
    ownCpuMs: (own.user + own.system) / 1000,
  };
}

function writeRequest({ headers, connection }: BurstRater, vote: SentVote): string {
  const { rater: _rater, voteId: _voteId, ...sent } = vote;
  const body = JSON.stringify({ json: sent });
  const all = {
    host: `${connection.remoteAddress}:${connection.remotePort}`,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return ['POST /rpc/rating/vote HTTP/1.1', ...lines, '', body].join('\r\n');
}

/** The next answer on a connection, whole. */
function readAnswer(connection: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    function read(chunk: Buffer): void {
      text += chunk.toString('utf8');
      const bodyAt = text.indexOf('\r\n\r\n') + 4;
      const length = /content-length: (\d+)/i.exec(text)?.[1];
      if (bodyAt < 4 || length === undefined || text.length < bodyAt + Number(length)) return;
      connection.off('data', read);
      connection.off('close', fail);
      resolve(text);
    }
    function fail(): void {
      reject(new Error(`The engine closed a connection after ${text.length} characters of an answer.`));
    }
    connection.on('data', read);
    connection.once('close', fail);
  });
}

const VoteAnswer = z.object({ json: VoteReceipt });

function readVoteId(answer: string): number {
  if (!answer.startsWith('HTTP/1.1 200')) throw new Error(`A vote was answered with ${answer}`);
  return VoteAnswer.parse(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).json.voteId;
}
