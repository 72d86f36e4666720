import type { AccessBook } from '../access/accessBook.ts';
import type { Actor } from '../access/actor.ts';
import type { Audit } from '../access/audit/audit.ts';
import { Noted } from '../access/audit/noted.ts';
import type { Emergencies } from '../access/emergencies.ts';
import { PatientReader } from '../access/patientReader.ts';
import { PatientWriter } from '../access/patientWriter.ts';
import type { PayloadCodec } from '../events/envelope.ts';
import type { LiveTail } from '../events/liveTail.ts';
import type { SealedLog } from '../events/sealed/sealedLog.ts';
import type { Play } from '../explanation/modelGame.ts';
import type { OncologyBook } from '../knowledge/oncology/oncologyBook.ts';
import type { FoundPaths, PathQuestion } from '../knowledge/published/graphPaths.ts';
import type { KnowledgeSnapshot, ReleaseInfo } from '../knowledge/snapshot.ts';
import type { AlertRule } from '../monitoring/alertRule.ts';
import type { ModelRegistry } from '../prediction/registry.ts';
import type { Intake, Submitted } from '../projection/intake.ts';
import type { Projector } from '../projection/projector.ts';
import { CancellableStore } from '../store/cancellableStore.ts';
import type { DescribedThing } from '../store/cypher/publishedNames.ts';
import type { GraphStore } from '../store/graphStore.ts';
import type { KnownTrial } from '../treatment/trialMatches.ts';
import { Cancellation } from './cancellation.ts';
import { type Loaders, makeLoaders } from './loaders.ts';
import { toldCategories } from './toldCategories.ts';

/** A copy of the log, with what identifies it. */
export interface BackupTaken {
  readonly directory: string;
  readonly takenAt: string;
  readonly epoch: string;
  readonly lastSeq: string;
  readonly events: number;
  readonly sha256: string;
}

/** What the resolvers are given by the process. The store is reached only through a reader for one actor. */
export interface Platform {
  readonly knowledge: KnowledgeSnapshot;
  /** Every release in the graph, the one in force among them. */
  readonly releases: {
    list(): Promise<readonly ReleaseInfo[]>;
    named(name: string): Promise<KnowledgeSnapshot | null>;
  };
  /** What treatment options are made of: the publishers' release that is in force, or what ships. */
  readonly oncology: () => Promise<OncologyBook>;
  /** The trials that patients are held against. */
  readonly trials: () => Promise<readonly KnownTrial[]>;
  /** Term -> what it names in the publishers' release that is in force; of diseases also in what ships. */
  readonly publishedNames: (
    kind: 'Disease' | 'Compound',
    terms: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly DescribedThing[]>>;
  /** Paths between two things, by what publishers or the shipped tables say. */
  readonly evidencePaths: (question: PathQuestion) => Promise<FoundPaths>;
  readonly registry: ModelRegistry;
  /** Plays explanations, in threads of their own. */
  readonly play: Play;
  /** For this program itself; a request has a writer for its actor. */
  readonly intake: Intake;
  readonly projector: Projector;
  readonly alertRules: readonly AlertRule[];
  readonly log: SealedLog;
  /** The end of the log, for those who follow it. */
  readonly tail: LiveTail;
  readonly codec: PayloadCodec;
  /** Decisions at each delivery. */
  readonly accessBook: AccessBook;
  /** Copies the log as it is now. @throws AvicennaError BAD_USER_INPUT where the name is taken, FILE_UNREADABLE */
  readonly takeBackup: (name: string) => Promise<BackupTaken>;
  /** Who saw what. */
  readonly audit: Audit;
  /** Told of each record that is opened in an emergency. */
  readonly emergencies: Emergencies;
  /**
   * @param noted where it is noted who was seen: whoever asks for the reader has it written
   * @param now the instant that is decided for; now where left out
   * @param signal nothing is read once it is aborted
   */
  readonly readerFor: (actor: Actor, noted: Noted, now?: string, signal?: AbortSignal) => PatientReader;
}

/** One request's context. */
export interface Context extends Omit<Platform, 'readerFor' | 'intake'> {
  readonly actor: Actor;
  readonly reader: PatientReader;
  readonly writer: PatientWriter<Submitted>;
  /** A reader that decides anew: for what a command has changed. */
  readonly readerNow: () => PatientReader;
  readonly loaders: Loaders;
  /** What the request came to see and did: written to the audit before it is answered. */
  readonly noted: Noted;
  /** The instant that the request is answered for. */
  readonly now: string;
  /** Whether anybody waits for the answer. */
  readonly cancellation: Cancellation;
}

export function readersOf(store: GraphStore): Platform['readerFor'] {
  return (actor, noted, now, signal) => {
    const own = signal ? new CancellableStore(store, signal) : store;
    return new PatientReader(actor, { store: own, readBy: toldCategories }, now ?? new Date().toISOString(), noted);
  };
}

export function makeContext({ readerFor, intake, ...platform }: Platform, actor: Actor, cancellation = new Cancellation()): Context {
  const now = new Date().toISOString();
  const noted = new Noted();
  const { signal } = cancellation;
  const reader = readerFor(actor, noted, now, signal);
  const play: Play = (model, row, space, interactions) => platform.play(model, row, space, interactions, signal);
  const writer = new PatientWriter<Submitted>(actor, intake, noted);
  const readerNow = () => readerFor(actor, noted);
  return { ...platform, play, actor, reader, readerNow, writer, loaders: makeLoaders(reader), noted, now, cancellation };
}
