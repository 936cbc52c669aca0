/** AUTOMATIC1111 and those that write like it (Forge, reForge, SD.Next, Civitai, stable-diffusion.cpp): prompt lines, `Negative prompt:`, one line `Steps: …`. */
import { type Blocks, type FoundLora, makeReading, type Reading, readLoraTags, readSize } from './blocks.ts';
import { asFields, fieldOf, parseFields } from './json.ts';

/** PNG's own keyword first; the others are where programs put it that change the file's format. */
const textNames = [
  ...['parameters', 'UserComment', 'JpegComment', 'ImageDescription'],
  ...['Description', 'Comment', 'Caption'],
];

/** The parameters text in `parameters`, UserComment or a description. */
export function readAutomatic1111(blocks: Blocks): Reading | null {
  for (const name of textNames) {
    const text = blocks.get(name);
    const reading = text === undefined ? null : readParametersText(text);
    if (reading !== null) return reading;
  }
  return null;
}

/** Some write it with another capital. */
const negativeMark = /^\s*negative prompt:/i;

/** Reads a parameters text; null where it has neither a line of settings nor one of what to avoid. */
export function readParametersText(raw: string): Reading | null {
  const text = raw.replaceAll(/\r\n?/g, '\n').replaceAll(/[\0\uFEFF]/g, '');
  if (text.trimStart().startsWith('{')) return null;
  const lines = splitLines(text);
  const settingsAt = findSettings(lines);
  const before = settingsAt < 0 ? lines : lines.slice(0, settingsAt);
  const negativeAt = before.findIndex((line) => negativeMark.test(line));
  if (settingsAt < 0 && negativeAt < 0) return null;
  const settings = readSettings(settingsAt < 0 ? '' : lines.slice(settingsAt).join(', '));
  const prompt = (negativeAt < 0 ? before : before.slice(0, negativeAt)).join('\n');
  const negativeLines = negativeAt < 0 ? '' : before.slice(negativeAt).join('\n');
  const resources = readResources(settings.get('Civitai resources'));
  return makeReading({
    tool: nameTool(settings),
    prompt,
    negativePrompt: negativeLines.replace(negativeMark, ''),
    model: settings.get('Model') ?? resources.model,
    seed: settings.get('Seed'),
    steps: settings.get('Steps'),
    cfg: settings.get('CFG scale'),
    sampler: settings.get('Sampler'),
    ...readSize(settings.get('Size')),
    loras: [
      ...readLoraTags(prompt),
      ...readHashed(settings.get('Lora hashes')),
      ...readWeighed(settings.get('Lora weights')),
      ...readHashObject(settings.get('Hashes')),
      ...readFooocusLoras(settings),
      ...resources.loras,
    ],
  });
}

/** Forms that keep one line only put all three parts into it. */
function splitLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.some(isWhole)) return lines;
  const settingsThere = /\s(?=Steps: ?\d+, *(?:Sampler|Schedule type|CFG scale|Seed|Size|Model)\b)/;
  return lines.flatMap((line) => {
    const [before = '', ...settings] = line.split(settingsThere);
    return settings.length === 0 ? [line] : [...before.split(/\s(?=Negative prompt:)/i), ...settings];
  });
}

const usualSettings =
  /(?:^|, )\s*(?:Sampler|Schedule type|CFG scale|Seed|Size|Model|Model hash|Version): ?[^,\s]/g;

function countUsual(line: string): number {
  return (line.match(usualSettings) ?? []).length;
}

function hasSteps(line: string): boolean {
  return /^\s*Steps: ?\d+/.test(line);
}

function isWhole(line: string): boolean {
  return hasSteps(line) && countUsual(line) > 0;
}

/** The last line that begins with steps and has another setting; some leave steps out: then the last with two that all write. */
function findSettings(lines: readonly string[]): number {
  const whole = lines.findLastIndex(isWhole);
  const withoutSteps = whole >= 0 ? whole : lines.findLastIndex((line) => countUsual(line) >= 2);
  return withoutSteps >= 0 ? withoutSteps : lines.findLastIndex(hasSteps);
}

/** `key: value, key: "quoted, value", key: [JSON], …`, read once from left to right. */
function readSettings(line: string): Map<string, string> {
  const settings = new Map<string, string>();
  const keyPattern = /\s*(\w[\w \-/.]{0,60}): ?/y;
  for (let at = 0; at < line.length; ) {
    keyPattern.lastIndex = at;
    const key = keyPattern.exec(line)?.[1]?.trim();
    const start = key === undefined ? at : keyPattern.lastIndex;
    const end = endOfValue(line, start);
    const value = line.slice(start, end).trim();
    if (key !== undefined && !settings.has(key))
      settings.set(key, value.startsWith('"') ? unquote(value) : value);
    const comma = line.indexOf(',', end);
    at = comma < 0 ? line.length : comma + 1;
  }
  return settings;
}

