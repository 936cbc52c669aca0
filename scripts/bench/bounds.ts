/** What was promised of the studio’s speed: the bounds that the benches hold it to. */

export const bounds = {
  leastRatio: 0.9,
  longestRescoreMs: 1_000,
  longestPaintMs: 100,
  /** Agreement of 20,000 images; the fusion network alone; folds, curve and head. */
  longestAgreementMs: 2_000,
  longestNetworkMs: 3_000,
  longestTrainingMs: 30_000,
  /** Networks: share of the checkpoint's bytes written, time to ready, memory, and ratios. */
  mostWritten: 0.001,
  longestReadyMs: 3_000,
  mostPeakBytes: 500e6,
  leastFedRatio: 0.95,
  leastInt8Gain: 2,
  leastInt8Srcc: 0.995,
  leastRerunGain: 60,
  /** A library of 100,000: filters, filter and order, looks, the engine's thread, opening, first thumbnails, frames (55 a second). */
  longestFilterMs: 200,
  longestOrderMs: 500,
  longestLooksMs: 100,
  longestHeldMs: 50,
  longestOpenMs: 3_000,
  longestFirstMs: 2_000,
  longestFrameMs: 1000 / 55,
  /** Where a browser without a graphics card cannot show bare pictures in time, the list takes little more than they do. */
  mostOfBareFrames: 1.1,
  mostRendererBytes: 1.2e9,
  /** Exports: a million rows through an encoder, a whole job of 100,000 images, and from Cancel to the end. */
  longestEncodingSeconds: 120,
  longestJobSeconds: 60,
  longestCancelMs: 1_000,
  /** Seconds an image of the official PyTorch modules (quality, image and a text of 20 tokens) at batch 4, by the goldens' README. */
  officialSeconds: (0.67 + 5.0 + 0.25) / 4,
};
