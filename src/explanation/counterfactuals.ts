/**
 * What would have to be otherwise for the answer to come below a threshold: the nearest changes of what a person can be
 * advised or ordered to change, as the card declares it (`modifiable`). Each is verified by asking the model. What it says is
 * a property of the calculation, not a promise that the change helps.
 */
import { AvicennaError } from '../errors.ts';
import type { CardInput, ModelCard } from '../prediction/card.ts';
import { display } from '../prediction/features.ts';
import { checkRow, joinColumns, type RawRow } from '../prediction/inputs.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { valueText } from '../prediction/valueText.ts';

/** Inputs that one counterfactual changes at most, and counterfactuals that are given at most. */
const MOST_CHANGES = 3;
export const MOST_COUNTERFACTUALS = 3;

/** Candidates that are asked of the model in one run. */
const BATCH = 4096;

export interface Change {
  readonly input: string;
  readonly label: string;
  readonly from: number | string;
  readonly to: number | string;
  readonly unit: string | null;
  /** What speaks against some of the ways to do it. */
  readonly cautions: readonly string[];
}

export interface Counterfactual {
  readonly changes: readonly Change[];
  /** What the model answers with them, in its unit. */
  readonly value: number;
}

/** A lever that is not offered, and why. */
export interface RefusedLever {
  readonly input: string;
  readonly label: string;
  readonly reason: string;
}

export interface Counterfactuals {
  readonly threshold: number;
  /** Nearest first: fewest changes, then the smallest; empty where none is found or none is needed. */
  readonly found: readonly Counterfactual[];
  readonly refused: readonly RefusedLever[];
  /** In plain words where nothing is offered. */
  readonly reason: string | null;
}

/** What is known against a lever for this person: a reason not to offer it at all, or cautions. What the graph knows comes in here. */
export type LeverCheck = (input: CardInput) => { readonly refused: string | null; readonly cautions: readonly string[] };

const NOTHING_KNOWN: LeverCheck = () => ({ refused: null, cautions: [] });

/** What the change of a flag counts beside the change of a number by its whole range. */
const FLAG = 0.5;

interface Step {
  readonly to: number | string;
  /** Share of the lever's whole range; a flag counts half. */
  readonly distance: number;
}

interface Lever {
  readonly input: CardInput;
  readonly cautions: readonly string[];
  readonly from: number | string;
  readonly steps: readonly Step[];
}

/** The values that a number may be moved to, in its steps from where it is, the nearest first. */
function numberSteps({ modifiable, max, min }: CardInput, from: number): Step[] {
  const { step, direction } = modifiable ?? {};
  const [low, high] = [modifiable?.min ?? min, modifiable?.max ?? max];
  if (step == null || low == null || high == null) return [];
  const down = Array.from({ length: Math.ceil(Math.max(0, from - low) / step) }, (_, index) => Math.max(low, from - (index + 1) * step));
  const up = Array.from({ length: Math.ceil(Math.max(0, high - from) / step) }, (_, index) => Math.min(high, from + (index + 1) * step));
  return [...(direction === 'up' ? [] : down), ...(direction === 'down' ? [] : up)]
    .map((to) => ({ to: Number(to.toFixed(6)), distance: Math.abs(to - from) / (high - low) }))
    .sort((a, b) => a.distance - b.distance);
}

/** Where an input may be moved to; null where it may not, or is not known. */
function leverOf(input: CardInput, raw: RawRow): Omit<Lever, 'cautions'> | null {
  const from = raw[input.name];
  if (!input.modifiable || from == null) return null;
  if (input.type === 'number') return { input, from, steps: numberSteps(input, Number(from)) };
  const { to } = input.modifiable;
  return to == null || to === from ? null : { input, from, steps: [{ to, distance: FLAG }] };
}

/** Sets of so many levers. */
function sets(levers: readonly Lever[], size: number): Lever[][] {
  if (size === 0) return [[]];
  return levers.flatMap((first, index) => sets(levers.slice(index + 1), size - 1).map((rest) => [first, ...rest]));
}

interface Candidate {
  readonly steps: readonly Step[];
  readonly distance: number;
}

/** All ways to move the levers of a set, the nearest first. */
function candidates(levers: readonly Lever[]): Candidate[] {
  const all = levers.reduce<Step[][]>((ways, { steps }) => ways.flatMap((way) => steps.map((step) => [...way, step])), [[]]);
  return all
    .map((steps) => ({ steps, distance: steps.reduce((sum, { distance }) => sum + distance, 0) }))
    .sort((a, b) => a.distance - b.distance);
}

const moved = (raw: RawRow, levers: readonly Lever[], steps: readonly Step[]): RawRow => ({
  ...raw,
  ...Object.fromEntries(levers.map(({ input }, index) => [input.name, steps[index]?.to ?? null])),
});

/** The nearest way of a set whose answer is below the threshold; each answer is the model's own. */
async function nearest(model: LoadedModel, raw: RawRow, levers: readonly Lever[], threshold: number): Promise<Counterfactual | null> {
  const all = candidates(levers);
  for (let start = 0; start < all.length; start += BATCH) {
    const some = all.slice(start, start + BATCH);
    const rows = some.map(({ steps }) => checkRow(model.card, moved(raw, levers, steps)));
    const { value } = await model.scorer.score(joinColumns(rows.map(({ columns }) => columns)), rows.length);
    const at = rows.findIndex(({ problems }, index) => problems.length === 0 && (value[index] as number) < threshold);
    const found = some[at];
    if (found) return { changes: changesOf(levers, found.steps), value: value[at] as number };
  }
  return null;
}

