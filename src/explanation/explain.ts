import { AvicennaError } from '../errors.ts';
import type { CardPlayer, ModelCard } from '../prediction/card.ts';
import type { FeatureValue } from '../prediction/features.ts';
import type { CheckedRow } from '../prediction/inputs.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import type { Game } from './games/enumeration.ts';
import { modelGame, type OutputSpace, type Play } from './modelGame.ts';

export type { OutputSpace } from './modelGame.ts';

export interface Attribution {
  /** Player of the card: one input or a declared group. */
  readonly feature: string;
  readonly label: string;
  readonly value: string | null;
  readonly unit: string | null;
  /** The latest time among the player's inputs. */
  readonly observedAt: string | null;
  readonly missing: boolean;
  /** In the explanation's unit; what this player moved the answer by, against the background. */
  readonly contribution: number;
  readonly modifiable: boolean;
  readonly player: CardPlayer;
}

export interface Explanation {
  readonly method: 'EXACT';
  readonly space: OutputSpace;
  readonly unit: string;
  readonly baseValue: number;
  readonly prediction: number;
  /** All players, the largest share first. */
  readonly attributions: readonly Attribution[];
  /** base + sum of contributions - prediction: rounding only. */
  readonly residual: number;
  /** Shapley interaction values, players x players in the card's order; null where they were not asked for. */
  readonly interactions: Float64Array | null;
  readonly background: string;
  readonly modelDigest: string;
}

/** Beyond this share of the scale the sum is not explained by rounding, and no explanation is given. */
const MAX_RESIDUAL = 1e-9;

/** One input of a group in words: a flag that is set is its label alone. */
function inGroup({ label, value, unit }: FeatureValue): string {
  return value === 'yes' ? label : [label, value, unit].filter(Boolean).join(' ');
}

/** Those of a player's inputs that the row itself has. */
function fromHistory(own: readonly FeatureValue[]): Pick<Attribution, 'value' | 'unit' | 'observedAt'> {
  const known = own.filter(({ missing }) => !missing);
  return { value: known.length === 0 ? null : known.map(inGroup).join(', '), unit: null, observedAt: null };
}

/** One line for a player's inputs: `*1/*3`, `Height 163 cm, Weight 61 kg`, or of a group of flags those that are set. */
function describe(player: CardPlayer, inputs: readonly FeatureValue[]): Pick<Attribution, 'value' | 'unit' | 'observedAt' | 'missing'> {
  const own = inputs.filter(({ feature }) => player.inputs.includes(feature));
  // Made of a history: the row's own inputs are not all that it speaks of, and none of them is missed.
  if (player.columns) return { ...fromHistory(own), missing: false };
  const known = own.filter(({ missing }) => !missing);
  const observedAt =
    known
      .map((input) => input.observedAt)
      .filter((time) => time !== null)
      .sort()
      .at(-1) ?? null;
  const [only] = own;
  if (own.length === 1 && only) return { value: only.value, unit: only.unit, observedAt, missing: only.missing };
  const value = known
    .filter((input) => input.value !== 'no')
    .map(inGroup)
    .join(', ');
  return { value: known.length === 0 ? null : value || 'none', unit: null, observedAt, missing: known.length === 0 };
}

/** Contributions as attributions, the largest share first. */
export function attributionsOf(card: ModelCard, game: Game, inputs: readonly FeatureValue[]): Attribution[] {
  return card.players
    .map((player, index) => ({
      feature: player.name,
      label: player.label,
      ...describe(player, inputs),
      contribution: game.values[index] ?? 0,
      modifiable: player.modifiable,
      player,
    }))
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}

/**
 * What is left of the sum; throws MODEL_INVALID where it is more than rounding.
 * @param weight the largest number that was added up, where it is known
 */
export function residualOf(game: Game, weight = 1): number {
  const sum = game.values.reduce((total, value) => total + value, game.base);
  const residual = sum - game.full;
  const scale = game.values.reduce((a, b) => Math.max(a, Math.abs(b)), Math.max(1, weight, Math.abs(game.base), Math.abs(game.full)));
  if (!(Math.abs(residual) <= MAX_RESIDUAL * scale)) {
    throw new AvicennaError(
      'MODEL_INVALID',
      `The attributions miss the prediction by ${residual.toExponential(2)}: no explanation is given.`,
    );
  }
  return residual;
}

export interface ExplainOptions {
  readonly interactions?: boolean | undefined;
  /** Where the game is played; in this thread where left out. */
  readonly play?: Play;
}

/** Why the model answered what it did for this row, exactly: every player's share against the model's background. */
export async function explain(
  model: LoadedModel,
  { columns }: Pick<CheckedRow, 'columns'>,
  inputs: readonly FeatureValue[],
  space: OutputSpace,
  { interactions = false, play = modelGame }: ExplainOptions = {},
): Promise<Explanation> {
  const game = await play(model, columns, space, interactions);
  return {
    method: 'EXACT',
    space,
    unit: space === 'VALUE' ? model.card.output.unit : model.card.output.marginUnit,
    baseValue: game.base,
    prediction: game.full,
    attributions: attributionsOf(model.card, game, inputs),
    residual: residualOf(game),
    interactions: game.interactions,
    background: model.backgroundId,
    modelDigest: model.digest,
  };
}
