/** What ITU-T P.910 and ITU-R BT.500 ask of a subjective study, item by item, beside what this study did. */

/** What is known of a study: from its design, and from what happened. Null: not known, or not known yet. */
export interface StudyFacts {
  /** `planned`: nobody has rated; raters, votes and times are those of the plan. */
  stage: 'planned' | 'rated';
  method: 'acr' | 'acrHiddenReference' | 'continuous' | 'pairs';
  images: number;
  prompts: number;
  /** Raters whose votes count. */
  raters: number;
  /** The fewest votes that a counted image has. */
  fewestVotes: number;
  environment: 'controlled' | 'any';
  /** The longest session, training included. */
  longestSessionMinutes: number | null;
  hasInstructions: boolean;
  trainingItems: number;
  stabilisingItems: number;
  /** Whether every rater has an order of their own. */
  isOrderPerRater: boolean;
  /** Whether images of one prompt are kept apart in the order. */
  isPromptSpaced: boolean;
  /** Raters who passed the acuity and the colour check. */
  acuityChecked: number | null;
  colourChecked: number | null;
  /** Whether screen, window, brightness or distance were recorded for every session. */
  isViewingRecorded: boolean;
  isBackgroundNeutral: boolean;
  repeatedItems: number;
  referenceItems: number;
  /** Raters in doubt on whom the owner has not decided. */
  undecidedRaters: number | null;
  reportsIntervals: boolean;
}

export interface ChecklistItem {
  id: string;
  title: string;
  clause: string;
  state: 'met' | 'notMet' | 'notApplicable';
  /** What was asked and what was found. */
  sentence: string;
}

export interface Checklist {
  /** `formal` from 15 raters, `informal` below, `preTest` with 3 to 5, `tooFew` below that. */
  standing: 'formal' | 'informal' | 'preTest' | 'tooFew';
  sentence: string;
  items: ChecklistItem[];
}

/** Fewer observers make a study informal (BT.500: Observers). */
const formalRaters = 15;
/** BT.500: a session lasts up to half an hour; about five presentations settle the opinion at its beginning. */
const longestMinutes = 30;
const settlingItems = 5;
/** P.910: subjects an image after screening, in a controlled environment and in any other. */
const ratersWanted = { controlled: 24, any: 35 };

const p910 = 'ITU-T P.910';
const bt500 = 'ITU-R BT.500';

/**
 * Items are cited by recommendation; a number stands only where it is certain, since clauses move between editions.
 */
export function checkStudy(facts: StudyFacts): Checklist {
  return {
    ...judgeStanding(facts.raters),
    items: [...checkRaters(facts), ...checkSessions(facts), ...checkDesign(facts), ...checkAnalysis(facts)],
  };
}

function judgeStanding(raters: number): Pick<Checklist, 'standing' | 'sentence'> {
  const have = count(raters, 'rater');
  if (raters >= formalRaters) return { standing: 'formal', sentence: `${have}: a formal study.` };
  if (raters > 5)
    return { standing: 'informal', sentence: `${have}, fewer than 15: an informal study, to be called so.` };
  if (raters >= 3) return { standing: 'preTest', sentence: `${have}: a pre-test, which shows trends only.` };
  return { standing: 'tooFew', sentence: `${have}: fewer than a pre-test's three.` };
}

function checkRaters(facts: StudyFacts): ChecklistItem[] {
  const isPlanned = facts.stage === 'planned';
  const wanted = ratersWanted[facts.environment];
  const where =
    facts.environment === 'controlled' ? 'in a controlled environment' : 'outside a controlled environment';
  return [
    item('observers', 'Number of observers', bt500, {
      isMet: facts.raters >= formalRaters,
      sentence: `At least 15 are asked for; ${facts.raters} ${isPlanned ? 'are planned' : 'have voted'}.`,
    }),
    item('votesPerImage', 'Votes an image', p910, {
      isMet: facts.fewestVotes >= wanted,
      sentence: `${wanted} subjects an image are asked for ${where}; ${isPlanned ? `the plan gives ${facts.fewestVotes}` : `the fewest here are ${facts.fewestVotes}`}.`,
    }),
    checkEyes('acuity', 'Visual acuity', {
      asked: 'Normal or corrected acuity',
      passed: facts.acuityChecked,
      facts,
    }),
    checkEyes('colour', 'Colour vision', {
      asked: 'Normal colour vision',
      passed: facts.colourChecked,
      facts,
    }),
  ];
}

function checkEyes(
  id: string,
  title: string,
  { asked, passed, facts }: { asked: string; passed: number | null; facts: StudyFacts },
): ChecklistItem {
  return item(id, title, bt500, {
    applies: passed !== null,
    isMet: facts.raters > 0 && (passed ?? 0) >= facts.raters,
    sentence:
      passed === null
        ? `${asked} is to be checked; raters can do it before their first image, and it is counted then.`
        : `${asked} is to be checked; ${passed} of ${facts.raters} raters passed a check.`,
  });
}

