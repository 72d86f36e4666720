/**
 * The forms of path that each question is answered from, written as edges in a row; `-` before an edge goes it backwards.
 * A form says nothing by itself: what it weighs is learnt (models/treatment-discovery, models/target-discovery).
 */
import { EDGES, type EdgeName, type Network } from './loadNetwork.ts';
import type { Metapath } from './metapath.ts';

export interface MetapathForm {
  /** Also the name of the model's column. */
  readonly name: string;
  /** What such a path says, in words. */
  readonly label: string;
  /** Whether it goes over classes of drugs, some of which all but state what a drug is for. */
  readonly usesClasses: boolean;
}

/** Edge -> what compounds of one such class share. */
const CLASSES = {
  application: 'application',
  action: 'pharmacological action',
  established: 'established pharmacologic class',
  mechanism: 'mechanism of action',
  chemical: 'chemical class',
  physiologic: 'physiologic effect',
} as const satisfies Partial<Record<EdgeName, string>>;

const form = (name: string, label: string): MetapathForm => ({ name, label, usesClasses: false });

const overClasses: readonly MetapathForm[] = Object.entries(CLASSES).flatMap(([edge, shared]) => [
  { name: `${edge} -${edge} treats`, label: `Compounds of the same ${shared} treat the disease`, usesClasses: true },
  { name: `${edge} -${edge} palliates`, label: `Compounds of the same ${shared} ease the disease`, usesClasses: true },
]);

/** From a compound to a disease. */
export const TREATMENT_FORMS: readonly MetapathForm[] = [
  form('alike treats', 'Compounds of like structure treat the disease'),
  form('alike alike treats', 'Compounds two steps of likeness away treat the disease'),
  form('targets -targets treats', 'Compounds with the same targets treat the disease'),
  form('raises -raises treats', 'Compounds that raise the same genes treat the disease'),
  form('lowers -lowers treats', 'Compounds that lower the same genes treat the disease'),
  ...overClasses,
  form('alike palliates', 'Compounds of like structure ease the disease'),
  form('targets -targets palliates', 'Compounds with the same targets ease the disease'),
  form('treats resembles', 'It treats diseases that resemble the disease'),
  form('treats -treats treats', 'What treats the same diseases treats the disease'),
  form('treats associated -associated', 'It treats diseases of the same genes'),
  form('treats located -located', 'It treats diseases of the same organs'),
  form('treats raisedIn -raisedIn', 'It treats diseases that raise the same genes'),
  form('treats loweredIn -loweredIn', 'It treats diseases that lower the same genes'),
  form('palliates resembles', 'It eases diseases that resemble the disease'),
  form('palliates -treats treats', 'It eases what drugs of the disease treat'),
  form('palliates -palliates treats', 'What eases the same diseases treats the disease'),
  form('treats -palliates palliates', 'What eases the diseases it treats eases the disease'),
  form('targets -associated', 'It acts on genes of the disease'),
  form('targets interacts -associated', 'Its targets interact with genes of the disease'),
  form('targets pathway -pathway -associated', 'Its targets share pathways with genes of the disease'),
  form('targets -mendelian kindOf', 'It acts on genes that cause forms of the disease'),
  form('raises -associated', 'It raises genes of the disease'),
  form('lowers -associated', 'It lowers genes of the disease'),
  form('targets -raisedIn', 'It acts on genes that the disease raises'),
  form('targets -loweredIn', 'It acts on genes that the disease lowers'),
  form('raises -loweredIn', 'It raises what the disease lowers'),
  form('lowers -raisedIn', 'It lowers what the disease raises'),
  form('raises -raisedIn', 'It raises what the disease raises'),
  form('lowers -loweredIn', 'It lowers what the disease lowers'),
];

/** From a gene to a disease. */
export const TARGET_FORMS: readonly MetapathForm[] = [
  form('-associated associated -associated', 'Diseases of the gene share genes with the disease'),
  form('-associated resembles', 'Diseases of the gene resemble the disease'),
  form('-associated located -located', 'Diseases of the gene are of the same organs'),
  form('-associated -treats treats', 'Drugs treat a disease of the gene and the disease'),
  form('interacts -associated', 'Its protein interacts with those of genes of the disease'),
  form('interacts interacts -associated', 'Its protein interacts with the same proteins as those of genes of the disease'),
  form('pathway -pathway -associated', 'It shares pathways with genes of the disease'),
  form('go -go -associated', 'It shares functions with genes of the disease'),
  form('regulates -associated', 'It regulates genes of the disease'),
  form('-regulates -associated', 'Genes of the disease regulate it'),
  form('-targets targets -associated', 'Compounds act on it and on genes of the disease'),
  form('-raisedIn', 'The disease raises it'),
  form('-loweredIn', 'The disease lowers it'),
  form('-raisedIn resembles', 'A resembling disease raises it'),
  form('-loweredIn resembles', 'A resembling disease lowers it'),
  form('-mendelian', 'It causes the disease'),
  form('-mendelian kindOf', 'It causes a form of the disease'),
  form('-mendelian mendelian -associated', 'It causes what genes of the disease cause'),
  form('interacts -mendelian kindOf', 'Its protein interacts with those of genes that cause forms of the disease'),
  form('pathway -pathway -mendelian kindOf', 'It shares pathways with genes that cause forms of the disease'),
  form('go -go -mendelian kindOf', 'It shares functions with genes that cause forms of the disease'),
  form('category -category -associated', 'It is of the same druggable categories as genes of the disease'),
  form('-variantOf -hasVariant -ofProfile studiedIn', 'There is clinical evidence on its variants in the disease'),
  form('-variantOf -hasVariant -ofProfile studiedIn kindOf', 'There is clinical evidence on its variants in a form of the disease'),
  form('-targets treats', 'Drugs that treat the disease act on it'),
  form('-targets palliates', 'Drugs that ease the disease act on it'),
  form('-raises treats', 'Drugs that treat the disease raise it'),
  form('-lowers treats', 'Drugs that treat the disease lower it'),
];

/** The form over the edges of a network. */
export function metapathOf({ edges }: Network, { name }: MetapathForm): Metapath {
  return {
    name,
    steps: name.split(' ').map((word) => {
      const edge = word.replace('-', '') as EdgeName;
      if (!(edge in EDGES)) throw new Error(`no edge '${edge}'`);
      return { edge, edges: edges[edge], reversed: word.startsWith('-') };
    }),
  };
}
