import { json as jsonOf } from 'node:stream/consumers';
import { AvicennaError } from '../errors.ts';
import { unpacked } from '../genotypes/unpacked.ts';
import { groupBy } from '../groupBy.ts';
import { type Clause, readTrial, type Trial } from '../knowledge/trials/ctml.ts';
import { type Candidate, type Judged, judge, type MatchContext, type TrialRecord, type Verdict } from '../knowledge/trials/matching.ts';
import { line, refuse } from './output.ts';

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

async function readJson(file: string): Promise<unknown> {
  try {
    return await jsonOf(await unpacked(file));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AvicennaError('FILE_UNREADABLE', code === undefined ? 'The file is not JSON.' : `The file cannot be read (${code}).`, file);
  }
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

async function readDiagnoses(file: string | undefined): Promise<MatchContext['diagnoses']> {
  if (file === undefined) return new Map();
  const mapping = await readJson(file);
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping))
    throw new AvicennaError('FILE_UNREADABLE', 'Expected an object of lists: a diagnosis and those that it stands for.', file);
  return new Map(
    Object.entries(mapping).map(([name, kinds]) => {
      if (!Array.isArray(kinds)) throw new AvicennaError('FILE_UNREADABLE', 'Expected a list of diagnoses.', `${file} ${name}`);
      return [name, new Set(kinds.map(String))] as const;
    }),
  );
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

function matchClause({ criterion, ...clause }: Clause, people: readonly Person[], context: MatchContext, withReasons: boolean) {
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

/** Trials by name; a list goes by what each is called in itself, or by its place. */
function namedTrials(value: unknown, file: string): [string, unknown][] {
  if (Array.isArray(value))
    return value.map((one: { readonly protocol_no?: unknown } | null, place) => [String(one?.protocol_no ?? `[${place}]`), one]);
  if (typeof value !== 'object' || value === null)
    throw new AvicennaError('FILE_UNREADABLE', 'Expected trials by name, or a list of them.', file);
  return Object.entries(value);
}

/** Trials in CTML against patients: a trial that cannot be read is refused with the place, the others are answered. */
export async function trialsMatch(options: TrialsMatchOptions): Promise<void> {
  const { json = false } = options;
  try {
    const context = { asOf: dayOf(options.asOf), diagnoses: await readDiagnoses(options.oncotree) };
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
