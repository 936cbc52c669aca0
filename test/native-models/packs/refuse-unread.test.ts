/** Whatever one tensor of a checkpoint is, other than it should be: the message names it, and nothing is computed without it. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { AddPack } from '../../../contract/pack.ts';
import { planPack } from '../../../native-models/packs/plan-pack.ts';
import { writeUntrained } from '../../../scripts/support/make-untrained.ts';
import { makeSafetensors } from '../../support/make-checkpoints.ts';
import { makeTempFolder } from '../../support/temp-folder.ts';

const folder = makeTempFolder();

const Header = z.record(
  z.string(),
  z.object({ dtype: z.string(), shape: z.array(z.int()), data_offsets: z.tuple([z.int(), z.int()]) }),
);
type Header = z.infer<typeof Header>;

/** A checkpoint whose header can be changed. */
async function read(kind: 'tiny' | 'tinyClip'): Promise<(edit: (header: Header) => void) => string> {
  const path = await writeUntrained(kind, join(folder, kind), { sets: ['base', 'rank'] });
  const bytes = readFileSync(path);
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  const { __metadata__: _, ...tensors } = JSON.parse(bytes.subarray(8, end).toString());
  return (edit) => {
    const header = Header.parse(tensors);
    edit(header);
    const edited = join(dirname(path), 'edited.safetensors');
    writeFileSync(edited, makeSafetensors(header, bytes.subarray(end)));
    return edited;
  };
}

function refusal(order: Partial<AddPack>): Promise<string> {
  return planPack({
    kind: 'planPack',
    order: { precision: 'float32', ...order },
    to: join(folder, 'packs', 'x'),
  }).then(
    () => '',
    (error: Error) => error.message,
  );
}

/** What may be wrong with a tensor; all but `renamed` leave its name. */
const harms: Record<string, (header: Header, name: string) => void> = {
  renamed: (header, name) => {
    header['elsewhere'] = header[name]!;
    delete header[name];
  },
  'of another shape': (header, name) => header[name]!.shape.push(1),
  quantised: (header, name) => {
    header[name]!.dtype = 'I32';
  },
  'not alone': (header, name) => {
    const end = Math.max(...Object.values(header).map(({ data_offsets: [, to] }) => to));
    header[`${name}_lora`] = { dtype: 'F32', shape: [0], data_offsets: [end, end] };
  },
};

describe('a CLIP', () => {
  let edited: Awaited<ReturnType<typeof read>>;
  let names: string[] = [];
  beforeAll(async () => {
    edited = await read('tinyClip');
    edited((header) => {
      const all = Object.keys(header).filter((name) => !/logit_scale|token_embedding/.test(name));
      // Every third: weights and biases of all kinds of layers.
      names = all.filter((_, at) => at % 3 === 0);
    });
  });

  test.each(Object.keys(harms))('each of its tensors, %s, is named', async (harm) => {
    for (const name of names) {
      const path = edited((header) => harms[harm]!(header, name));
      expect(await refusal({ clip: path }), `${name} ${harm}`).toContain(name);
    }
    expect(names).toHaveLength(26);
  });

  test('a layer in the middle that is missing makes no smaller network', async () => {
    const layer = 'vision_model.encoder.layers.0.';
    const path = edited((header) => {
      for (const name of Object.keys(header).filter((one) => one.startsWith(layer))) {
        header[name.replace(layer, 'other.')] = header[name]!;
        delete header[name];
      }
    });
    expect(await refusal({ clip: path })).toContain(layer);
  });

  test('without a config.json, positions that are no square of patches are told of', async () => {
    const name = 'vision_model.embeddings.position_embedding.weight';
    const alone = join(folder, 'alone.safetensors');
    copyFileSync(
      edited((header) => {
        header[name]!.shape = [20, 16];
      }),
      alone,
    );
    expect(await refusal({ clip: alone })).toMatch(/position_embedding\.weight.*has 20 rows/);
  });
});

describe('SF-IQA', () => {
  let edited: Awaited<ReturnType<typeof read>>;
  beforeAll(async () => {
    edited = await read('tiny');
  });

  test.each([
    'rank.model.patch_embed.proj.weight',
    'rank.model.layers.0.blocks.1.norm1.weight',
    'rank.model.layers.2.downsample.norm.bias',
    'rank.pickmodel.visual_projection.weight',
    'rank.ScoreModel.fc2.weight',
    'rank.ScoreModel.fc3.bias',
  ])('%s, whatever is wrong with it, is named', async (name) => {
    const isOfHead = name.includes('ScoreModel');
    for (const [harm, edit] of Object.entries(harms)) {
      if (isOfHead && harm === 'not alone') continue;
      const path = edited((header) => edit(header, name));
      expect(await refusal({ sfiqa: path }), harm).toContain(name.replace('rank.', ''));
    }
  });

  test('sets of different sizes: where they differ is said', async () => {
    const path = edited((header) => {
      header['rank.model.layers.3.blocks.1.norm1.weight'] = header['rank.model.norm.weight']!;
      delete header['rank.model.norm.weight'];
    });
    expect(await refusal({ sfiqa: path })).toMatch(
      /“base” and “rank”.*layers\.3\.blocks\.1\.norm1\.weight” is missing in “base” and has the shape \[128\] in “rank”/,
    );
  });

  test('what its network never calls may be missing or anything', async () => {
    const path = edited((header) => {
      header['rank.model.head.weight'] = header['rank.model.norm.weight']!;
      delete header['rank.model.norm.weight'];
      header['rank.model.norm.bias']!.shape = [2, 64];
    });
    expect(await refusal({ sfiqa: path })).toBe('');
  });

  test('without the shift masks it is what the authors’ network is built for: window 16, 256 pixels', async () => {
    const path = edited((header) => harms['renamed']!(header, 'rank.model.layers.0.blocks.1.attn_mask'));
    expect(await refusal({ sfiqa: path, sets: ['rank'] })).toBe('');
    // This tiny one was built for a window of 8: the sets differ.
    expect(await refusal({ sfiqa: path })).toContain('attn_mask');
  });
});
