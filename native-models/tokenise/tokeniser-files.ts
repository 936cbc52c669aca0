/** Finds and reads the files that describe CLIP's byte pairs: `tokenizer.json`, or `vocab.json` with `merges.txt` beside it. */
import { access, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { StudioError } from '../../contract/errors.ts';
import { explainInvalid } from '../../contract/explain-invalid.ts';
import { toFileError } from '../checkpoints/byte-source.ts';

/** A step of the pipeline (normaliser or pre-tokeniser); steps can be sequences of steps. */
const Step = z.looseObject({
  type: z.string(),
  get normalizers() {
    return z.array(Step).optional();
  },
  get pretokenizers() {
    return z.array(Step).optional();
  },
});
export type Step = z.infer<typeof Step>;

const id = z.int().min(0).max(10_000_000);

/** What of a `tokenizer.json` matters here; the format is that of the Hugging Face `tokenizers` library. */
const TokenizerJson = z.looseObject({
  added_tokens: z.array(z.looseObject({ id, content: z.string().min(1), normalized: z.boolean() })),
  normalizer: Step.nullable(),
  pre_tokenizer: Step.nullable(),
  model: z.looseObject({
    // Files of 2021 do not name the type.
    type: z.literal('BPE').default('BPE'),
    vocab: z.record(z.string(), id),
    merges: z.array(z.union([z.string().regex(/^\S+ \S+$/), z.tuple([z.string(), z.string()])])),
    end_of_word_suffix: z.literal('</w>'),
  }),
});
export type TokenizerJson = z.infer<typeof TokenizerJson>;

export const startToken = '<|startoftext|>';
export const endToken = '<|endoftext|>';

/** Where a processor's files lie, from a folder that a person names: PickScore's own folder, CLIP's processor, SF-IQA's repository. */
const places = ['.', 'processor', 'pretrained/processor'];

/**
 * The path of the first tokeniser in these folders, for `openTokeniser`: a `tokenizer.json`, or a `vocab.json` that has its `merges.txt`;
 * null where there is none.
 */
export async function findTokeniser(folders: string[]): Promise<string | null> {
  for (const folder of folders.flatMap((one) => places.map((place) => join(one, place)))) {
    if (await exists(join(folder, 'tokenizer.json'))) return join(folder, 'tokenizer.json');
    const hasBoth = (await exists(join(folder, 'vocab.json'))) && (await exists(join(folder, 'merges.txt')));
    if (hasBoth) return join(folder, 'vocab.json');
  }
  return null;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Reads the description at a path that `findTokeniser` gave or a person chose. @throws StudioError `notFound`, `unreadable`, `unsupported` */
export async function readTokenizerJson(path: string): Promise<TokenizerJson> {
  const content = parseJson(await readText(path), path);
  const described =
    basename(path) === 'vocab.json'
      ? describeClip(content, await readText(join(dirname(path), 'merges.txt')))
      : content;
  const parsed = TokenizerJson.safeParse(described);
  if (parsed.success) return parsed.data;
  throw notATokeniser(path, explainInvalid(parsed.error));
}

export function notATokeniser(path: string, why: string): StudioError {
  return new StudioError('unsupported', `${path} does not describe CLIP’s tokeniser (${why}).`, { path });
}

/**
 * The `tokenizer.json` that a vocabulary and its merges stand for: the pipeline of CLIP (Radford et al. 2021, §2.4: lower-cased byte
 * pairs) as transformers' CLIPConverter writes it.
 */
function describeClip(vocab: unknown, merges: string): unknown {
  const ids = new Map<string, unknown>(Object.entries(vocab ?? {}));
  return {
    added_tokens: [startToken, endToken].map((content) => ({
      id: ids.get(content),
      content,
      normalized: content === startToken,
      special: true,
    })),
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
          pattern: {
            Regex:
              "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
          },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    model: {
      type: 'BPE',
      vocab,
      merges: merges.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#version')),
      unk_token: endToken,
      end_of_word_suffix: '</w>',
    },
  };
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw notATokeniser(path, `it is not JSON: ${thrown instanceof Error ? thrown.message : ''}`);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw toFileError(thrown, path);
  }
}
