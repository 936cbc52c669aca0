/** Chooses which kind of model is added. */
import { Radio } from '@mantine/core';
import classes from '../models.module.css';
import { type ModelKind, modelKinds } from './add-draft.ts';

const words: Record<ModelKind, { title: string; text: string }> = {
  sfiqa: { title: 'SF-IQA', text: 'The authors’ weights with PickScore. Gives Q, S and P.' },
  clip: { title: 'PickScore, any CLIP', text: 'Compares picture and prompt. Gives S.' },
  backbone: { title: 'SwinV2 backbone', text: 'Gives features, for quality heads trained on your labels.' },
  folder: { title: 'An exported pack', text: 'A folder that a studio wrote, with its weights.' },
};

export function KindChoice({ kind, onKind }: { kind: ModelKind; onKind: (kind: ModelKind) => void }) {
  return (
    <Radio.Group aria-label="Kind of model" value={kind} onChange={onKind}>
      <div className={classes['choices']}>
        {modelKinds.map((name) => (
          <div key={name} className={classes['choice']} data-checked={name === kind || undefined}>
            <Radio
              value={name}
              label={words[name].title}
              description={words[name].text}
              data-autofocus={name === kind || undefined}
            />
          </div>
        ))}
      </div>
    </Radio.Group>
  );
}
