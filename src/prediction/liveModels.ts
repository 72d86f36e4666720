/**
 * The models of a folder while a server runs. Who asks keeps the registry that was current when the question came, so that
 * a request is answered by one set of models from its beginning to its end.
 */
import { type FSWatcher, watch } from 'node:fs';
import { type LoadedModel, loadModels, type ModelRegistry, type UnfitModel } from './registry.ts';

export interface Reload {
  /** REPLACED: the new models answer. REFUSED: a model that answers now does not fit its card any more; all stay as they are. */
  readonly outcome: 'REPLACED' | 'UNCHANGED' | 'REFUSED';
  /** Models that do not load, and why. */
  readonly unfit: readonly UnfitModel[];
}

export interface LiveOptions {
  /** Told of every reload that changed or refused something. */
  readonly onReload?: (reload: Reload) => void;
  /** How long models that were replaced still answer requests that began before, in milliseconds. */
  readonly graceMs?: number;
}

const GRACE_MS = 60_000;
/** A model is copied file by file: looked at when nothing has changed for so long. */
const QUIET_MS = 500;

/** Stands for everything that is loaded. */
function stateOf({ versions, unfit }: ModelRegistry): string {
  const loaded = [...versions.values()].flat().map(({ folder, cardDigest }) => `${folder} ${cardDigest}`);
  return [...loaded.sort(), ...unfit.map(({ folder, error }) => `${folder} ${error.message}`)].join('\n');
}

const versionOf = ({ card }: LoadedModel) => `${card.name}@${card.version}`;
const allOf = ({ versions }: ModelRegistry): LoadedModel[] => [...versions.values()].flat();

export class LiveModels {
  readonly #directory: string;
  readonly #options: LiveOptions;
  #current: ModelRegistry;
  #unfit: readonly UnfitModel[];
  #reloading: Promise<unknown> = Promise.resolve();
  #watcher: FSWatcher | undefined;
  #quiet: NodeJS.Timeout | undefined;
  #closed = false;
  readonly #replaced = new Map<ModelRegistry, NodeJS.Timeout>();

  private constructor(directory: string, current: ModelRegistry, options: LiveOptions) {
    this.#directory = directory;
    this.#options = options;
    this.#current = current;
    this.#unfit = current.unfit;
  }

  /** Loads and opens every model of the folder. */
  static async open(directory: string, options: LiveOptions = {}): Promise<LiveModels> {
    return new LiveModels(directory, await loadModels(directory, { open: true }), options);
  }

  get current(): ModelRegistry {
    return this.#current;
  }

  /** Models that do not load: of the folder as it was looked at last. */
  get unfit(): readonly UnfitModel[] {
    return this.#unfit;
  }

  /** Looks at the folder again; one look at a time, in the order asked for. */
  reload(): Promise<Reload> {
    const next = this.#reloading.then(() => (this.#closed ? { outcome: 'UNCHANGED' as const, unfit: this.#unfit } : this.#load()));
    this.#reloading = next.catch(() => undefined);
    return next;
  }

  async #load(): Promise<Reload> {
    const found = await loadModels(this.#directory, { open: true });
    const reload = { outcome: this.#judge(found), unfit: found.unfit };
    const before = this.#current;
    this.#unfit = found.unfit;
    if (reload.outcome === 'REPLACED') {
      this.#current = found;
      this.#retire(before);
    } else await found.close();
    if (reload.outcome !== 'UNCHANGED') this.#options.onReload?.(reload);
    return reload;
  }

  #judge(found: ModelRegistry): Reload['outcome'] {
    const there = new Set(allOf(found).map(versionOf));
    const lost = allOf(this.#current).some((model) => !there.has(versionOf(model)));
    const spoilt = found.unfit.some(({ folder }) => !this.#current.unfit.some((one) => one.folder === folder));
    if (lost && spoilt) return 'REFUSED';
    return stateOf(found) === stateOf(this.#current) ? 'UNCHANGED' : 'REPLACED';
  }

  #retire(registry: ModelRegistry): void {
    const timer = setTimeout(() => {
      void registry.close().finally(() => this.#replaced.delete(registry));
    }, this.#options.graceMs ?? GRACE_MS);
    timer.unref();
    this.#replaced.set(registry, timer);
  }

  /** Reloads when files of the folder have changed. A folder that cannot be watched is looked at when the process is told to (SIGHUP). */
  watch(): void {
    this.#watcher?.close();
    if (this.#closed) return;
    try {
      this.#watcher = watch(this.#directory, { recursive: true, persistent: false }, () => this.#changed());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch {
      this.#watcher = undefined;
    }
  }

  #changed(): void {
    clearTimeout(this.#quiet);
    this.#quiet = setTimeout(() => {
      // A file that took the place of another is no longer watched: watching begins anew, and then comes the look.
      this.watch();
      this.reload().catch(() => undefined);
    }, QUIET_MS).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#quiet);
    this.#watcher?.close();
    await this.#reloading;
    for (const timer of this.#replaced.values()) clearTimeout(timer);
    await Promise.all([this.#current, ...this.#replaced.keys()].map((registry) => registry.close()));
  }
}
