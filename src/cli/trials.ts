import { pino } from 'pino';
import { AvicennaError } from '../errors.ts';
import { groupBy } from '../groupBy.ts';
import { type Clause, readTrial, type Trial } from '../knowledge/trials/ctml.ts';
import { type Candidate, type Judged, judge, type MatchContext, type TrialRecord, type Verdict } from '../knowledge/trials/matching.ts';
import { readConfig } from './config.ts';
import { openPlatform } from './openPlatform.ts';
import { line, note, progress, refuse } from './output.ts';
import { loadTrials, namedTrials, readJson } from './trialFiles.ts';

export interface TrialsMatchOptions {
  readonly trials: string;
  readonly patients: string;
  readonly findings: string;
  readonly oncotree?: string;
  readonly asOf?: string;
  readonly reasons?: boolean;
  readonly json?: boolean;
}

interface Person extends Candidate {
  readonly sample: string;
}

function recordsOf(value: unknown, file: string): TrialRecord[] {
  if (!Array.isArray(value)) throw new AvicennaError('FILE_UNREADABLE', 'Expected a list of records.', file);
  return value.map((one: unknown, place) => {
    if (typeof one !== 'object' || one === null) throw new AvicennaError('FILE_UNREADABLE', 'Expected an object.', `${file} [${place}]`);
    return one as TrialRecord;
  });
}

function textOf(record: TrialRecord, field: string, at: string): string {
  const value = record[field];
  if (typeof value !== 'string' || value === '') throw new AvicennaError('FILE_UNREADABLE', `The record has no ${field}.`, at);
  return value;
}

/** The patients with what was found in them. */
async function readPeople({ patients, findings }: TrialsMatchOptions): Promise<Person[]> {
  const found = groupBy(recordsOf(await readJson(findings), findings), (finding, place) =>
    textOf(finding, 'CLINICAL_ID', `${findings} [${place}]`),
  );
  return recordsOf(await readJson(patients), patients).map((clinical, place) => ({
    sample: textOf(clinical, 'SAMPLE_ID', `${patients} [${place}]`),
    clinical,
    findings: found.get(textOf(clinical, '_id', `${patients} [${place}]`)) ?? [],
  }));
}

/** Each diagnosis as trials name it, with those that it stands for; itself always. */
async function readDiagnoses(file: string | undefined): Promise<MatchContext['isDiagnosis']> {
  if (file === undefined) return (wanted, recorded) => wanted === recorded;
  const mapping = await readJson(file);
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping))
    throw new AvicennaError('FILE_UNREADABLE', 'Expected an object of lists: a diagnosis and those that it stands for.', file);
  const kindsOf = new Map(
    Object.entries(mapping).map(([name, kinds]) => {
      if (!Array.isArray(kinds)) throw new AvicennaError('FILE_UNREADABLE', 'Expected a list of diagnoses.', `${file} ${name}`);
      return [name, new Set(kinds.map(String))] as const;
    }),
  );
  return (wanted, recorded) => wanted === recorded || (kindsOf.get(wanted)?.has(recorded) ?? false);
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function dayOf(asOf = new Date().toISOString().slice(0, 10)): string {
  if (!DAY.test(asOf) || Number.isNaN(Date.parse(asOf)) || new Date(asOf).toISOString().slice(0, 10) !== asOf)
    throw new AvicennaError('BAD_USER_INPUT', `'${asOf}' is no day: expected YYYY-MM-DD.`, '--as-of');
  return asOf;
}

interface Reason {
  readonly sample: string;
  readonly verdict: Verdict;
  readonly criteria: readonly Judged[];
}

function matchClause(
  { criterion, place: _place, ...clause }: Clause,
  people: readonly Person[],
  context: MatchContext,
  withReasons: boolean,
) {
  const reasons = people.map((person): Reason => {
    const criteria: Judged[] = [];
    return { sample: person.sample, verdict: judge(criterion, person, context, criteria), criteria };
  });
  const samples = reasons.flatMap(({ sample, verdict }) => (verdict === 'MET' ? [sample] : [])).sort();
  return { ...clause, samples, ...(withReasons && { reasons }) };
}

type Matched = ReturnType<typeof matchClause>;

const fieldsOf = (reasons: readonly Reason[], what: 'missing' | 'assumed') =>
  [...new Set(reasons.flatMap(({ criteria }) => criteria.flatMap((one) => one[what] ?? [])))].join(', ');

/** One level in words: who meets it, of whom it cannot be told, and what is taken as negative. */
function clauseWords({ level, code, suspended, samples, reasons = [] }: Matched): string {
  const unknown = reasons.filter(({ verdict }) => verdict === 'UNKNOWN');
  const assumed = fieldsOf(
    reasons.filter(({ verdict }) => verdict === 'MET'),
    'assumed',
  );
  return [
    `  ${level} ${code}${suspended ? ' (suspended)' : ''}: ${samples.length} meet it${samples.length > 0 ? `: ${samples.join(', ')}` : ''}`,
    ...(unknown.length > 0 ? [`    of ${unknown.length} it cannot be told without ${fieldsOf(unknown, 'missing')}`] : []),
    ...(assumed ? [`    taken as negative where it is not recorded: ${assumed}`] : []),
  ].join('\n');
}

async function tell(trial: Trial, people: readonly Person[], context: MatchContext, { json, reasons }: TrialsMatchOptions): Promise<void> {
  const clauses = trial.clauses.map((clause) => matchClause(clause, people, context, reasons === true || !json));
  if (json) await line(JSON.stringify({ trial: trial.name, status: trial.status, clauses }));
  else await line([`${trial.name} (${trial.status})`, ...clauses.map(clauseWords)].join('\n'));
}

/** Trials in CTML against patients: a trial that cannot be read is refused with the place, the others are answered. */
export async function trialsMatch(options: TrialsMatchOptions): Promise<void> {
  const { json = false } = options;
  try {
    const context = { asOf: dayOf(options.asOf), isDiagnosis: await readDiagnoses(options.oncotree), assumesNegative: true };
    const people = await readPeople(options);
    for (const [name, value] of namedTrials(await readJson(options.trials), options.trials)) {
      try {
        await tell(readTrial(name, value, options.trials), people, context, options);
      } catch (error) {
        await refuse(error, json);
      }
    }
  } catch (error) {
    await refuse(error, json);
  }
}

export interface TrialsLoadOptions {
  readonly trials: string;
  readonly data: string;
  readonly json?: boolean;
}

/** Enters trials into the graph, which patients are then matched against; one of the same name is replaced. */
export async function trialsLoad({ trials: file, data, json = false }: TrialsLoadOptions): Promise<void> {
  const platform = await openPlatform({ data, config: readConfig(process.env), log: pino({ level: 'silent' }), progress });
  try {
    const loaded = await loadTrials(platform.store, file, (fault) => refuse(fault, json));
    if (json) await line(JSON.stringify({ loaded }));
    note(`${loaded} trial${loaded === 1 ? ' is' : 's are'} in the graph.`);
  } finally {
    await platform.close();
  }
}
