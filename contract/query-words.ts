/** The words of the query bar: what an image can be asked for, and what each word takes. */

/** Takes text: a part of it, or all of it after `=`; several with commas between them mean any of them. */
export const textWords = {
  prompt: 'words of the prompt, in this order',
  name: 'the file’s name',
  generator: 'the generator',
  folder: 'the folder it lies in',
  tag: 'a tag',
  collection: 'a collection',
  study: 'a study that shows it',
  size: 'width x height in pixels: `size:1024x768`',
  model: 'the model file its metadata names',
  tool: 'the program that generated it',
  sampler: 'the sampler',
  lora: 'a LoRA that took part',
  negative: 'the negative prompt',
  seed: 'the seed, digit by digit',
  raw: 'words of the file’s raw metadata or workflow, all of them',
  looks: 'looks like this text, the most similar first',
  like: 'looks like the image of this number, the most similar first',
} as const;

/** Takes one of a few values; several with commas between them mean any of them. */
export const choiceWords = {
  flag: ['pick', 'reject', 'none'],
  label: ['red', 'yellow', 'green', 'blue', 'purple', 'none'],
  is: [
    'scored',
    'unscored',
    'rated',
    'unrated',
    'file',
    'nofile',
    'offline',
    'missing',
    'taken-out',
    'duplicate',
    'prompted',
    'unprompted',
    'garbled',
  ],
} as const;

/** Takes a number or a range; some of them also of one target: `mos.alignment:>4`. */
export const numberWords = {
  mos: 'mean opinion score',
  score: 'the model’s score',
  gap: 'distance of score and MOS',
  ci: 'width of the 95 % interval of the MOS',
  signal: 'a signal: `signal.niqe:<5`',
  votes: 'votes cast',
  missing: 'votes that its studies still lack, in all or of one question: `missing.quality:>0`',
  files: 'paths that its content lies under',
  q: 'quality branch',
  s: 'picture against prompt',
  width: 'pixels',
  height: 'pixels',
  steps: 'sampling steps',
  cfg: 'CFG scale',
} as const;

export type TextWord = keyof typeof textWords;
export type ChoiceWord = keyof typeof choiceWords;
export type NumberWord = keyof typeof numberWords;

const withTarget: ReadonlySet<string> = new Set(['mos', 'score', 'gap', 'ci', 'signal', 'missing']);

/** Whether a word can be said of one target: `mos.alignment`. */
export function takesTarget(word: string): boolean {
  return withTarget.has(word);
}

export const isTextWord = (word: string): word is TextWord => Object.hasOwn(textWords, word);
export const isChoiceWord = (word: string): word is ChoiceWord => Object.hasOwn(choiceWords, word);
export const isNumberWord = (word: string): word is NumberWord => Object.hasOwn(numberWords, word);

/** All words, for completion and for messages. */
export const allWords: readonly string[] = [textWords, choiceWords, numberWords].flatMap((words) =>
  Object.keys(words),
);
