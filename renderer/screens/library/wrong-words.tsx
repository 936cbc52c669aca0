/** Underlines in a text field what was not understood: the same text lies over the field, unseen but for its lines, and scrolls with it. */
import { type RefObject, useLayoutEffect, useRef } from 'react';
import type { QueryProblem } from '../../../contract/query.ts';
import classes from './wrong-words.module.css';

interface WrongWordsProps {
  text: string;
  problems: readonly QueryProblem[];
  inputRef: RefObject<HTMLInputElement | null>;
}

/** Stands beside the field in a box that is as large as the field is. */
export function WrongWords({ text, problems, inputRef }: WrongWordsProps) {
  const layer = useRef<HTMLDivElement>(null);
  const isShown = problems.length > 0;
  useLayoutEffect(() => {
    const input = inputRef.current;
    const over = layer.current;
    if (!isShown || input === null || over === null) return;
    lieOver(input, over);
    // A field that is scrolled to its caret tells nobody: it is looked at in every frame in which something is wrong.
    let frame = 0;
    function follow(): void {
      if (over!.scrollLeft !== input!.scrollLeft) over!.scrollLeft = input!.scrollLeft;
      frame = requestAnimationFrame(follow);
    }
    follow();
    return () => cancelAnimationFrame(frame);
  }, [isShown, inputRef]);
  if (!isShown) return null;
  return (
    <div ref={layer} className={classes['layer']} aria-hidden data-testid="wrong-words">
      {problems.map(({ start, end }, at) => (
        <span key={start}>
          {text.slice(problems[at - 1]?.end ?? 0, start)}
          <mark className={classes['wrong']}>{text.slice(start, end)}</mark>
        </span>
      ))}
      {text.slice(problems.at(-1)!.end)}
    </div>
  );
}

/** Where the field writes its text, in its letters. */
function lieOver(input: HTMLInputElement, layer: HTMLElement): void {
  const { fontFamily, fontSize, fontWeight, fontFeatureSettings } = getComputedStyle(input);
  const { letterSpacing, paddingLeft, paddingRight } = getComputedStyle(input);
  Object.assign(layer.style, {
    ...{ fontFamily, fontSize, fontWeight, fontFeatureSettings, letterSpacing },
    lineHeight: `${input.clientHeight}px`,
    left: `calc(${paddingLeft} + ${input.clientLeft}px)`,
    right: `calc(${paddingRight} + ${input.clientLeft}px)`,
  });
}
