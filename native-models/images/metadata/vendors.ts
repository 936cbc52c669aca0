/** Services that say in credentials or properties that they generated a picture. */

const vendors: readonly [RegExp, string][] = [
  [/dall/i, 'DALL·E'],
  [/openai|chatgpt|gpt/i, 'ChatGPT'],
  [/google|gemini|imagen/i, 'Google'],
  [/firefly|adobe/i, 'Adobe Firefly'],
  [/microsoft|bing/i, 'Microsoft'],
];

/** The service that one of the names belongs to; undefined where none is known. */
export function nameVendor(names: readonly string[]): string | undefined {
  return vendors.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}

/** Whether a digital source type (IPTC's controlled vocabulary) says that a model made the picture or parts of it. */
export function isGeneratedSource(type: string): boolean {
  return /(?:trainedAlgorithmicMedia|algorithmicMedia|compositeSynthetic)$/i.test(type);
}
