/** The manifest of the `classic` pack: all that is not measured while training. */
import type { z } from 'zod';
import type { PackManifest } from '../../contract/pack.ts';
import { featureInfos } from '../../native-models/classic/features/features.ts';

/** Everything but the heads and the account of their training. */
export const classicPack: Omit<z.input<typeof PackManifest>, 'heads' | 'training'> = {
  format: 'sfiqa-pack/1',
  id: 'classic',
  title: 'Classic',
  kind: 'naturalSceneStatistics',
  licence: 'Apache-2.0',
  summary:
    'Hand-made image statistics with small networks for quality and alignment. Works at once, without a download; a modest score, and a base for heads from your own labels.',
  knows: [
    'Photographic and painted pictures of six generators of 2022–2023: AttnGAN, GLIDE, DALL·E 2, Stable Diffusion 1.5, Midjourney and SDXL.',
    'Damage by noise, JPEG and resizing, about as strong as people make it in passing.',
  ],
  doesNotKnow: [
    'What is in the picture: wrong hands, broken text and impossible scenes pass unnoticed.',
    'The prompt: alignment is a rough estimate from the picture alone and never compares it with the text.',
    'Generators that came later: on one it has not seen, strong pictures are rated about half a point too low.',
  ],
  inputRecipe:
    'Decoded as stored, to 8-bit RGB; of an image of another size the centred square is scaled to 512 × 512 (antialiased bicubic). NIQE, colourfulness, sharpness and contrast are measured at the image’s own size.',
  features: { version: 1, length: featureInfos.length },
  signals: [
    {
      name: 'q',
      label: 'Q (quality)',
      description: 'The shipped quality head’s value; training heads of your own does not change it.',
      higherIsBetter: true,
      range: [0, 5],
      from: 'head:quality',
    },
    {
      name: 'niqe',
      label: 'NIQE',
      description:
        'Distance from the statistics of natural pictures (Mittal et al., 2013); less is more natural.',
      higherIsBetter: false,
      range: [0, null],
      from: 'backbone',
    },
    {
      name: 'colourfulness',
      label: 'Colourfulness',
      description: 'Spread and strength of opponent colours (Hasler and Süsstrunk, 2003).',
      higherIsBetter: null,
      range: [0, null],
      from: 'backbone',
    },
    {
      name: 'sharpness',
      label: 'Sharpness',
      description:
        'Standard deviation of the Laplacian of luma (Pech-Pacheco et al., 2000); noise counts as detail.',
      higherIsBetter: null,
      range: [0, null],
      from: 'backbone',
    },
    {
      name: 'contrast',
      label: 'Contrast',
      description: 'Standard deviation of luma (RMS contrast; Peli, 1990).',
      higherIsBetter: null,
      range: [0, null],
      from: 'backbone',
    },
  ],
  absent: [
    {
      name: 's',
      reason:
        'Similarity of picture and prompt needs a vision-language model; this pack has none. A pack with one (SF-IQA, CLIP) gives S.',
    },
  ],
  sources: [
    {
      title: 'AGIQA-3K (training labels and images)',
      citation:
        'Li et al., “AGIQA-3K: An Open Database for AI-Generated Image Quality Assessment”, IEEE TCSVT 2023, doi 10.1109/TCSVT.2023.3319020. Copyright (c) 2023 lcysyzxdxc (Chunyi Li et al.)',
      licence: 'MIT',
    },
    {
      title: 'AGIQA-3K images as published again in qiyan111/AIGC',
      citation: 'github.com/qiyan111/AIGC, commit 657e334. Copyright (c) 2025 qiyan111',
      licence: 'MIT',
    },
    {
      title: 'NIQE: the pristine model',
      citation:
        'Mittal, Soundararajan, Bovik, “Making a ‘Completely Blind’ Image Quality Analyzer”, IEEE Signal Processing Letters 2013. From LIVE, The University of Texas at Austin.',
      licence: 'Free use, copying and modification with acknowledgement of LIVE, UT Austin, and citation',
    },
    {
      title: 'BRISQUE (part of the features)',
      citation:
        'Mittal, Moorthy, Bovik, “No-Reference Image Quality Assessment in the Spatial Domain”, IEEE TIP 2012',
      licence: 'own implementation from the paper',
    },
    {
      title: 'GM-LOG (part of the features)',
      citation:
        'Xue et al., “Blind Image Quality Assessment Using Joint Statistics of Gradient Magnitude and Laplacian Features”, IEEE TIP 2014',
      licence: 'own implementation from the paper',
    },
  ],
};
