/** Prompts become the ids of the official tokeniser, whatever is in them and whichever files describe it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ClipTokeniser, openTokeniser } from '../../../native-models/tokenise/clip-tokeniser.ts';
import { findTokeniser } from '../../../native-models/tokenise/tokeniser-files.ts';
import { byteLetters } from '../../../scripts/support/byte-tokeniser.ts';
import { hasShared, readSharedJson, sharedPath } from '../../support/shared.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();

async function put(path: string, content: unknown): Promise<string> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, typeof content === 'string' ? content : JSON.stringify(content));
  return full;
}

interface Description {
  model: { vocab: Record<string, number>; merges: string[] };
}

/** The two files of the older form, made from a `tokenizer.json`. */
async function putVocabulary(path: string, { model }: Description): Promise<string> {
  await put(`${path}/merges.txt`, ['#version: 0.2', ...model.merges, ''].join('\n'));
  return put(`${path}/vocab.json`, model.vocab);
}

interface GoldenPrompt {
  id: string;
  text: string;
  ids: number[];
  truncated: boolean;
}

describe.skipIf(!hasShared)('the golden prompts', () => {
  const prompts = hasShared ? readSharedJson<GoldenPrompt[]>('golden/public/tokenizer/prompts.json') : [];

  function wrong(tokeniser: ClipTokeniser): string[] {
    return prompts.filter(({ text, ids }) => `${tokeniser.encode(text)}` !== `${ids}`).map(({ id }) => id);
  }

  test('all 402 are exact, truncated ones among them', async () => {
    expect(prompts).toHaveLength(402);
    expect(prompts.filter(({ truncated }) => truncated).length).toBeGreaterThan(5);
    expect(wrong(await openTokeniser(sharedPath('golden/tokenizer.json')))).toEqual([]);
  });

  test('all are exact from vocab.json and merges.txt', async () => {
    const path = await putVocabulary('golden', readSharedJson<Description>('golden/tokenizer.json'));
    expect(wrong(await openTokeniser(path))).toEqual([]);
  });

  // What the Rust library answers with this tokenizer.json (by its node binding, @anush008/tokenizers 0.6).
  test.each([
    ['<|ENDOFTEXT|>', [27, 347, 40786, 4160, 91, 285]],
    ['<|STARTOFTEXT|><|ENDOFTEXT|>x', [49406, 27, 347, 40786, 4160, 91, 285, 343]],
    ['!\uFEFF!', [0, 171, 119, 123, 256]],
    ['ΑΣ', [138, 109, 139, 481]],
  ])('%j is read as the Rust library reads it', async (text, ids) => {
    const tokeniser = await openTokeniser(sharedPath('golden/tokenizer.json'));
    expect([...tokeniser.encode(text)]).toEqual([49406, ...ids, 49407]);
  });
});

/** All bytes, plain and at the end of a word, three merges and the two special tokens: a whole tokeniser of 517 tokens. */
const small = describeSmall();
const [startId, endId] = [515, 516];

