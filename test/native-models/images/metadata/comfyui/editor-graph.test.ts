/** Where only the editor’s graph is left (`workflow`), the prompt is found as well. */
import { describe, expect, test } from 'vitest';
import { readBlocks } from '../../../../../native-models/images/metadata/metadata.ts';

interface Node {
  id: number;
  type: string;
  /** Names of inputs with the nodes and outputs they are linked to. */
  from?: Record<string, [id: number, slot: number] | null>;
  widgets?: unknown;
  mode?: number;
  outputs?: string[];
  inputTypes?: Record<string, string>;
}

/** An editor’s graph from short notes. */
function workflowOf(
  nodes: Node[],
  more: object = {},
  ends: [from: number, slot: number, to: number, toSlot: number][] = [],
) {
  const links: unknown[] = ends.map((end, at) => [9000 + at, ...end, '*']);
  return {
    nodes: nodes.map(({ id, type, from = {}, widgets = [], mode = 0, outputs = [], inputTypes = {} }) => ({
      ...{ id, type, mode, pos: [0, 0], widgets_values: widgets },
      inputs: Object.entries(from).map(([name, source], at) => {
        const link = id * 100 + at;
        if (source !== null) links.push([link, ...source, id, at, '*']);
        return { name, type: inputTypes[name] ?? '*', link: source === null ? null : link };
      }),
      outputs: outputs.map((name) => ({ name, type: name })),
    })),
    links,
    version: 0.4,
    ...more,
  };
}

const usual: Node[] = [
  { id: 4, type: 'CheckpointLoaderSimple', widgets: ['base.safetensors'] },
  { id: 5, type: 'EmptyLatentImage', widgets: [832, 1216, 1] },
  { id: 6, type: 'CLIPTextEncode', from: { clip: [4, 1] }, widgets: ['a red fox'] },
  { id: 7, type: 'CLIPTextEncode', from: { clip: [4, 1] }, widgets: ['blurry'] },
  {
    id: 3,
    type: 'KSampler',
    from: { model: [4, 0], positive: [6, 0], negative: [7, 0], latent_image: [5, 0] },
    widgets: [42, 'randomize', 20, 6, 'euler', 'normal', 1],
  },
  { id: 8, type: 'VAEDecode', from: { samples: [3, 0], vae: [4, 2] } },
  { id: 9, type: 'SaveImage', from: { images: [8, 0] }, widgets: ['ComfyUI'] },
];

const reading = {
  ...{
    tool: 'ComfyUI',
    prompt: 'a red fox',
    negativePrompt: 'blurry',
    model: 'base.safetensors',
    seed: '42',
  },
  ...{ steps: 20, cfg: 6, sampler: 'euler', width: 832, height: 1216, loras: [] },
};

function read(nodes: Node[], more: object = {}, text: (workflow: object) => string = JSON.stringify) {
  const replaced = [...usual.filter(({ id }) => !nodes.some((own) => own.id === id)), ...nodes];
  return readBlocks(new Map([['workflow', text(workflowOf(replaced, more))]]));
}

