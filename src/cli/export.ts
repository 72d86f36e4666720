/**
 * A de-identified export for research: patients who agreed to it, without what names them, told no more exactly than at least k others
 * are. Read twice through the reader of an analyst: first whom, then what, both decided on for one instant.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { pino } from 'pino';
import { type Actor, systemActor } from '../access/actor.ts';
import { ageBandOf } from '../access/ageBand.ts';
import { Noted } from '../access/audit/noted.ts';
import { observationRow, rowsOf, type StandIn } from '../access/export/deidentified.ts';
import {
  type Combinations,
  classOf,
  combinationsOf,
  type Generalised,
  generalise,
  keyOf,
  type QuasiIdentifiers,
  type ToldOf,
} from '../access/export/kAnonymous.ts';
import type { PatientReader } from '../access/patientReader.ts';
import { AvicennaError } from '../errors.ts';
import type { PatientRecord } from '../patients/record.ts';
import { readConfig } from './config.ts';
import { ExportFolder } from './exportFolder.ts';
import { exportManifest, inWords, type Manifest, type WrittenClass } from './exportManifest.ts';
import { openExistingLog } from './openLog.ts';
import { openPlatform } from './openPlatform.ts';
import { endProgress, line, note, progress } from './output.ts';

export interface ExportOptions {
  readonly data: string;
  readonly to: string;
  readonly k: number;
  readonly json?: boolean;
}

const FILES = ['patients', 'observations', 'conditions', 'medications', 'outcomes', 'genotypes'] as const;
const RESEARCHER: Actor = { ...systemActor('command-line'), role: 'ANALYST', purpose: 'RESEARCH' };
const SETTLE_MS = 60_000;
/** Rows of a page. */
const PATIENTS = 50;
const ROWS = 500;
const MOST_DAYS = 365;

/** Whom the export is of: all that is kept of each between the two times that records are read. */
interface Member {
  readonly id: string;
  readonly studyId: string;
  readonly of: QuasiIdentifiers;
}

const ofRecord = ({ birthDate, sexAtBirth, race }: PatientRecord, year: number): QuasiIdentifiers => ({
  age: ageBandOf(birthDate, year),
  sexAtBirth,
  race,
});

async function* inPages(reader: PatientReader): AsyncGenerator<string[]> {
  let after: { readonly value: string; readonly id: string } | null = null;
  for (;;) {
    const page: Awaited<ReturnType<PatientReader['ids']>> = await reader.ids({}, 'id', false, after, PATIENTS);
    if (page.items.length > 0) yield page.items.map(({ id }) => id);
    if (!page.hasNext) return;
    after = page.items.at(-1) ?? null;
  }
}

const present = (records: readonly (PatientRecord | null)[]) => records.filter((record) => record !== null);

/** Who agreed, in an order that says nothing. */
async function membersOf(reader: PatientReader, year: number): Promise<Member[]> {
  const members: Member[] = [];
  for await (const ids of inPages(reader))
    for (const record of present(await reader.byIds(ids)))
      members.push({ id: record.id, studyId: randomBytes(10).toString('hex'), of: ofRecord(record, year) });
  return members.sort((a, b) => (a.studyId < b.studyId ? -1 : 1));
}

/** Drawn anew for each patient and export, kept nowhere. */
function drawnDays(): number {
  const days = randomInt(1, MOST_DAYS + 1);
  return randomInt(2) === 0 ? days : -days;
}

async function writeObservations(reader: PatientReader, id: string, standIn: StandIn, folder: ExportFolder): Promise<void> {
  let after: { readonly value: string; readonly id: string } | null = null;
  for (let hasNext = true; hasNext; ) {
    const page: Awaited<ReturnType<PatientReader['observed']['page']>> = await reader.observed.page(id, null, after, ROWS);
    for (const observation of page.items) {
      const row = observationRow(observation, standIn);
      if (row) await folder.write('observations', row);
    }
    const last = page.items.at(-1);
    after = last ? { value: last.observedAt, id: last.id } : null;
    hasNext = page.hasNext;
  }
}

interface Plan {
  readonly reader: PatientReader;
  readonly folder: ExportFolder;
  readonly year: number;
  readonly told: Generalised['told'];
}

/** What was written, class by class: for the report, and to be sure that each has k. */
type Classes = Map<string, { records: number; readonly diagnoses: Set<string> }>;

