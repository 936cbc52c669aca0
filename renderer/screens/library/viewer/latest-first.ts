/** Work on what is wanted last: what was wanted in between is left out, and what is under way is told where nothing later was. */

/** A picture that comes slowly does not hold up the next one. */
const mostAtOnce = 2;

/**
 * Gives the function that says what is wanted now. A key that is held wants more than can be made: results follow as fast as they can be,
 * in their order, and the last one comes at once when the key is let go.
 */
export function createLatestFirst<Wanted, Made>(
  make: (wanted: Wanted) => Promise<Made>,
  tell: (made: Made) => void,
): (wanted: Wanted) => void {
  let [asked, told, running] = [0, 0, 0];
  let waiting: { wanted: Wanted; turn: number } | null = null;
  async function run(wanted: Wanted, turn: number): Promise<void> {
    running += 1;
    try {
      const made = await make(wanted);
      if (turn > told) {
        told = turn;
        tell(made);
      }
    } finally {
      running -= 1;
      const next = waiting;
      waiting = null;
      if (next !== null) start(next.wanted, next.turn);
    }
  }
  function start(wanted: Wanted, turn: number): void {
    if (running < mostAtOnce) run(wanted, turn).catch(console.error);
    else waiting = { wanted, turn };
  }
  return (wanted) => {
    asked += 1;
    start(wanted, asked);
  };
}