/** Where a value ends: after its closing quotation mark or bracket, else before the next comma. */
function endOfValue(line: string, start: number): number {
  const pattern = enclosed.find(({ begins }) => line.startsWith(begins, start))?.pattern;
  if (pattern !== undefined) {
    pattern.lastIndex = start;
    if (pattern.test(line)) return pattern.lastIndex;
  }
  const comma = line.indexOf(',', start);
  return comma < 0 ? line.length : comma;
}

const enclosed = [
  { begins: '"', pattern: /"(?:[^"\\]|\\.){0,20000}"/y },
  { begins: '[{', pattern: /\[\{.{0,4000}?\}\](?=\s*(?:,|$))/y },
  { begins: '{"', pattern: /\{"[^{}]{0,4000}\}/y },
];

/** A quoted value is written as JSON writes it. */
function unquote(value: string): string {
  try {
    return String(JSON.parse(value));
  } catch {
    return value.replace(/^"|"$/g, '');
  }
}

/** `name: hash, name: hash` */
function readHashed(text: string | undefined): FoundLora[] {
  return (text ?? '')
    .split(',')
    .map((part) => ({ name: part.slice(0, Math.max(0, part.lastIndexOf(':'))).trim() }));
}

/** Fooocus: `name: weight, name: weight`, beside the hashes of the same. */
function readWeighed(text: string | undefined): FoundLora[] {
  return [...(text ?? '').matchAll(/(?<=^|,)([^,:]{1,300}): *(-?[\d.]+)/g)].map(([, name, weight]) => ({
    name,
    weight,
  }));
}

/** Civitai's extension: `{"model": hash, "lora:name": hash}`. */
function readHashObject(text: string | undefined): FoundLora[] {
  return Object.keys(parseFields(text) ?? {}).flatMap((key) =>
    /^(?:lora|lyco):./.test(key) ? [{ name: key.slice(5) }] : [],
  );
}

/** Fooocus in this form: `LoRA 1: name : 0.5`. */
function readFooocusLoras(settings: ReadonlyMap<string, string>): FoundLora[] {
  return [...settings].flatMap(([key, value]) => {
    const [, name, weight] = /^lora \d+$/i.test(key) ? (/^(.+?)\s*:\s*(-?[\d.]+)$/.exec(value) ?? []) : [];
    return name === undefined ? [] : [{ name, weight }];
  });
}

/** Civitai lists what took part as JSON. */
function readResources(text: string | undefined): { model: unknown; loras: FoundLora[] } {
  const parsed = parseList(text).map(asFields);
  const ofType = (pattern: RegExp) =>
    parsed.filter((resource) => pattern.test(String(fieldOf(resource, 'type'))));
  return {
    model: fieldOf(ofType(/^checkpoint$/i)[0] ?? null, 'modelName'),
    loras: ofType(/^(lora|lycoris|locon|dora)$/i).map((resource) => ({
      name: fieldOf(resource, 'modelName'),
      weight: fieldOf(resource, 'weight'),
    })),
  };
}

function parseList(text: string | undefined): unknown[] {
  try {
    const parsed: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}

/** What the forks of AUTOMATIC1111 write as their version. */
const forks: readonly [RegExp, string][] = [
  [/^neo/, 'Forge Neo'],
  [/^classic/, 'Forge Classic'],
  [/^f\d+\.\d+(?:\.\d+)?-v/, 'EasyReforge'],
  [/^f\d+\.\d+(?:\.\d+)?v\d+-v/, 'reForge'],
  [/^f\d/, 'Forge'],
];

function nameTool(settings: ReadonlyMap<string, string>): string {
  if (settings.has('Civitai resources') || settings.has('Civitai metadata')) return 'Civitai';
  const app = settings.get('App') ?? '';
  const version = settings.get('Version') ?? '';
  if (/^SD\.?Next$/i.test(app) || settings.has('Backend')) return 'SD.Next';
  if (version.startsWith('Fooocus')) return 'Fooocus';
  if (version.startsWith('stable-diffusion.cpp')) return 'stable-diffusion.cpp';
  if (version === 'ComfyUI') return 'ComfyUI';
  return forks.find(([pattern]) => pattern.test(version))?.[1] ?? 'AUTOMATIC1111';
}