function changesOf(levers: readonly Lever[], steps: readonly Step[]): Change[] {
  return levers.map(({ input, from, cautions }, index) => ({
    input: input.name,
    label: input.label,
    from,
    to: steps[index]?.to ?? from,
    unit: input.unit ?? null,
    cautions,
  }));
}

/** The threshold that a card names for decisions. */
function thresholdOf({ output, name }: ModelCard): number {
  if (output.decision) return output.decision.threshold;
  throw new AvicennaError('BAD_USER_INPUT', `The card of '${name}' names no threshold for decisions: say which one is meant.`, 'threshold');
}

function reasonFor(found: readonly Counterfactual[], value: number, threshold: number, refused: readonly RefusedLever[]): string | null {
  if (found.length > 0) return null;
  if (value < threshold) return 'The answer is below the threshold already.';
  const less = refused.length === 0 ? '' : ` ${refused.map(({ label }) => label).join(', ')} may not be changed here.`;
  return `No change of at most ${MOST_CHANGES} of the inputs that can be changed brings the answer below the threshold.${less}`;
}

export interface CounterfactualOptions {
  /** How many, 1 to 3; each brings in an input that none before it moved, and none does more than another needs. */
  readonly max?: number | undefined;
  /** In the answer's unit; else the card's. */
  readonly threshold?: number | undefined;
  readonly check?: LeverCheck | undefined;
}

/** A way that asks for this share of another's every move, and more, is the same way over again. */
const SAME_AGAIN = 0.75;

/** Whether one way does hardly more than another: the same inputs or fewer, none moved much further. */
function isHardlyMoreThan(levers: readonly Lever[], less: Counterfactual, more: Counterfactual): boolean {
  return less.changes.every((change) => {
    const other = more.changes.find(({ input }) => input === change.input);
    return other !== undefined && SAME_AGAIN * distanceOf(levers, { changes: [change] }) <= distanceOf(levers, { changes: [other] });
  });
}

/** Adds the nearest ways that move exactly `size` levers: each brings in a lever that none before it moved. */
async function addWays(
  found: Counterfactual[],
  size: number,
  levers: readonly Lever[],
  ask: (set: Lever[]) => Promise<Counterfactual | null>,
): Promise<void> {
  const reached: Counterfactual[] = [];
  for (const set of sets(levers, size)) {
    const one = await ask(set);
    if (one) reached.push(one);
  }
  for (const way of reached.sort((a, b) => distanceOf(levers, a) - distanceOf(levers, b))) {
    const used = new Set(found.flatMap(({ changes }) => changes.map(({ input }) => input)));
    const isNew = way.changes.some(({ input }) => !used.has(input));
    if (isNew && !found.some((other) => isHardlyMoreThan(levers, other, way))) found.push(way);
  }
}

/** @throws AvicennaError BAD_USER_INPUT where neither the options nor the card say a threshold */
export async function counterfactuals(model: LoadedModel, raw: RawRow, options: CounterfactualOptions = {}): Promise<Counterfactuals> {
  const { max = MOST_COUNTERFACTUALS, threshold = thresholdOf(model.card), check = NOTHING_KNOWN } = options;
  const value = (await model.scorer.score(checkRow(model.card, raw).columns, 1)).value[0] as number;
  const movable = model.card.inputs.map((input) => leverOf(input, raw)).filter((lever) => lever !== null);
  const known = movable.map((lever) => ({ ...lever, ...check(lever.input) }));
  const refused = known.flatMap(({ input: { name, label }, refused: reason }) => (reason === null ? [] : [{ input: name, label, reason }]));
  const levers: readonly Lever[] = known.filter((lever) => lever.refused === null);
  const found: Counterfactual[] = [];
  for (let size = 1; value >= threshold && size <= MOST_CHANGES && found.length < max; size += 1) {
    await addWays(found, size, levers, (set) => nearest(model, raw, set, threshold));
  }
  return { threshold, found: found.slice(0, max), refused, reason: reasonFor(found, value, threshold, refused) };
}

function distanceOf(levers: readonly Lever[], { changes }: Pick<Counterfactual, 'changes'>): number {
  return changes.reduce((sum, { input, to }) => {
    const lever = levers.find((one) => one.input.name === input);
    return sum + (lever?.steps.find((step) => step.to === to)?.distance ?? 0);
  }, 0);
}

/** What a person reads. */
export function narrateCounterfactuals(card: ModelCard, { threshold, found, refused, reason }: Counterfactuals): string {
  const shown = (text: number | string, input: string) => {
    const described = card.inputs.find(({ name }) => name === input);
    return described ? display(described, text) : text;
  };
  const change = ({ input, label, from, to, unit: of, cautions }: Change) => {
    const way = `${label} ${shown(to, input)}${of ? ` ${of}` : ''} instead of ${shown(from, input)}`;
    return cautions.length === 0 ? way : `${way} (but ${cautions.join('; ')})`;
  };
  const ways = found.map(({ changes, value }) => `${changes.map(change).join(' and ')} (${valueText(card, value)})`);
  const head = `Below ${valueText(card, threshold)} the calculation would be with: `;
  const not = refused.map(({ label, reason: why }) => `${label} is not offered: ${why}.`);
  return [
    found.length === 0 ? (reason ?? '') : `${head}${ways.join('; or ')}.`,
    ...not,
    ...(found.length === 0 ? [] : ['This is the calculation with other inputs, not proof that the change would have that effect.']),
  ].join(' ');
}
