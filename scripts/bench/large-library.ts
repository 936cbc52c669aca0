/** A made library of any size: prompts, generators, files, metadata, MOS, scores, votes, marks and embeddings, without a pixel. */

import { StudyDesign } from '../../contract/studies.ts';
import { createRandom } from '../../core/maths/random.ts';
import type { Db } from '../../db/database.ts';
import { bytesOf } from '../../db/features.ts';
import { activeHeads } from '../../db/heads.ts';

const subjects = [
  'red fox',
  'brown bear',
  'old lighthouse',
  'glass city',
  'paper boat',
  'sleeping dragon',
  'night market',
  'tea cup',
];
const places = ['in the snow', 'by the sea', 'under two moons', 'on a rooftop', 'in a forest', 'at dawn'];
const styles = [
  'oil painting',
  'photograph, 35 mm',
  'watercolour',
  'concept art',
  'line drawing',
  'claymation',
  'low poly',
];
const targets = ['quality', 'alignment'];
const generators = ['sdxl', 'sd15', 'midjourney-6', 'flux-dev', 'dalle-3', 'kandinsky', null];

export interface LargeLibrary {
  images: number;
  votes: number;
  /** Numbers an image embedding; 0: none is stored. */
  embedding: number;
  packId: string;
}

type Run = (sql: string, ...values: unknown[]) => unknown;
type Random = ReturnType<typeof createRandom>;

function pickFrom<Item>(random: Random, items: readonly Item[]): Item {
  return items[Math.floor(random.next() * items.length)]!;
}

/** Fills an empty library; every third image is known from a table only. */
export function fillLargeLibrary(db: Db, size: LargeLibrary): void {
  const random = createRandom(7);
  const run: Run = (sql, ...values) => db.prepare(sql).run(...values);
  db.transaction(() => {
    addFrame(db, run, size.packId);
    const heads = targets.map(
      (target) => activeHeads(db, size.packId).find((one) => one.target === target)!.id,
    );
    const prompts = Math.max(1, Math.floor(size.images / 3));
    for (let id = 1; id <= prompts; id += 1) {
      const text = `${pickFrom(random, subjects)} ${pickFrom(random, places)}, ${pickFrom(random, styles)}, variation ${id}`;
      run('INSERT INTO prompt VALUES (?, ?)', id, text);
    }
    for (let id = 1; id <= size.images; id += 1) {
      addImage(run, random, id, 1 + (id % prompts));
      if (id % 3 !== 0) addFile(run, random, id);
      addNumbers(run, random, id, { ...size, heads });
    }
    for (let at = 0; at < size.votes; at += 1) addVote(run, at, 1 + (at % Math.ceil(size.images / 2)));
    db.sqlite.exec('ANALYZE');
  });
}

