/** The two questions of discovery: what each ranks, what is known already, which columns its model has. */
import type { EdgeName } from './loadNetwork.ts';
import { type MetapathForm, TARGET_FORMS, TREATMENT_FORMS } from './metapaths.ts';

/** How many edges of a kind one end of the pair has: what a column says beside the paths. */
export interface DegreeColumn {
  readonly name: string;
  readonly label: string;
  readonly edge: EdgeName;
  readonly of: 'start' | 'disease';
}

/** Whether the pair itself has an edge of one of these kinds. */
export interface StatedColumn {
  readonly name: string;
  readonly label: string;
  readonly edges: readonly EdgeName[];
}

export interface Question {
  readonly name: 'treatments' | 'targets';
  readonly start: 'Compound' | 'Gene';
  /** The edge that is asked for. */
  readonly label: EdgeName;
  /** Whether that edge runs from the start to the disease. */
  readonly labelFromStart: boolean;
  readonly forms: readonly MetapathForm[];
  readonly degrees: readonly DegreeColumn[];
  readonly stated: readonly StatedColumn[];
  readonly model: string;
}

const TREATMENTS: Question = {
  name: 'treatments',
  start: 'Compound',
  label: 'treats',
  labelFromStart: true,
  forms: TREATMENT_FORMS,
  degrees: [
    { name: 'diseases treated', label: 'Diseases that the compound is known to treat', edge: 'treats', of: 'start' },
    { name: 'treatments', label: 'Compounds that are known to treat the disease', edge: 'treats', of: 'disease' },
    { name: 'diseases eased', label: 'Diseases that the compound is known to ease', edge: 'palliates', of: 'start' },
    { name: 'palliatives', label: 'Compounds that are known to ease the disease', edge: 'palliates', of: 'disease' },
    { name: 'targets', label: 'Genes that the compound acts on', edge: 'targets', of: 'start' },
    { name: 'genes', label: 'Genes that the disease is associated with', edge: 'associated', of: 'disease' },
  ],
  stated: [
    {
      name: 'stated otherwise',
      label: 'Stated as easing symptoms only, or as not indicated',
      edges: ['palliates', 'notIndicated'],
    },
  ],
  model: 'treatment-discovery',
};

/** The same question without what drug classes say. */
const WITHOUT_CLASSES: Question = {
  ...TREATMENTS,
  forms: TREATMENT_FORMS.filter(({ usesClasses }) => !usesClasses),
  model: 'treatment-discovery-without-classes',
};

const TARGETS: Question = {
  name: 'targets',
  start: 'Gene',
  label: 'associated',
  labelFromStart: false,
  forms: TARGET_FORMS,
  degrees: [
    { name: 'diseases', label: 'Diseases that the gene is associated with', edge: 'associated', of: 'start' },
    { name: 'genes', label: 'Genes that the disease is associated with', edge: 'associated', of: 'disease' },
    { name: 'compounds', label: 'Compounds that act on the gene', edge: 'targets', of: 'start' },
    { name: 'interactions', label: 'Proteins that its protein interacts with', edge: 'interacts', of: 'start' },
    { name: 'pathways', label: 'Pathways that the gene is in', edge: 'pathway', of: 'start' },
    { name: 'functions', label: 'Functions that the gene is known to have', edge: 'go', of: 'start' },
    { name: 'categories', label: 'Druggable categories that the gene is of', edge: 'category', of: 'start' },
    { name: 'rare diseases', label: 'Diseases that the gene is known to cause', edge: 'mendelian', of: 'start' },
    { name: 'variants', label: 'Variants of the gene that there is clinical evidence on', edge: 'variantOf', of: 'start' },
  ],
  stated: [],
  model: 'target-discovery',
};

export function questionOf(name: Question['name'], withoutClasses: boolean): Question {
  if (name === 'targets') return TARGETS;
  return withoutClasses ? WITHOUT_CLASSES : TREATMENTS;
}

/** The columns of a question's model, in order. */
export const columnsOf = ({ forms, degrees, stated }: Question): string[] => [...forms, ...degrees, ...stated].map(({ name }) => name);
