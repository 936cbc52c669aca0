/** A tokeniser that knows single bytes, for untrained packs and tests. */

/** CLIP's pipeline over a vocabulary of single bytes: no one's data, and every prompt has ids. */
export function byteTokeniser(vocabulary: number): unknown {
  const letters = byteLetters();
  const vocab = Object.fromEntries([
    ...letters.map((letter, at) => [letter, at]),
    ...letters.map((letter, at) => [`${letter}</w>`, 256 + at]),
    ['<|startoftext|>', vocabulary - 2],
    ['<|endoftext|>', vocabulary - 1],
  ]);
  const special = (content: string, id: number, normalized: boolean) => ({
    id,
    content,
    normalized,
    special: true,
  });
  return {
    added_tokens: [
      special('<|startoftext|>', vocabulary - 2, true),
      special('<|endoftext|>', vocabulary - 1, false),
    ],
    normalizer: { type: 'Sequence', normalizers: [{ type: 'NFC' }, { type: 'Lowercase' }] },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    model: { type: 'BPE', vocab, merges: [], unk_token: '<|endoftext|>', end_of_word_suffix: '</w>' },
  };
}

/** The letter that stands for each byte in byte-level vocabularies (Radford et al. 2019, GPT-2): printable ones for themselves. */
export function byteLetters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 255 && byte !== 173);
    return String.fromCodePoint(isPrintable ? byte : next++);
  });
}
