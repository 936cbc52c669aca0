/** Answers as large as the library: a thread writes them as JSON, and they are sent as they are; to check and write them anew would keep the engine from votes. */
import type { CallContext } from '../access/caller.ts';
import type { ComputeTasks } from '../compute/compute-tasks.ts';
import type { QuestionOf, ResultOf } from '../compute/readings.ts';
import type { LargeTask } from '../compute/tasks/agreement.ts';
import type { Studio } from '../studio.ts';

/** What stands for a written answer until it is sent. */
type WrittenReading = 'readList' | 'readMosRows';
const standIns: { [Name in WrittenReading]: ResultOf<Name> } = { readList: { ids: [] }, readMosRows: [] };

/** Answers an operation with what is read: for a door that sends it, in writing, else as it is. */
export async function answerWith<Name extends WrittenReading>(
  { reading }: Pick<Studio, 'reading'>,
  { written }: CallContext,
  [name, ...question]: [Name, ...QuestionOf<Name>],
): Promise<ResultOf<Name>> {
  if (written === undefined) return await reading.read(name, ...question);
  written.json = await reading.write(name, ...question);
  return standIns[name];
}

const computedStandIns: { [Name in LargeTask]: Awaited<ReturnType<ComputeTasks[Name]>> } = {
  points: { imageIds: [], predicted: [], mos: [], mapped: [], generator: [], generators: [], curve: [] },
  density: { density: [], predicted: { edges: [], counts: [] }, mos: { edges: [], counts: [] } },
  residuals: {
    field: { name: '-', label: '', isNumeric: false, images: 0, values: 0 },
    groups: [],
    withoutValue: 0,
  },
};

/** The same with what a thread computes. */
export async function answerComputed<Name extends LargeTask>(
  { compute }: Pick<Studio, 'compute'>,
  { written }: CallContext,
  [name, task]: [Name, Parameters<ComputeTasks[Name]>[0]],
): Promise<Awaited<ReturnType<ComputeTasks[Name]>>> {
  if (written === undefined) return await compute.run(name, task);
  written.json = await compute.run('written', { name, task });
  return computedStandIns[name];
}

interface Call {
  context: CallContext;
  next: () => Promise<unknown>;
}

/** An interceptor of a server's handler: sends in the handler's frame what was answered in writing. */
export function sendWritten([before, after]: [string, string]) {
  return async ({ next, context: { written, resHeaders } }: Call): Promise<unknown> => {
    const output = await next();
    if (written?.json == null) return output;
    resHeaders?.set('content-type', 'application/json');
    const encoder = new TextEncoder();
    const pieces = [encoder.encode(before), written.json, encoder.encode(after)];
    return new ReadableStream({
      pull: (controller) => {
        const piece = pieces.shift();
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
    });
  };
}
