import { describe, expect, test } from 'vitest';
import { AddPack } from '../../../../../contract/pack.ts';
import { PackId } from '../../../../../contract/targets.ts';
import {
  type AddDraft,
  assignDrop,
  emptyDraft,
  idOf,
  modelKinds,
  orderOf,
} from '../../../../../renderer/screens/models/add/add-draft.ts';

function draftWith(part: Partial<AddDraft>, files: Partial<AddDraft['files']> = {}): AddDraft {
  return { ...emptyDraft, ...part, files: { ...emptyDraft.files, ...files } };
}

describe('The draft of a model', () => {
  test('is no order while the file that it needs is missing', () => {
    for (const kind of modelKinds) expect(orderOf(draftWith({ kind }))).toBeNull();
    expect(orderOf(draftWith({ kind: 'sfiqa' }, { clip: '/a/model.safetensors' }))).toBeNull();
    expect(orderOf(draftWith({ kind: 'sfiqa' }, { sfiqa: '  ' }))).toBeNull();
  });

  test('becomes an order of its kind: files of other kinds that were chosen before stay out', () => {
    const files = { sfiqa: '/a/weights_dict.pt', clip: '/b', backbone: '/c/swin.safetensors', folder: '/d' };
    expect(orderOf(draftWith({ kind: 'sfiqa', precision: 'int8', sets: ['base'] }, files))).toEqual({
      sfiqa: '/a/weights_dict.pt',
      clip: '/b',
      precision: 'int8',
      sets: ['base'],
    });
    expect(orderOf(draftWith({ kind: 'backbone', sets: ['base'] }, files))).toEqual({
      backbone: '/c/swin.safetensors',
      precision: 'float32',
    });
  });

  test('says how Q sees images only of SF-IQA, and only where it is not SAMA', () => {
    const files = { sfiqa: '/a', clip: '/b' };
    expect(orderOf(draftWith({ sampling: 'fragment' }, files))).toMatchObject({ sampling: 'fragment' });
    expect(orderOf(draftWith({ sampling: 'sama' }, files))).not.toHaveProperty('sampling');
    expect(orderOf(draftWith({ kind: 'clip', sampling: 'fragment' }, files))).not.toHaveProperty('sampling');
  });

  test('of an exported pack says nothing of precision and sets: they are its own', () => {
    expect(orderOf(draftWith({ kind: 'folder', precision: 'int8' }, { folder: '/d' }))).toEqual({
      folder: '/d',
    });
  });

  test('with a name has an id made of it, which the contract takes', () => {
    const order = orderOf(draftWith({ title: ' Zweites Modell: für Ölbilder ' }, { sfiqa: '/a' }));
    expect(order).toMatchObject({ title: 'Zweites Modell: für Ölbilder', id: 'zweites-modell-fur-olbilder' });
    expect(AddPack.safeParse(order).success).toBe(true);
    for (const title of ['画質', '-', 'x'.repeat(120), `${'a'.repeat(63)} b`]) {
      expect(PackId.safeParse(idOf(title)).success).toBe(true);
    }
  });

  test('takes dropped files where their names say they belong', () => {
    const paths = ['/m/weights_dict.pt', '/m/model.safetensors', 'C:\\m\\tokenizer.json'];
    expect(assignDrop(emptyDraft, paths).draft.files).toMatchObject({
      sfiqa: '/m/weights_dict.pt',
      clip: '/m/model.safetensors',
      tokeniser: 'C:\\m\\tokenizer.json',
    });
    const { draft } = assignDrop(draftWith({ kind: 'backbone' }), ['/m/swin.pth']);
    expect(draft.files.backbone).toBe('/m/swin.pth');
    expect(assignDrop(draftWith({ kind: 'folder' }), ['/m/pack']).draft.files.folder).toBe('/m/pack');
    const made = ['/m/weights.safetensors', '/m/PickScore_v1.0'];
    expect(assignDrop(emptyDraft, made).draft.files).toMatchObject({ sfiqa: made[0], clip: made[1] });
  });

  test('gives back what it has no place for; what is read beside the weights needs none', () => {
    const { draft, left } = assignDrop(emptyDraft, ['/m/a.pt', '/m/b.pt', '/m/fox.png', '/m/notes.json']);
    expect(draft.files).toEqual({ ...emptyDraft.files, sfiqa: '/m/a.pt' });
    expect(left).toEqual(['/m/b.pt', '/m/fox.png', '/m/notes.json']);
    const whole = ['/m/config.json', '/m/model.safetensors.index.json', '/m/tokenizer.json'];
    const clip = assignDrop(draftWith({ kind: 'clip' }), whole);
    expect(clip.draft.files).toMatchObject({ clip: whole[1], tokeniser: whole[2] });
    expect(clip.left).toEqual([]);
  });
});
