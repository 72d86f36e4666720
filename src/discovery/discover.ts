/**
 * Ranks every compound, or every gene, for a disease. The score is the probability that a learnt model gives the pair of standing
 * in the catalogue that it was trained on; it is no evidence of benefit. The first of a ranking come with the paths that carry it.
 */
import { AvicennaError } from '../errors.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import { type CarryingPath, carryingPaths, Statements, statedOf } from './carryingPaths.ts';
import { type ColumnShares, columnSharesOf } from './columnShares.ts';
import type { Network } from './loadNetwork.ts';
import { type DiseaseFeatures, featuresTo, type Prepared, prepare } from './pairFeatures.ts';
import { columnsOf, type Question } from './question.ts';

export interface RankedItem {
  /** DrugBank id or Entrez gene id. */
  readonly id: string;
  readonly name: string;
  /** Probability, 0 to 1; higher is better. */
  readonly score: number;
  /** Whether the release states the pair. */
  readonly known: boolean;
  /** What else the release states of the pair. */
  readonly stated: readonly string[];
  readonly paths: readonly CarryingPath[];
}

export interface Ranking {
  /** DOID. */
  readonly disease: string;
  readonly name: string;
  readonly items: readonly RankedItem[];
}

/** With their paths. */
const FIRST = 10;
const DIGITS = 6;

export class Discovery {
  readonly #prepared: Prepared;
  readonly #model: LoadedModel;
  readonly #shares: ColumnShares;
  readonly #statements: Statements;

  private constructor(prepared: Prepared, model: LoadedModel, shares: ColumnShares) {
    this.#prepared = prepared;
    this.#model = model;
    this.#shares = shares;
    this.#statements = new Statements(prepared.network);
  }

  /** Throws MODEL_INVALID where the model's columns are not those of the question. */
  static async open(network: Network, question: Question, model: LoadedModel): Promise<Discovery> {
    const columns = model.card.columns.map(({ name }) => name);
    if (columns.join('\n') !== columnsOf(question).join('\n'))
      throw new AvicennaError('MODEL_INVALID', `Its columns are not those that ${question.name} are asked by.`, model.card.name);
    return new Discovery(prepare(network, question), model, await columnSharesOf(model));
  }

  /** DOIDs of the diseases that the release knows anything of. */
  diseases(): string[] {
    const { network } = this.#prepared;
    return network.diseases.map((disease) => network.nodes.Disease.ids[disease] as string);
  }

  /**
   * @param top how many of the ranking; all where left out
   * @throws NOT_FOUND for a disease that the release does not know
   */
  async rank(disease: string, top?: number): Promise<Ranking> {
    const { network, question } = this.#prepared;
    const place = network.nodes.Disease.placeOf(disease);
    if (place === undefined) throw new AvicennaError('NOT_FOUND', `The release knows no disease '${disease}'.`, '--disease');
    const features = featuresTo(this.#prepared, place);
    const starts = network.nodes[question.start];
    const { margin, value } = await this.#model.scorer.score(features.rows, starts.size);
    const order = Uint32Array.from({ length: starts.size }, (_, start) => start).sort(
      (a, b) => (margin[b] as number) - (margin[a] as number) || a - b,
    );
    const items = [...order.subarray(0, top ?? starts.size)].map((start, rank) => ({
      id: starts.ids[start] as string,
      name: network.names.get(`${question.start} ${starts.ids[start]}`) ?? '',
      score: Number((value[start] as number).toPrecision(DIGITS)),
      known: features.known[start] === 1,
      stated: statedOf(this.#prepared, start, place),
      paths: rank < FIRST ? this.#paths(features, start) : [],
    }));
    return { disease, name: network.names.get(`Disease ${disease}`) ?? disease, items };
  }

  #paths(features: DiseaseFeatures, start: number): CarryingPath[] {
    const { width } = this.#prepared;
    const row = features.rows.slice(start * width, (start + 1) * width);
    return carryingPaths(this.#prepared, features, this.#statements, start, this.#shares(row));
  }
}
