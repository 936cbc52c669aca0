/** What ITU-T P.910 and ITU-R BT.500 ask of a subjective study, item by item, beside what this study did. */

/** What is known of a study: from its design, and from what happened. Null: not known. */
export interface StudyFacts {
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
  acuityChecked: number;
  colourChecked: number;
  /** Whether screen, window, brightness or distance were recorded for every session. */
  isViewingRecorded: boolean;
  isBackgroundNeutral: boolean;
  repeatedItems: number;
  referenceItems: number;
  /** Whether the raters were screened and the method is named with the MOS. */
  isScreened: boolean;
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

const p910 = (clause: string) => `ITU-T P.910 (10/2023) clause ${clause}`;
const bt500 = (clause: string) => `ITU-R BT.500, common features ${clause}`;

/**
 * Clauses: P.910 (10/2023), which carries P.913 (06/2021) one clause further on; the common features of BT.500 by the numbers that they
 * have in BT.500-13 Annex 1 §2; its statistics by those of BT.500-14 (A1).
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
  const wanted = ratersWanted[facts.environment];
  const where =
    facts.environment === 'controlled' ? 'in a controlled environment' : 'outside a controlled environment';
  return [
    item('observers', 'Number of observers', bt500('§2.5'), {
      isMet: facts.raters >= formalRaters,
      sentence: `At least 15 are asked for; ${facts.raters} have voted.`,
    }),
    item('votesPerImage', 'Votes an image', p910('10'), {
      isMet: facts.fewestVotes >= wanted,
      sentence: `${wanted} subjects an image are asked for ${where}; the fewest here are ${facts.fewestVotes}.`,
    }),
    item('acuity', 'Visual acuity', bt500('§2.5'), {
      isMet: facts.raters > 0 && facts.acuityChecked >= facts.raters,
      sentence: `Normal or corrected acuity is to be checked; ${facts.acuityChecked} of ${facts.raters} raters passed a check.`,
    }),
    item('colour', 'Colour vision', bt500('§2.5'), {
      isMet: facts.raters > 0 && facts.colourChecked >= facts.raters,
      sentence: `Normal colour vision is to be checked; ${facts.colourChecked} of ${facts.raters} raters passed a check.`,
    }),
  ];
}

function checkSessions(facts: StudyFacts): ChecklistItem[] {
  const minutes = facts.longestSessionMinutes;
  return [
    item('instructions', 'Instructions', bt500('§2.6'), {
      isMet: facts.hasInstructions,
      sentence: facts.hasInstructions ? 'Raters read written instructions.' : 'Raters get no instructions.',
    }),
    item('training', 'Training', p910('12'), {
      isMet: facts.trainingItems > 0,
      sentence: `Training shows the range before voting; ${count(facts.trainingItems, 'training item')} precede the votes.`,
    }),
    item('stabilising', 'Stabilising presentations', bt500('§2.7'), {
      isMet: facts.stabilisingItems >= settlingItems,
      sentence: `About five presentations that do not count settle the opinion; here ${count(facts.stabilisingItems, 'is', 'are')} given.`,
    }),
    item('sessionLength', 'Length of a session', bt500('§2.7'), {
      isMet: minutes !== null && minutes <= longestMinutes,
      sentence:
        minutes === null
          ? 'A session is to last half an hour at most; the sessions have no limit.'
          : `A session is to last half an hour at most; the longest here is ${Math.round(minutes)} minutes.`,
    }),
    item('order', 'Random order', bt500('§2.7'), {
      isMet: facts.isOrderPerRater,
      sentence: facts.isOrderPerRater
        ? 'Every rater has a random order of their own.'
        : 'All raters see the same order, so fatigue and context fall on the same images.',
    }),
    item('spacing', 'Same content apart', bt500('§2.7'), {
      applies: facts.prompts > 1 && facts.images > facts.prompts,
      isMet: facts.isPromptSpaced,
      sentence: facts.isPromptSpaced
        ? 'Images of one prompt do not follow each other.'
        : 'Images of one prompt may follow each other.',
    }),
  ];
}

function checkDesign(facts: StudyFacts): ChecklistItem[] {
  const clauses = {
    acr: '8.1',
    acrHiddenReference: '8.1 (with hidden reference)',
    continuous: '8',
    pairs: '8.3',
  };
  const sentences = {
    acr: 'Absolute category rating, a standard method.',
    acrHiddenReference: 'Absolute category rating with hidden reference, a standard method.',
    continuous: 'A continuous scale is an allowed change of absolute rating, to be reported.',
    pairs: 'Pair comparison, a standard method.',
  };
  const isHidden = facts.method === 'acrHiddenReference';
  return [
    item('method', 'Test method', p910(clauses[facts.method]), {
      isMet: true,
      sentence: sentences[facts.method],
    }),
    item('reference', 'Hidden references', p910('8'), {
      applies: isHidden,
      isMet: facts.referenceItems > 0,
      sentence: isHidden
        ? `References are shown unlabelled among the images; here ${count(facts.referenceItems, 'is', 'are')} shown.`
        : 'The method has no reference.',
    }),
    item('viewing', 'Viewing conditions recorded', bt500('§2.1'), {
      isMet: facts.isViewingRecorded,
      sentence: facts.isViewingRecorded
        ? 'Window, zoom and pixel ratio were recorded for every session.'
        : 'Viewing conditions were not recorded for every session.',
    }),
    item('background', 'Neutral background', bt500('§2.1'), {
      isMet: facts.isBackgroundNeutral,
      sentence: facts.isBackgroundNeutral
        ? 'Images stand on neutral grey.'
        : 'The background of the images is not neutral grey.',
    }),
  ];
}

function checkAnalysis(facts: StudyFacts): ChecklistItem[] {
  const isPairs = facts.method === 'pairs';
  return [
    item('repeats', 'Repeats for consistency', p910('11'), {
      isMet: facts.repeatedItems > 0,
      sentence: `Repeats show how steady a rater is; ${count(facts.repeatedItems, 'item')} repeat.`,
    }),
    item('screening', 'Screening of observers', 'ITU-R BT.500-14 A1-2.3', {
      applies: !isPairs,
      isMet: facts.isScreened,
      sentence: isPairs
        ? 'BT.500 screens ratings, not pairs.'
        : facts.isScreened
          ? 'Raters were screened, and the MOS table names the method.'
          : 'Raters were not screened, or the MOS table does not name how.',
    }),
    item('intervals', 'Intervals reported', 'ITU-R BT.500-14 A1-2.2.1', {
      isMet: facts.reportsIntervals,
      sentence: facts.reportsIntervals
        ? 'Every mean comes with its 95 % interval.'
        : 'Means come without their 95 % intervals.',
    }),
  ];
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
