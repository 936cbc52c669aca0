/** The bounds within which a checkpoint is read, so that a hostile file cannot take more memory or time than stated. */

/** Readers hold at most about 0.5 GB while opening, whatever the file says. */
export const limits = {
  /** Bytes of a safetensors header, an index or a pickle. */
  headerBytes: 64 * 2 ** 20,
  tensors: 100_000,
  /** Dictionaries within dictionaries. */
  nesting: 64,
  /** Dimensions of one tensor. */
  rank: 32,
  /** Characters of a tensor's joined name, or of a name in an archive. */
  nameLength: 1024,
  /** Steps of a pickle: 100,000 tensors take about 3.5 million. */
  pickleSteps: 5_000_000,
  /** Tuples, lists and dictionaries in a pickle. */
  pickleContainers: 1_000_000,
  /** Entries of all dictionaries of a pickle, and items of the lists that its calls are handed. */
  pickleEntries: 1_000_000,
  /** Files in an archive. */
  archiveEntries: 110_000,
  /** Bytes of its directory: 110,000 entries take about 13 million. */
  directoryBytes: 16 * 2 ** 20,
  /** Elements that a tensor with strides may span: they are gathered in memory. */
  stridedElements: 2 ** 26,
  /** Elements that `readTensor` gives at once; `readTensorChunks` has no such bound. */
  wholeTensorElements: 2 ** 29,
} as const;