const design = StudyDesign.parse({
  dimensions: [
    {
      ...{ key: 'quality', label: 'Quality', question: '', showsPrompt: false },
      scale: { kind: 'acr', words: ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'] },
    },
  ],
  seed: 1,
  instructions: '',
});

/** Folders, active heads where there are none, a MOS set, a study with a rater. */
function addFrame(db: Db, run: Run, packId: string): void {
  for (let root = 1; root <= 20; root += 1)
    run(
      'INSERT INTO root (id, path, recursive, added_at) VALUES (?, ?, 1, 0)',
      root,
      `/pictures/run-${root}`,
    );
  for (const [at, target] of targets.entries()) {
    if (activeHeads(db, packId).some((known) => known.target === target)) continue;
    run(
      `INSERT INTO head (id, pack_id, name, kind, inputs, target, is_shipped, created_at, weights, weights_hash, report)
       VALUES (?, ?, 'made', 'ridge', 'features', ?, 0, 0, x'00', ?, '{}')`,
      ...[900 + at, packId, target, `made ${at}`],
    );
    run('INSERT INTO active_head VALUES (?, ?, ?, 0)', packId, target, 900 + at);
  }
  run("INSERT INTO mos_set VALUES (1, 'made', 'imported', NULL, '', '{}', 1)");
  run(
    "INSERT INTO study (id, name, design, created_at, uid) VALUES (1, 'made', ?, 0, 'study')",
    JSON.stringify(design),
  );
  run("INSERT INTO mos_set VALUES (2, 'made', 'study', 1, '', '{}', 0)");
  run("INSERT INTO rater VALUES (1, 'Made', 0)");
  run(
    "INSERT INTO session (id, study_id, rater_id, started_at, client, uid) VALUES (1, 1, 1, 0, '{}', 'session')",
  );
}

function addImage(run: Run, random: Random, id: number, promptId: number): void {
  run(
    `INSERT INTO image (id, hash, name, format, width, height, size_bytes, prompt_id, prompt_source, generator, added_at)
     VALUES (?, ?, ?, 'png', ?, 768, 99, ?, 'list', ?, ?)`,
    ...[id, `hash-${id}`, `image-${String(id).padStart(6, '0')}.png`, pickFrom(random, [512, 768, 1024])],
    ...[promptId, pickFrom(random, generators), id],
  );
  if (id % 10 === 0) {
    run(
      'INSERT INTO mark VALUES (?, ?, ?)',
      id,
      pickFrom(random, ['pick', 'reject']),
      pickFrom(random, ['red', 'green', null]),
    );
  }
  if (id % 8 === 0)
    run('INSERT INTO tag VALUES (?, ?)', pickFrom(random, ['hands', 'text', 'portrait', 'done']), id);
}

function addFile(run: Run, random: Random, id: number): void {
  run(
    'INSERT INTO file (root_id, path, size_bytes, mtime_ms, image_id, checked_at) VALUES (?, ?, 99, 1, ?, 0)',
    ...[1 + (id % 20), `day-${id % 30}/image-${id}.png`, id],
  );
  run(
    "INSERT INTO generation VALUES (?, 'ComfyUI', 'blurry, low quality', ?, ?, ?, 7, ?, 512, 768, NULL)",
    ...[id, pickFrom(random, ['xl-base.safetensors', 'dream.safetensors']), String(id * 7919)],
    ...[pickFrom(random, [20, 30, 50]), pickFrom(random, ['euler', 'dpmpp_2m'])],
  );
  run(
    'INSERT INTO raw_text (rowid, words) VALUES (?, ?)',
    id,
    `ksampler cliptextencode words${id % 500} w${id}`,
  );
}

function addNumbers(
  run: Run,
  random: Random,
  id: number,
  { packId, embedding, heads }: LargeLibrary & { heads: number[] },
): void {
  for (const [at, target] of targets.entries()) {
    run('INSERT INTO score VALUES (?, ?, ?)', heads[at], id, 1 + 4 * random.next());
    run('INSERT INTO mos VALUES (1, ?, ?, ?, ?, 20)', target, id, 1 + 4 * random.next(), 0.5 + random.next());
  }
  run(
    'INSERT INTO signal (pack_id, name, image_id, prompt_id, value) VALUES (?, ?, ?, 0, ?)',
    ...[packId, 'niqe', id, 10 * random.next()],
  );
  if (embedding === 0) return;
  const vector = Float32Array.from({ length: embedding }, () => random.next() - 0.5);
  const norm = Math.hypot(...vector);
  run(
    'INSERT INTO feature VALUES (?, ?, ?, 1, ?, NULL)',
    packId,
    id,
    'image',
    bytesOf(vector.map((value) => value / norm)),
  );
}

function addVote(run: Run, at: number, imageId: number): void {
  run(
    "INSERT INTO presentation (id, study_id, rater_id, image_id, position, role, uid) VALUES (?, 1, 1, ?, ?, 'main', ?)",
    ...[at + 1, imageId, at, `p${at}`],
  );
  run(
    "INSERT INTO vote (id, presentation_id, session_id, dimension, value, key, shown_ms, cast_at) VALUES (?, ?, 1, 'quality', 3, ?, 900, ?)",
    ...[at + 1, at + 1, `k${at}`, at],
  );
}