function checkSessions(facts: StudyFacts): ChecklistItem[] {
  const minutes = facts.longestSessionMinutes;
  return [
    item('instructions', 'Instructions', bt500, {
      isMet: facts.hasInstructions,
      sentence: facts.hasInstructions ? 'Raters read written instructions.' : 'Raters get no instructions.',
    }),
    item('training', 'Training', p910, {
      isMet: facts.trainingItems > 0,
      sentence: `Training shows the range before voting; ${count(facts.trainingItems, 'training item precedes', 'training items precede')} the votes.`,
    }),
    item('stabilising', 'Stabilising presentations', bt500, {
      isMet: facts.stabilisingItems >= settlingItems,
      sentence: `About five presentations that do not count settle the opinion; here ${count(facts.stabilisingItems, 'is', 'are')} given.`,
    }),
    item('sessionLength', 'Length of a session', bt500, {
      isMet: minutes !== null && minutes <= longestMinutes,
      sentence:
        minutes === null
          ? 'A session is to last half an hour at most; the sessions have no limit.'
          : `A session is to last half an hour at most; ${facts.stage === 'planned' ? 'here it ends after' : 'the longest here is'} ${Math.round(minutes)} minutes.`,
    }),
    item('order', 'Random order', bt500, {
      isMet: facts.isOrderPerRater,
      sentence: facts.isOrderPerRater
        ? 'Every rater has a random order of their own.'
        : 'All raters see the same order, so fatigue and context fall on the same images.',
    }),
    item('spacing', 'Same content apart', bt500, {
      applies: facts.prompts > 1 && facts.images > facts.prompts,
      isMet: facts.isPromptSpaced,
      sentence: facts.isPromptSpaced
        ? 'Images of one prompt do not follow each other.'
        : 'Images of one prompt may follow each other.',
    }),
  ];
}

function checkDesign(facts: StudyFacts): ChecklistItem[] {
  const sentences = {
    acr: 'Absolute category rating, a standard method.',
    acrHiddenReference: 'Absolute category rating with hidden reference, a standard method.',
    continuous: 'A continuous scale is an allowed change of absolute rating, to be reported.',
    pairs: 'Pair comparison, a standard method.',
  };
  const isHidden = facts.method === 'acrHiddenReference';
  return [
    item('method', 'Test method', p910, {
      isMet: true,
      sentence: sentences[facts.method],
    }),
    item('reference', 'Hidden references', p910, {
      applies: isHidden,
      isMet: facts.referenceItems > 0,
      sentence: isHidden
        ? `References are shown unlabelled among the images; here ${count(facts.referenceItems, 'is', 'are')} shown.`
        : 'The method has no reference.',
    }),
    item('viewing', 'Viewing conditions recorded', bt500, {
      isMet: facts.isViewingRecorded,
      sentence: facts.isViewingRecorded
        ? 'Window, zoom and pixel ratio are recorded for every session.'
        : 'Viewing conditions were not recorded for every session.',
    }),
    item('background', 'Neutral background', bt500, {
      isMet: facts.isBackgroundNeutral,
      sentence: facts.isBackgroundNeutral
        ? 'Images stand on neutral grey.'
        : 'The background of the images is not neutral grey.',
    }),
  ];
}

function checkAnalysis(facts: StudyFacts): ChecklistItem[] {
  return [
    item('repeats', 'Repeats for consistency', p910, {
      isMet: facts.repeatedItems > 0,
      sentence: `Repeats show how steady a rater is; ${count(facts.repeatedItems, 'item')} repeat.`,
    }),
    checkScreening(facts),
    item('intervals', 'Intervals reported', `${bt500}-14 A1-2.2.1`, {
      isMet: facts.reportsIntervals,
      sentence: facts.reportsIntervals
        ? 'Every mean comes with its 95 % interval.'
        : 'Means come without their 95 % intervals.',
    }),
  ];
}

function checkScreening({ method, undecidedRaters: undecided, raters }: StudyFacts): ChecklistItem {
  const isPairs = method === 'pairs';
  return item('screening', 'Screening of observers', `${bt500}-14 A1-2.3.1`, {
    applies: !isPairs && undecided !== null,
    isMet: raters > 0 && undecided === 0,
    sentence: isPairs
      ? 'BT.500 screens ratings, not pairs.'
      : undecided === null
        ? 'Raters are screened as their votes come in; you decide on those in doubt.'
        : raters === 0
          ? 'Nobody has voted yet.'
          : undecided === 0
            ? 'Every rater was screened and none in doubt is left undecided; MOS tables name the method.'
            : `${count(undecided, 'rater is', 'raters are')} in doubt: decide on them under Results.`,
  });
}

function item(
  id: string,
  title: string,
  clause: string,
  { applies = true, isMet, sentence }: { applies?: boolean; isMet: boolean; sentence: string },
): ChecklistItem {
  return { id, title, clause, state: !applies ? 'notApplicable' : isMet ? 'met' : 'notMet', sentence };
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
