import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  actionsOf,
  bindKey,
  findKey,
  findKeyProblem,
  type KeyBindings,
  keyActions,
  keyOfAction,
} from '../../../../renderer/screens/rating/key-bindings.ts';

function actionOf(label: RegExp) {
  return keyActions.find((action) => label.test(action.label))!;
}

const press = (key: string, code = '') => ({ key, code });

describe('keys of the rating surface', () => {
  it('have their defaults without a conflict', () => {
    for (const action of keyActions) expect(findKeyProblem({}, action, action.key)).toBeNull();
  });

  it('mean the same from the number pad, in either case, and on layouts that type digits with shift', () => {
    expect(findKey({}, 'scale', press('End', 'Numpad1'))).toBe('1');
    expect(findKey({}, 'scale', press('&', 'Digit1'))).toBe('1');
    expect(findKey({}, 'scale', press('z', 'KeyZ'))).toBe('Z');
    expect(findKey({}, 'scale', press(' ', 'Space'))).toBe('Space');
  });

  it('mean what they are bound to, and no longer what they were', () => {
    const bindings = bindKey({}, actionOf(/^Level or digit 1$/), 'Q');
    expect(findKey(bindings, 'scale', press('q', 'KeyQ'))).toBe('1');
    expect(findKey(bindings, 'scale', press('1', 'Digit1'))).toBeNull();
  });

  it('are refused where another action of the same surface has them', () => {
    expect(findKeyProblem({}, actionOf(/^Skip/), 'Z')).toMatch(/Fit to the window/);
    expect(findKeyProblem({}, actionOf(/^Back/), 'S')).toMatch(/Skip this pair/);
    expect(findKeyProblem({}, actionOf(/^One step more/), 'S')).toBeNull();
    expect(findKeyProblem({}, actionOf(/^One step less/), 'ArrowDown')).toBeNull();
  });

  it('leave the keys of browser and system alone', () => {
    for (const key of ['Tab', 'Shift', 'F5', 'Meta']) {
      expect(findKeyProblem({}, actionOf(/^Back/), key)).toMatch(/belongs to/);
    }
  });

  it('never lead to two actions, whatever is bound one after another', () => {
    const keys = fc.constantFrom('Q', 'W', '1', '2', 'ArrowLeft', 'ArrowDown', 'S', 'Z', 'Space', 'Enter');
    const steps = fc.array(fc.tuple(fc.constantFrom(...keyActions), keys), { maxLength: 12 });
    fc.assert(
      fc.property(steps, (chosen) => {
        let bindings: KeyBindings = {};
        for (const [action, key] of chosen) {
          if (findKeyProblem(bindings, action, key) === null) bindings = bindKey(bindings, action, key);
        }
        for (const surface of ['scale', 'pairs'] as const) {
          const bound = actionsOf(surface).map((action) => keyOfAction(bindings, action));
          expect(new Set(bound).size).toBe(bound.length);
        }
      }),
    );
  });
});
