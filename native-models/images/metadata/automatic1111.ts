/** AUTOMATIC1111 and those that write like it (Forge, reForge, SD.Next, Civitai): prompt lines, `Negative prompt:`, one line `Steps: …`. */
import { type Blocks, makeReading, type Reading } from './blocks.ts';

/** The parameters text in `parameters` or UserComment. */
export function readAutomatic1111(blocks: Blocks): Reading | null {
  for (const name of ['parameters', 'UserComment', 'JpegComment']) {
    const text = blocks.get(name);
    const reading = text === undefined ? null : readParametersText(text);
    if (reading !== null) return reading;
  }
  return null;
}

const negativeMark = 'Negative prompt:';

/** Reads a parameters text; null where it has no line of settings. */
export function readParametersText(raw: string): Reading | null {
  const lines = raw.replaceAll('\r\n', '\n').replaceAll('\0', '').split('\n');
  const settingsAt = lines.findLastIndex((line) => /^\s*Steps: \d+/.test(line));
  if (settingsAt < 0) return null;
  const settings = readSettings(lines.slice(settingsAt).join(' '));
  const before = lines.slice(0, settingsAt);
  const negativeAt = before.findIndex((line) => line.startsWith(negativeMark));
  const promptLines = negativeAt < 0 ? before : before.slice(0, negativeAt);
  const negativeLines = negativeAt < 0 ? [] : before.slice(negativeAt);
  return makeReading({
    tool: nameTool(settings),
    prompt: promptLines.join('\n'),
    negativePrompt: negativeLines.join('\n').slice(negativeMark.length),
    model: settings.get('Model'),
    seed: settings.get('Seed'),
    steps: settings.get('Steps'),
    cfg: settings.get('CFG scale'),
    sampler: settings.get('Sampler'),
  });
}

/** `key: value, key: "quoted, value", …` */
function readSettings(line: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [, key, quoted, plain] of line.matchAll(
    /([\w][\w \-/]{0,60}): ?(?:"((?:[^"\\]|\\.){0,20000})"|([^,]{0,2000}))(?:,|$)/g,
  )) {
    if (key !== undefined && !settings.has(key.trim()))
      settings.set(key.trim(), (quoted ?? plain ?? '').trim());
  }
  return settings;
}

function nameTool(settings: ReadonlyMap<string, string>): string {
  if (settings.has('Civitai resources') || settings.has('Civitai metadata')) return 'Civitai';
  const app = settings.get('App') ?? '';
  const version = settings.get('Version') ?? '';
  if (app === 'SD.Next') return 'SD.Next';
  if (version.startsWith('Fooocus')) return 'Fooocus';
  if (version === 'neo' || /^f\d/.test(version)) return version === 'neo' ? 'Forge Neo' : 'Forge';
  return 'AUTOMATIC1111';
}
