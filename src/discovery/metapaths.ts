/**
 * The forms of path that each question is answered from, written as edges in a row; `-` before an edge goes it backwards.
 * A form says nothing by itself: what it weighs is learnt (models/treatment-discovery, models/target-discovery).
 */
import { EDGES, type EdgeName, type Network } from './loadNetwork.ts';
import type { Metapath } from './metapath.ts';

/** Words of the classes that come close to stating an indication: what `--without drug-classes` leaves out with all other classes. */
const CLASSES = ['application', 'action', 'established', 'mechanism', 'chemical', 'physiologic'] as const;

export interface MetapathForm {
  /** Also the name of the model's column. */
  readonly name: string;
  readonly usesClasses: boolean;
}

const forms = (texts: readonly string[]): readonly MetapathForm[] =>
  texts.map((name) => ({ name, usesClasses: CLASSES.some((word) => name.split(' ').some((step) => step.replace('-', '') === word)) }));

/** From a compound to a disease. */
export const TREATMENT_FORMS = forms([
  // compounds that are like it treat the disease
  'alike treats',
  'alike alike treats',
  'targets -targets treats',
  'raises -raises treats',
  'lowers -lowers treats',
  ...CLASSES.map((word) => `${word} -${word} treats`),
  ...CLASSES.map((word) => `${word} -${word} palliates`),
  'alike palliates',
  'targets -targets palliates',
  // it treats diseases that are like the disease
  'treats resembles',
  'treats -treats treats',
  'treats associated -associated',
  'treats located -located',
  'treats raisedIn -raisedIn',
  'treats loweredIn -loweredIn',
  'palliates resembles',
  'palliates -treats treats',
  'palliates -palliates treats',
  'treats -palliates palliates',
  // it acts on the genes of the disease
  'targets -associated',
  'targets interacts -associated',
  'targets pathway -pathway -associated',
  'targets -mendelian kindOf',
  'raises -associated',
  'lowers -associated',
  'targets -raisedIn',
  'targets -loweredIn',
  // it turns back what the disease does to them, or does the same
  'raises -loweredIn',
  'lowers -raisedIn',
  'raises -raisedIn',
  'lowers -loweredIn',
]);

/** From a gene to a disease. */
export const TARGET_FORMS = forms([
  // diseases that are like the disease have it
  '-associated associated -associated',
  '-associated resembles',
  '-associated located -located',
  '-associated -treats treats',
  // genes that are like it belong to the disease
  'interacts -associated',
  'interacts interacts -associated',
  'pathway -pathway -associated',
  'go -go -associated',
  'regulates -associated',
  '-regulates -associated',
  '-targets targets -associated',
  // it changes in the disease
  '-raisedIn',
  '-loweredIn',
  '-raisedIn resembles',
  '-loweredIn resembles',
  // rare forms of the disease are caused by it
  '-mendelian',
  '-mendelian kindOf',
  '-mendelian mendelian -associated',
  // drugs of the disease act on it
  '-targets treats',
  '-targets palliates',
  '-raises treats',
  '-lowers treats',
]);

/** The form over the edges of a network. */
export function metapathOf({ edges }: Network, { name }: MetapathForm): Metapath {
  return {
    name,
    steps: name.split(' ').map((word) => {
      const reversed = word.startsWith('-');
      const edge = word.replace('-', '') as EdgeName;
      if (!(edge in EDGES)) throw new Error(`no edge '${edge}'`);
      return { edge, edges: edges[edge], reversed };
    }),
  };
}
