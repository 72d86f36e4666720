/** The composition root: opens the engines that the settings name and puts the rooms together. */
import type { Logger } from 'pino';
import { AccessBook } from '../access/accessBook.ts';
import { Emergencies } from '../access/emergencies.ts';
import { plainCodec } from '../events/envelope.ts';
import { LiveTail } from '../events/liveTail.ts';
import type { SealedLog } from '../events/sealed/sealedLog.ts';
import { GamePool } from '../explanation/gamePool.ts';
import { type Platform, readersOf } from '../graphql/context.ts';
import { readShippedKnowledge } from '../knowledge/shippedTables.ts';
import { indexKnowledge, type KnowledgeSnapshot } from '../knowledge/snapshot.ts';
import { LiveModels, type Reload } from '../prediction/liveModels.ts';
import { describeUnfit, type LoadedModel } from '../prediction/registry.ts';
import type { Alarms } from '../projection/alarms.ts';
import { Intake } from '../projection/intake.ts';
import type { ModelChanges } from '../projection/modelChanges.ts';
import { knowledgeStatements, modelStatement, switchStatements } from '../store/cypher/loadKnowledge.ts';
import { currentRelease, loadedReleases, readKnowledge } from '../store/cypher/readKnowledge.ts';
import { EmbeddedStore } from '../store/embedded/embeddedStore.ts';
import type { GraphStore } from '../store/graphStore.ts';
import { migrate } from '../store/migrations/migrate.ts';
import { Neo4jStore } from '../store/neo4j/neo4jStore.ts';
import { auditOf } from './auditFiles.ts';
import { takeNamedBackup } from './backupFolder.ts';
import type { Config } from './config.ts';
import { modelsFolder } from './models.ts';
import { openLog } from './openLog.ts';
import { openMonitoring } from './openMonitoring.ts';
import { PLACES } from './places.ts';
import { publishedKnowledge } from './publishedKnowledge.ts';

export interface OpenOptions {
  readonly data: string;
  readonly config: Config;
  readonly log: Logger;
  /** Told what is going on, for a person who waits. */
  readonly progress: (message: string) => void;
}

export interface OpenPlatform extends Platform {
  readonly store: GraphStore;
  readonly models: LiveModels;
  /** Not yet watching the clock: `start` does. */
  readonly alarms: Alarms;
  /** Not yet going through the patients: `start` does. */
  readonly modelChanges: ModelChanges;
  close(): Promise<void>;
}

export function openStore(data: string, config: Config): GraphStore {
  if (config.NEO4J_URI === undefined) return EmbeddedStore.open(data);
  return new Neo4jStore({
    uri: config.NEO4J_URI,
    user: config.NEO4J_USER,
    password: config.NEO4J_PASSWORD,
    database: config.NEO4J_DATABASE,
  });
}

/**
 * Loads the shipped release where the graph does not have it, and puts it in force unless the one there is to be held;
 * then reads the one in force back from the graph.
 */
async function openKnowledge(store: GraphStore, { progress, config, log }: OpenOptions): Promise<KnowledgeSnapshot> {
  const shipped = readShippedKnowledge(PLACES.graphSeed);
  const current = await currentRelease(store);
  if (current?.digest !== shipped.release.digest) {
    if (!(await loadedReleases(store)).some(({ digest }) => digest === shipped.release.digest)) {
      progress(
        `Loading the knowledge release ${shipped.release.name}: ${shipped.genes.length} genes, ${shipped.drugs.length} drugs, ${shipped.rules.length} recommendations`,
      );
      for (const statements of knowledgeStatements(shipped)) await store.write(statements);
    }
    if (!current || config.KNOWLEDGE_HOLD === '0') await store.write(switchStatements(shipped.release.name));
    else log.warn({ inForce: current.name, waiting: shipped.release.name }, 'a knowledge release waits: compare with knowledgeDiff');
  }
  const release = await currentRelease(store);
  return indexKnowledge(await readKnowledge(store, release ?? shipped.release));
}