describe('the editor’s graph', () => {
  test('gives what the API graph would, from widgets by their order', () => {
    expect(read([])).toEqual(reading);
  });

  test('is read where the API graph is cut off, and from EXIF with its mark', () => {
    const workflow = JSON.stringify(workflowOf(usual));
    expect(
      readBlocks(
        new Map([
          ['prompt', '{"3": {"class_ty'],
          ['workflow', workflow],
        ]),
      ),
    ).toEqual(reading);
    expect(readBlocks(new Map([['Make', `Workflow:${workflow}`]]))).toEqual(reading);
    expect(readBlocks(new Map([['UserComment', JSON.stringify({ workflow })]]))).toEqual(reading);
  });

  test('names its widgets itself where the editor is newer', () => {
    const named = workflowOf(usual);
    const sampler = named.nodes.find(({ id }) => id === 3)!;
    const names = ['seed', 'steps', 'cfg', 'sampler_name', 'scheduler', 'denoise'];
    sampler.inputs.push(...names.map((name) => ({ name, type: '*', link: null, widget: { name } })));
    sampler.type = 'SomeSampler';
    expect(readBlocks(new Map([['workflow', JSON.stringify(named)]]))).toEqual(reading);
  });

  test('leads through reroutes, primitives, bypassed nodes and set/get pairs', () => {
    const found = read([
      {
        ...usual[4]!,
        from: { model: [20, 0], positive: [21, 0], negative: [24, 0], latent_image: [5, 0], seed: [25, 0] },
      },
      {
        ...{
          id: 20,
          type: 'LoraLoader',
          mode: 4,
          outputs: ['MODEL', 'CLIP'],
          widgets: ['off.safetensors', 1, 1],
        },
        ...{ from: { model: [4, 0], clip: [4, 1] }, inputTypes: { model: 'MODEL', clip: 'CLIP' } },
      },
      { id: 21, type: 'Reroute', from: { '': [22, 0] } },
      { id: 22, type: 'Reroute', from: { '': [6, 0] } },
      { id: 23, type: 'SetNode', from: { CONDITIONING: [7, 0] }, widgets: ['avoid'] },
      { id: 24, type: 'GetNode', widgets: ['avoid'] },
      { id: 25, type: 'PrimitiveNode', widgets: [77, 'fixed'] },
    ]);
    expect(found).toEqual({ ...reading, seed: '77' });
  });

  test('knows the widgets of loaders and wildcards that have several texts', () => {
    const loader = [
      'base.safetensors',
      'Baked VAE',
      -1,
      'None',
      1,
      1,
      'a red fox',
      'blurry',
      'none',
      'comfy',
      832,
      1216,
      1,
    ];
    const from: Node['from'] = { model: [4, 0], positive: [4, 1], negative: [4, 2], latent_image: [4, 3] };
    const sampler = { ...usual[4]!, type: 'KSampler (Efficient)', from };
    expect(read([{ id: 4, type: 'Efficient Loader', widgets: loader }, sampler])).toEqual(reading);
    const filled = {
      id: 31,
      type: 'ImpactWildcardProcessor',
      widgets: ['a {red|blue} fox', 'a red fox', true, 5],
    };
    expect(read([filled, { id: 6, type: 'CLIPTextEncode', from: { text: [31, 0] } }])).toEqual(reading);
    const unknown = { id: 31, type: 'Some Loader', widgets: ['style.safetensors', 'a red fox'] };
    expect(read([unknown, { id: 6, type: 'CLIPTextEncode', from: { text: [31, 0] } }])).toEqual(reading);
  });

  test('muted nodes give nothing', () => {
    expect(read([{ ...usual[3]!, mode: 2 }])).toEqual({ ...reading, negativePrompt: '' });
  });

  test('seeds above 2^53 keep their digits', () => {
    const withSeed = (workflow: object) => JSON.stringify(workflow).replace('[42,', '[18446744073709551557,');
    expect(read([], {}, withSeed)?.seed).toBe('18446744073709551557');
  });

  test('leads into subgraphs and out of them', () => {
    const inside = workflowOf(
      [
        { id: 1, type: 'CLIPTextEncode', from: { clip: [-10, 0], text: [-10, 1] } },
        { id: 2, type: 'CLIPTextEncode', from: { clip: [-10, 0] }, widgets: ['blurry'] },
      ],
      { id: 'both-texts', inputs: [{ name: 'clip' }, { name: 'text' }] },
      [
        [1, 0, -20, 0],
        [2, 0, -20, 1],
      ],
    );
    const subgraph = {
      ...inside,
      links: inside.links.map((link) => {
        const [id, origin_id, origin_slot, target_id, target_slot] = link as number[];
        return { id, origin_id, origin_slot, target_id, target_slot };
      }),
    };
    const instance = {
      id: 30,
      type: 'both-texts',
      from: { clip: [4, 1] as [number, number], text: [31, 0] as [number, number] },
    };
    const found = read(
      [
        instance,
        { id: 31, type: 'PrimitiveStringMultiline', widgets: ['a red fox'] },
        { ...usual[4]!, from: { model: [4, 0], positive: [30, 0], negative: [30, 1], latent_image: [5, 0] } },
      ],
      { definitions: { subgraphs: [subgraph] } },
    );
    expect(found).toEqual(reading);
  });

  test('a subgraph within itself, and links in a circle, end', () => {
    const itself = { ...workflowOf([{ id: 1, type: 'me', from: { '': [1, 0] } }]), id: 'me', inputs: [] };
    const found = read(
      [
        { id: 30, type: 'me' },
        { id: 6, type: 'Reroute', from: { '': [31, 0] } },
        { id: 31, type: 'Reroute', from: { '': [6, 0] } },
      ],
      { definitions: { subgraphs: [itself] } },
    );
    expect(found).toMatchObject({ prompt: null, seed: '42' });
  });
});