describe('with a small tokeniser', () => {
  let tokeniser: ClipTokeniser;

  beforeAll(async () => {
    tokeniser = await openTokeniser(await put('small/tokenizer.json', small));
  });

  function names(prompt: string): string[] {
    const tokens = Object.keys(small.model.vocab);
    return [...tokeniser.encode(prompt)].map((id) => tokens[id]!);
  }

  test('words are lower-cased, split and merged', () => {
    expect(names("Cat's  CAT2 Éa")).toEqual([
      '<|startoftext|>',
      'cat</w>',
      ...["'", 's</w>'],
      'cat</w>',
      '2</w>',
      ...['Ã', '©', 'a</w>'],
      '<|endoftext|>',
    ]);
  });

  test('only the lower-case end token is the end token; the start token is known in any case', () => {
    expect([...tokeniser.encode('<|endoftext|>')]).toEqual([startId, endId, endId]);
    expect([...tokeniser.encode('<|StartOfText|>')]).toEqual([startId, startId, endId]);
    expect(names('<|ENDOFTEXT|>').slice(1, 3)).toEqual(['<', '|</w>']);
    expect([...tokeniser.encode('<|ENDOFTEXT|>')].slice(1, -1)).not.toContain(endId);
  });

  test('a long prompt keeps 75 tokens and the end token', () => {
    const ids = tokeniser.encode('cat 2 '.repeat(100));
    expect(ids).toHaveLength(77);
    expect([ids[0], ids[1], ids[75], ids[76]]).toEqual([startId, ids[1], ids[1], endId]);
    expect(tokeniser.encode('cat '.repeat(75))).toHaveLength(77);
    expect(tokeniser.encode('cat '.repeat(74))).toHaveLength(76);
  });

  test('any text at all has at most 77 ids between start and end', () => {
    // Any UTF-16, so half surrogates too; some letters often, so that merges and special tokens meet it.
    const piece = fc.oneof(
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom('cat', '<|endoftext|>', '<|ENDOFTEXT|>', '<|startoftext|>', ' ', 'Σ', '\uFEFF', '😀'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const ids = tokeniser.encode(pieces.join(''));
        expect(ids.length).toBeLessThanOrEqual(77);
        expect([ids[0], ids.at(-1)]).toEqual([startId, endId]);
        expect(ids.every((id) => id >= 0 && id <= endId)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('two texts joined by white space have the ids of both', () => {
    const words = fc.string({ unit: fc.constantFrom('c', 'a', 't', 'S', "'", '1', '!', '猫'), minLength: 1 });
    const inner = (text: string) => [...tokeniser.encode(text)].slice(1, -1);
    fc.assert(
      fc.property(words, words, fc.constantFrom(' ', '\n\t', '\u0085', '\u3000'), (one, two, space) => {
        fc.pre(one.length + two.length < 20);
        expect(inner(one + space + two)).toEqual([...inner(one), ...inner(two)]);
      }),
    );
  });

  test('vocab.json with merges.txt is the same tokeniser', async () => {
    const other = await openTokeniser(await putVocabulary('small-vocabulary', small));
    for (const prompt of ["Cat's CAT2", '', '<|endoftext|> x', '!\uFEFF!Σ', 'cat '.repeat(90)])
      expect([...other.encode(prompt)], prompt).toEqual([...tokeniser.encode(prompt)]);
  });

  test('merges given as pairs, as newer files do, are the same', async () => {
    const merges = small.model.merges.map((pair) => pair.split(' '));
    const path = await put('pairs/tokenizer.json', { ...small, model: { ...small.model, merges } });
    expect([...(await openTokeniser(path)).encode('a cat')]).toEqual([...tokeniser.encode('a cat')]);
  });
});

describe('finding it', () => {
  test('beside the checkpoint, in a processor folder, in SF-IQA’s repository, or as two files', async () => {
    const beside = await put('find/pickscore/tokenizer.json', '{}');
    const processor = await put('find/clip/processor/tokenizer.json', '{}');
    const official = await put('find/official/pretrained/processor/tokenizer.json', '{}');
    const vocabulary = await put('find/old/vocab.json', '{}');
    await put('find/old/merges.txt', '');
    await put('find/half/vocab.json', '{}');
    const at = (name: string) => join(folder, 'find', name);
    expect(await findTokeniser([at('pickscore')])).toBe(beside);
    expect(await findTokeniser([at('clip')])).toBe(processor);
    expect(await findTokeniser([at('nowhere'), at('half'), at('official')])).toBe(official);
    expect(await findTokeniser([at('old'), at('pickscore')])).toBe(vocabulary);
    expect(await findTokeniser([at('half'), at('nowhere')])).toBeNull();
  });
});

describe('what is no tokeniser is refused by name', () => {
  const { model } = small;
  test.each<[string, unknown, RegExp]>([
    ['text', 'not json', /bad\/text\.json does not describe .*not JSON/],
    ['array', [], /does not describe/],
    ['config', { hidden_size: 3 }, /does not describe/],
    ['word-piece', { ...small, model: { ...model, type: 'WordPiece' } }, /model\.type/],
    ['no-merges', { ...small, model: { ...model, merges: undefined } }, /model\.merges/],
    ['bad-merge', { ...small, model: { ...model, merges: ['abc'] } }, /model\.merges\.0/],
    ['bad-id', { ...small, model: { ...model, vocab: { a: 'x' } } }, /model\.vocab\.a/],
    ['no-suffix', { ...small, model: { ...model, end_of_word_suffix: '' } }, /end_of_word_suffix/],
    ['no-end', { ...small, added_tokens: small.added_tokens.slice(0, 1) }, /has no <\|endoftext\|>/],
    ['unknown-step', { ...small, normalizer: { type: 'Imagined' } }, /Imagined/],
  ])('%s', async (name, content, message) => {
    const path = await put(`bad/${name}.json`, content);
    const thrown = await openTokeniser(path).catch((error: unknown) => error);
    expect(thrown).toMatchObject({ code: expect.stringMatching(/^(unsupported|unreadable)$/) });
    expect(String(thrown)).toMatch(message);
  });

  test('a file that is not there', async () => {
    await expect(openTokeniser(join(folder, 'gone.json'))).rejects.toMatchObject({ code: 'notFound' });
  });
});

function describeSmall() {
  const letters = byteLetters();
  const tokens = [
    ...letters,
    ...letters.map((letter) => `${letter}</w>`),
    ...['ca', 'cat</w>', 'at</w>', '<|startoftext|>', '<|endoftext|>'],
  ];
  // JSON objects put whole-number keys first: one-digit tokens lead, so ids are given by that order.
  const ordered = Object.keys(Object.fromEntries(tokens.map((token) => [token, 0])));
  const vocab = Object.fromEntries(ordered.map((token, index) => [token, index]));
  return {
    added_tokens: [
      { id: vocab['<|startoftext|>']!, content: '<|startoftext|>', normalized: true, special: true },
      { id: vocab['<|endoftext|>']!, content: '<|endoftext|>', normalized: false, special: true },
    ],
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    model: {
      type: 'BPE',
      vocab,
      merges: ['c a', 'ca t</w>', 'a t</w>'],
      unk_token: '<|endoftext|>',
      end_of_word_suffix: '</w>',
    },
  };
}