/** Releases in the graph besides the one in force, read when asked for and kept. */
function releasesIn(store: GraphStore, inForce: KnowledgeSnapshot): Platform['releases'] {
  const read = new Map<string, Promise<KnowledgeSnapshot>>([[inForce.release.name, Promise.resolve(inForce)]]);
  return {
    list: () => loadedReleases(store),
    named: async (name) => {
      const release = (await loadedReleases(store)).find((one) => one.name === name);
      if (!release) return null;
      const known = read.get(name) ?? readKnowledge(store, release).then(indexKnowledge);
      read.set(name, known);
      return known;
    },
  };
}

const inForce = ({ current }: LiveModels): LoadedModel[] => [...current.models.values()];

/** The graph's entries of the models in force. */
async function enterModels(store: GraphStore, models: LiveModels): Promise<void> {
  const rows = inForce(models).map(({ card, digest }) => ({ name: card.name, version: card.version, digest, title: card.title }));
  await store.write([modelStatement(rows)]);
}

/** Says in the log what a look at the folder of models led to. */
function tellReload(log: Logger, { outcome, unfit }: Reload): void {
  const wrong = unfit.map(({ name, error }) => ({ model: name, code: error.code, message: error.message }));
  if (outcome === 'REFUSED') log.error({ wrong }, 'the models on disk do not fit their cards: those loaded before stay');
  else log.info({ wrong }, 'models loaded again');
}

/** Tells whoever runs the server: who, whose and why is in the audit. */
const emergenciesTo = (log: Logger) => new Emergencies((event) => log.warn({ event }, 'a record was opened in an emergency'));

async function putTogether(options: OpenOptions, store: GraphStore, log: SealedLog, models: LiveModels): Promise<OpenPlatform> {
  await migrate(store);
  const knowledge = await openKnowledge(store, options);
  await enterModels(store, models);
  const games = new GamePool();
  const monitoring = openMonitoring({
    store,
    log,
    codec: plainCodec,
    models,
    release: knowledge.release.name,
    config: options.config,
    logger: options.log,
  });
  const { projector, alarms, modelChanges } = monitoring;
  await projector.start();
  const tail = new LiveTail(log);
  const accessBook = new AccessBook({ store, log, tail, projector });
  const audit = auditOf(options.data, options.config, options.log);
  return {
    knowledge,
    models,
    get registry() {
      return models.current;
    },
    play: games.play,
    intake: new Intake({ log, store, codec: plainCodec, projector }),
    ...monitoring,
    log,
    tail,
    accessBook,
    audit,
    emergencies: emergenciesTo(options.log),
    codec: plainCodec,
    store,
    takeBackup: (name) => takeNamedBackup(name, options.data, options.config),
    releases: releasesIn(store, knowledge),
    ...publishedKnowledge(store, knowledge),
    readerFor: readersOf(store),
    close: async () => {
      // What follows the log ends before the log, and that before the graph.
      for (const part of [modelChanges, alarms, projector]) await part.stop();
      accessBook.close();
      for (const part of [audit, tail, log, games, models, store]) await part.close();
    },
  };
}

/** @param onReplaced told when other models are in force and the graph has them */
async function openModels({ config, log }: OpenOptions, store: GraphStore, onReplaced: () => void): Promise<LiveModels> {
  const models = await LiveModels.open(modelsFolder(config), {
    onReload: (reload) => {
      tellReload(log, reload);
      if (reload.outcome === 'REPLACED')
        enterModels(store, models)
          .then(onReplaced)
          .catch((error: unknown) => log.error({ name: (error as Error).name }, 'the models were not entered'));
    },
  });
  for (const unfit of models.unfit) {
    const { message: reason, ...described } = describeUnfit(models.current, unfit);
    log.error({ ...described, reason }, 'a model does not load');
  }
  return models;
}

/** Opens everything, or releases what was opened and throws. */
export async function openPlatform(options: OpenOptions): Promise<OpenPlatform> {
  const store = openStore(options.data, options.config);
  let log: SealedLog | undefined;
  let models: LiveModels | undefined;
  try {
    log = await openLog(options.data, options.config);
    let platform: OpenPlatform | undefined;
    models = await openModels(options, store, () => platform?.modelChanges.look());
    platform = await putTogether(options, store, log, models);
    return platform;
  } catch (error) {
    await log?.close();
    await models?.close();
    await store.close();
    throw error;
  }
}