const NO_DIAGNOSIS = 'none';

function addTo(classes: Classes, told: ToldOf, { conditions }: PatientRecord): void {
  const known = classes.get(classOf(told)) ?? { records: 0, diagnoses: new Set<string>() };
  known.records += 1;
  for (const { code } of conditions) known.diagnoses.add(code.slice(0, 3));
  if (conditions.length === 0) known.diagnoses.add(NO_DIAGNOSIS);
  classes.set(classOf(told), known);
}

async function writePatient(record: PatientRecord, studyId: string, told: ToldOf, { reader, folder, year }: Plan): Promise<void> {
  const standIn: StandIn = { studyId, days: drawnDays(), birthYear: Number(record.birthDate.slice(0, 4)), year };
  for (const [file, rows] of Object.entries(rowsOf(record, standIn, told))) for (const row of rows) await folder.write(file, row);
  await writeObservations(reader, record.id, standIn, folder);
}

/** @throws AvicennaError DATA_IN_USE where a record that was counted is another now */
async function writeAll(members: readonly Member[], plan: Plan): Promise<WrittenClass[]> {
  const included = members.filter(({ of }) => plan.told.has(keyOf(of)));
  const classes: Classes = new Map();
  for (let from = 0; from < included.length; from += PATIENTS) {
    progress(`Exporting patient ${from + 1} of ${included.length}`);
    const some = included.slice(from, from + PATIENTS);
    const records = await plan.reader.byIds(some.map(({ id }) => id));
    for (const [at, { studyId, of }] of some.entries()) {
      const record = records[at];
      const told = plan.told.get(keyOf(of));
      if (!record || !told || keyOf(ofRecord(record, plan.year)) !== keyOf(of))
        throw new AvicennaError('DATA_IN_USE', 'Records changed while they were read: run it again.', '--data');
      await writePatient(record, studyId, told, plan);
      addTo(classes, told, record);
    }
  }
  return [...classes.values()].map(({ records, diagnoses }) => ({ records, diagnoses: diagnoses.size }));
}

interface Exporting {
  readonly reader: PatientReader;
  /** Resolves when it is on disk who was read. */
  readonly audited: () => Promise<void>;
  readonly folder: ExportFolder;
  readonly k: number;
  readonly now: string;
}

async function exportFrom({ reader, audited, folder, k, now }: Exporting): Promise<Manifest> {
  const year = Number(now.slice(0, 4));
  const members = await membersOf(reader, year);
  const combinations: Combinations = combinationsOf(members.map(({ of }) => of));
  const generalised = generalise(combinations, k);
  // All who are written have been read, and decided on for the same instant: not a row is on disk before the audit is.
  await audited();
  const classes = await writeAll(members, { reader, folder, year, told: generalised.told });
  let manifest: Manifest | undefined;
  await folder.finish((files) => {
    manifest = exportManifest({ k, madeOn: now.slice(0, 10), records: members.length, generalised, classes, files });
    return manifest;
  });
  return manifest as Manifest;
}

/** @throws AvicennaError BAD_USER_INPUT, FILE_UNREADABLE, DATA_IN_USE, GRAPH_UNAVAILABLE: then there is no folder */
export async function exportCommand({ data, to, k, json }: ExportOptions): Promise<void> {
  const config = readConfig(process.env);
  // A folder that has no log is not made into one.
  await (await openExistingLog(data, config)).close();
  const platform = await openPlatform({ data, config, log: pino({ level: 'silent' }), progress });
  let folder: ExportFolder | undefined;
  try {
    // A consent that was withdrawn a moment ago counts.
    if (!(await platform.projector.settle(SETTLE_MS)))
      throw new AvicennaError('GRAPH_UNAVAILABLE', 'The graph does not show all of the log yet: run it again.');
    folder = ExportFolder.at(to, FILES);
    const now = new Date().toISOString();
    const noted = new Noted();
    const reader = platform.readerFor(RESEARCHER, noted, now);
    const audited = () => platform.audit.record(noted.take(RESEARCHER, { document: null, operation: 'export' }));
    const manifest = await exportFrom({ reader, audited, folder, k, now });
    endProgress();
    if (json) await line(JSON.stringify(manifest));
    else note(inWords(manifest, to));
  } catch (error) {
    endProgress();
    await folder?.abandon();
    throw error;
  } finally {
    await platform.close();
  }
}
