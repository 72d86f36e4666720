/**
 * Interactions among drugs taken together: by the pairs of the release, by the published rules between classes of drugs, and by
 * enzymes. A pair is told once by each that says something of it.
 */
import type { GeneCall } from '../genotypes/call.ts';
import { enzymeInteractions } from './enzymeInteractions.ts';
import type { InteractionRule, InteractionSeverity, KnowledgeSnapshot } from './snapshot.ts';

export interface FoundInteraction {
  /** Key in the knowledge tables: of the pair or of the rule. */
  readonly id: string;
  readonly drugs: readonly [string, string];
  /** UNKNOWN where no source states it. */
  readonly severity: InteractionSeverity | 'UNKNOWN';
  /** Whether a prescriber is to be stopped by it. */
  readonly interruptive: boolean;
  readonly mechanism: string;
  readonly effect: string;
  readonly advice: string;
  readonly source: string;
  readonly pmid: string;
}

const ORDER = ['CONTRAINDICATED', 'MAJOR', 'MODERATE', 'MINOR', 'UNKNOWN'] as const;
const INTERRUPTS: ReadonlySet<string> = new Set(['CONTRAINDICATED', 'MAJOR']);
const NOT_SAID = 'The list does not say it.';

/** The name that rules have for a drug, by any name that the release or the rules know. */
function ruleName({ ruleDrugNamed, drugByName }: KnowledgeSnapshot, name: string): string | undefined {
  const term = name.trim().toLowerCase();
  const also = drugByName.get(term)?.synonyms ?? [];
  for (const one of [term, ...also]) {
    const found = ruleDrugNamed.get(one.toLowerCase());
    if (found) return found;
  }
  return undefined;
}

const speaksOf = ({ objects, precipitants }: InteractionRule, a: string, b: string) =>
  (objects.includes(a) && precipitants.includes(b)) || (objects.includes(b) && precipitants.includes(a));

function byRule(rule: InteractionRule, drugs: readonly [string, string]): FoundInteraction {
  const { rule: id, list, object, precipitant, mechanism, effect, source, pmid } = rule;
  const told = {
    id,
    drugs,
    mechanism: mechanism ?? NOT_SAID,
    effect: effect ?? NOT_SAID,
    source: `${source}: ${object} with ${precipitant}`,
    pmid,
  };
  return list === 'MUST_ALERT'
    ? { ...told, severity: 'CONTRAINDICATED', interruptive: true, advice: 'Not together: choose another drug.' }
    : { ...told, severity: 'UNKNOWN', interruptive: false, advice: 'No reason to interrupt a prescriber.' };
}

function ofPair(knowledge: KnowledgeSnapshot, a: string, b: string, calls: readonly GeneCall[]): FoundInteraction[] {
  const [ruleA, ruleB] = [ruleName(knowledge, a), ruleName(knowledge, b)];
  const rules =
    ruleA === undefined || ruleB === undefined || ruleA === ruleB
      ? []
      : [...(knowledge.rulesOfDrug.get(ruleA) ?? [])].filter((rule) => speaksOf(rule, ruleA, ruleB));
  const quiet = rules.length > 0 && rules.every(({ list }) => list === 'DO_NOT_INTERRUPT');
  const pairs = knowledge.interactions.filter(({ drugs }) => drugs.includes(a) && drugs.includes(b));
  return [
    ...rules.map((rule) => byRule(rule, [a, b])),
    ...pairs.map(({ doseDirection: _dose, ...pair }) => ({ ...pair, interruptive: !quiet && INTERRUPTS.has(pair.severity) })),
    ...enzymeInteractions(knowledge, [a, b], { calls, isKnown: pairs.length > 0 }),
  ];
}

const bySeverity = (a: FoundInteraction, b: FoundInteraction) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity);

/** The interactions of one drug with others, the most severe first. */
export function interactionsWith(
  knowledge: KnowledgeSnapshot,
  drug: string,
  others: readonly string[],
  calls: readonly GeneCall[] = [],
): FoundInteraction[] {
  return [...new Set(others)]
    .filter((other) => other !== drug)
    .flatMap((other) => ofPair(knowledge, drug, other, calls))
    .sort(bySeverity);
}

/**
 * The interactions among drugs, the most severe first.
 * @param drugs generic names of the release, or names as they were written
 * @param calls the patient's genes; none where the question is about the drugs alone
 */
export function interactionsAmong(
  knowledge: KnowledgeSnapshot,
  drugs: readonly string[],
  calls: readonly GeneCall[] = [],
): FoundInteraction[] {
  const taken = [...new Set(drugs)];
  return taken.flatMap((a, place) => taken.slice(place + 1).flatMap((b) => ofPair(knowledge, a, b, calls))).sort(bySeverity);
}
