/** What a pack's manifest says in words: what it knows, what it does not, whose work it is and under what terms. */
import type { PackManifest, PackNetwork, PackSignal } from '../../contract/pack.ts';
import type { Outline } from './outline.ts';

type Words = Pick<PackManifest, 'summary' | 'knows' | 'doesNotKnow' | 'sources'>;

const unstated =
  'No licence file lies beside these weights: ask their authors before you use them for more than research. The studio does not pass them on.';

const sfIqaSource = {
  title: 'SF-IQA',
  citation:
    'Z. Yu, F. Guan, Y. Lu, X. Li, Z. Chen: SF-IQA: Quality and Similarity Integration for AI Generated Image Quality Assessment. CVPR Workshops 2024.',
  licence:
    'The authors’ weights lie on their own share, named in the README of github.com/Travois/SF-IQA; they carry no licence file, so the studio never passes them on.',
};
const pickScoreSource = {
  title: 'PickScore',
  citation:
    'Y. Kirstain, A. Polyak, U. Singer, S. Matiana, J. Penna, O. Levy: Pick-a-Pic: An Open Dataset of User Preferences for Text-to-Image Generation. NeurIPS 2023.',
  licence:
    'The terms are on its model card, yuvalkirstain/PickScore_v1 on the Hugging Face hub; the studio states none of its own and never passes the weights on.',
};
const clipSource = {
  title: 'CLIP',
  citation:
    'A. Radford et al.: Learning Transferable Visual Models From Natural Language Supervision. ICML 2021.',
  licence: 'As its authors say.',
};
const swinSource = {
  title: 'Swin Transformer V2',
  citation: 'Z. Liu et al.: Swin Transformer V2: Scaling Up Capacity and Resolution. CVPR 2022.',
  licence: 'As its authors say.',
};

const words: Record<Outline['kind'], Words> = {
  sfiqa: {
    summary:
      'Quality and text-image similarity of AI-generated images, fused into one score: the paper’s system with its authors’ weights.',
    knows: [
      'How well AI-generated images look, as raters of AIGI data sets judged them.',
      'How well an image fits its prompt, as people chose between images in Pick-a-Pic.',
    ],
    doesNotKnow: [
      'Generators that came after its training data (2023): compare it with ratings of your own.',
      'More of a prompt than 77 tokens, and languages other than English.',
      'Whether a picture is true, safe or somebody else’s.',
    ],
    sources: [sfIqaSource, pickScoreSource, swinSource],
  },
  pickscore: {
    summary:
      'How well an image fits its prompt and pleases, learned from people’s choices between two images.',
    knows: ['Which of two images for one prompt people prefer.'],
    doesNotKnow: [
      'Quality apart from the prompt; values of different prompts compare badly.',
      'More of a prompt than 77 tokens, and languages other than English.',
    ],
    sources: [pickScoreSource, clipSource],
  },
  clip: {
    summary: 'How well an image fits its prompt: the CLIP score.',
    knows: ['What an image and a text have in common.'],
    doesNotKnow: [
      'Quality, and what people prefer.',
      'Counting, positions and who does what to whom, which CLIP confuses.',
    ],
    sources: [clipSource],
  },
  backbone: {
    summary:
      'Features of a network trained to name things, for quality heads trained on ratings of your own.',
    knows: ['What is in a picture, and much of how it looks.'],
    doesNotKnow: ['Quality: it gives no score until a head is trained on your labels.'],
    sources: [swinSource],
  },
};

export type Description = Words &
  Pick<PackManifest, 'licence' | 'inputRecipe' | 'signals' | 'fusion' | 'absent'>;

/** @param licenceFile that lies beside the weights, where one does */
export function describePack(outline: Outline, licenceFile: string | null): Description {
  const members = outline.members.map(({ name }) => name);
  const has = { q: outline.kind === 'sfiqa', s: outline.similarity !== null };
  const signals: PackSignal[] = [];
  const names = (['q', 's'] as const).filter((name) => has[name]);
  for (const name of names) {
    signals.push(describeSignal(name, members.length > 1 ? 'mean of the sets' : null));
    if (members.length > 1) {
      signals.push(
        ...members.map((member) => ({ ...describeSignal(name, member), name: `${name}_${member}` })),
      );
    }
  }
  const fusion =
    outline.kind !== 'sfiqa'
      ? []
      : members.length === 1
        ? ['q', 's']
        : members.flatMap((member) => [`q_${member}`, `s_${member}`]);
  const absent = (['q', 's'] as const)
    .filter((name) => !has[name])
    .map((name) => ({ name, reason: whyAbsent[name] }));
  const licence =
    licenceFile === null
      ? unstated
      : `The licence beside the weights: ${licenceFile}. The studio does not pass them on.`;
  return { ...words[outline.kind], licence, inputRecipe: describeInput(outline), signals, fusion, absent };
}

const whyAbsent = {
  q: 'This model has no quality branch: add SF-IQA, or train a quality head on ratings of your own.',
  s: 'This model does not read prompts: add SF-IQA or PickScore.',
};

function describeSignal(name: 'q' | 's', of: string | null): PackSignal {
  const isQ = name === 'q';
  return {
    name,
    label: of === null ? name.toUpperCase() : `${name.toUpperCase()} (${of})`,
    description: isQ
      ? 'The quality branch’s score before fusion (SF-IQA §3.2).'
      : 'exp(logit scale) times the cosine of image and prompt (SF-IQA equation 2).',
    higherIsBetter: true,
    range: [null, null],
    from: 'backbone',
    needsPrompt: !isQ,
  };
}

const recipes: Record<NonNullable<PackNetwork['quality']>['recipe'], string> = {
  sama: 'SAMA: 8 × 8 crops of 32 pixels, in turns from the image as it is and from the image scaled to 256 pixels, normalised as for ImageNet.',
  'sama-spm': 'SAMA in patches of 4 pixels, normalised as for ImageNet.',
  fragment: '8 × 8 crops of 32 pixels from the image as it is, normalised as for ImageNet.',
  resize: 'Shorter side resized (bicubic) to the network’s size, centre cut out, normalised as for ImageNet.',
};

function describeInput({ quality, similarity }: Outline): string {
  const sentences = [
    quality && recipes[quality.recipe],
    similarity &&
      `For CLIP: shorter side resized (bicubic) to ${similarity.sizePx} pixels, centre cut out, normalised.`,
  ];
  return sentences.filter(Boolean).join(' ');
}
