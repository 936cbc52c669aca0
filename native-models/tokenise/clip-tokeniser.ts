/** CLIP's tokeniser: a prompt as byte-pair ids, exactly as the official code's fast tokeniser gives them. */
import { Tokenizer } from '@huggingface/tokenizers';
import {
  endToken,
  notATokeniser,
  readTokenizerJson,
  type Step,
  startToken,
  type TokenizerJson,
} from './tokeniser-files.ts';

/** CLIP's text tower has 77 positions. */
const maxTokens = 77;

export interface ClipTokeniser {
  /**
   * The ids of a prompt: start token (49406), tokens, end token (49407). At most 77: of a longer prompt the first 75 tokens and the end
   * token stay, as `truncation=True, max_length=77` does. Any text has ids; the empty one has the two of start and end.
   * Ids are those of `tokenizers` 0.23 for every character up to Unicode 15; of some 300 letters and marks that came with 16 and 17 (node's
   * own tables) they differ.
   */
  encode(prompt: string): Int32Array<ArrayBuffer>;
}

/**
 * Opens a `tokenizer.json`, or a `vocab.json` that has its `merges.txt` beside it.
 *
 * @throws StudioError `unreadable` for what cannot be read, `unsupported` for what does not describe CLIP's tokeniser
 */
export async function openTokeniser(path: string): Promise<ClipTokeniser> {
  const file = await readTokenizerJson(path);
  const startId = idOf(startToken, file, path);
  const endId = idOf(endToken, file, path);
  // Tokens found in the raw text. The library would find them again in the lower-cased text, where `<|ENDOFTEXT|>` is none.
  const rawTokens = new Map(
    file.added_tokens.filter(({ normalized }) => !normalized).map(({ content, id }) => [content, id]),
  );
  const tokenizer = createTokenizer(file, path);

  return {
    encode(prompt) {
      const ids = [startId];
      for (const section of splitAt(prompt, [...rawTokens.keys()])) {
        const id = rawTokens.get(section);
        const found = id === undefined ? tokenizer.encode(section, { add_special_tokens: false }).ids : [id];
        for (const one of found.slice(0, maxTokens)) ids.push(one);
        if (ids.length >= maxTokens) break;
      }
      return Int32Array.from([...ids.slice(0, maxTokens - 1), endId]);
    },
  };
}

function idOf(token: string, file: TokenizerJson, path: string): number {
  const found = file.added_tokens.find(({ content }) => content === token);
  if (found === undefined) throw notATokeniser(path, `it has no ${token}`);
  return found.id;
}

function createTokenizer(file: TokenizerJson, path: string): Tokenizer {
  try {
    return new Tokenizer(
      {
        ...file,
        added_tokens: file.added_tokens.filter(({ normalized }) => normalized),
        normalizer: file.normalizer && mend(file.normalizer),
        pre_tokenizer: file.pre_tokenizer && mend(file.pre_tokenizer),
        post_processor: null,
        decoder: null,
      },
      {},
    );
  } catch (thrown) {
    throw notATokeniser(path, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

/** The text cut before and after every token, the tokens included. */
function splitAt(text: string, tokens: string[]): string[] {
  if (tokens.length === 0) return [text];
  const escaped = tokens.map((token) => token.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return text.split(new RegExp(`(${escaped.join('|')})`));
}

/**
 * The same step in words that the JavaScript library understands as the Rust one (`tokenizers` 0.22) does. Two steps differ between them:
 *
 * - `Lowercase`: Rust lowers character by character; JavaScript makes ς of a Σ that ends a word.
 * - `ByteLevel` splits by GPT-2's pattern, whose `\s` is Unicode's White_Space in Rust; in JavaScript it holds U+FEFF too, which would
 *   be cut out of a run of punctuation. Given as `Split`, the library translates the class.
 */
function mend(step: Step): Step {
  switch (step.type) {
    case 'Sequence':
      return {
        ...step,
        ...(step.normalizers && { normalizers: step.normalizers.map(mend) }),
        ...(step.pretokenizers && { pretokenizers: step.pretokenizers.map(mend) }),
      };
    case 'Lowercase':
      return {
        type: 'Sequence',
        normalizers: [{ type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' }, step],
      };
    case 'ByteLevel':
      if (step['use_regex'] === false || step['add_prefix_space'] === true) return step;
      return {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Split', pattern: { Regex: gpt2Pattern }, behavior: 'Removed', invert: true },
          { ...step, use_regex: false },
        ],
      };
    default:
      return step;
  }
}

/** The pattern of a `ByteLevel` step (Radford et al. 2019, GPT-2). */
const gpt2Pattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
