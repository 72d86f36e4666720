/** What the project ships of oncology: tumours, predictive evidence, cautions of drug labels, regimens. */
import { AvicennaError } from '../../errors.ts';
import type { TableRow } from '../readTable.ts';
import { CAUTION_KINDS, CAUTION_SEVERITIES, type DrugCaution, ORGAN_MEASURES, type Regimen } from './drugCautions.ts';
import {
  EVIDENCE_DIRECTIONS,
  EVIDENCE_LEVELS,
  EVIDENCE_SIGNIFICANCES,
  type PredictiveEvidence,
  THERAPY_GROUPINGS,
} from './predictiveEvidence.ts';
import { readProfile } from './profile.ts';
import type { Tumour } from './tumours.ts';

export interface OncologyTables {
  readonly tumours: readonly Tumour[];
  readonly evidence: readonly PredictiveEvidence[];
  readonly cautions: readonly DrugCaution[];
  readonly regimens: readonly Regimen[];
}

function tumourOf(row: TableRow): Tumour {
  return {
    id: row.text('id'),
    name: row.text('name'),
    parents: row.list('parents'),
    icd10cm: row.list('icd10cm'),
    oncotree: row.text('oncotree') || null,
    oncotreeName: row.text('oncotreeName') || null,
  };
}

function evidenceOf(row: TableRow): PredictiveEvidence {
  const therapies = row.list('therapies');
  const together = row.text('together') === '' ? null : row.oneOf('together', THERAPY_GROUPINGS);
  if (therapies.length === 0 || (therapies.length === 1) !== (together === null))
    throw new AvicennaError('TABLE_INVALID', "Expected one therapy, or several and in 'together' how they belong together.", row.at);
  const profile = row.text('profile');
  readProfile(profile);
  return {
    id: row.text('id'),
    profile,
    disease: row.text('disease'),
    diseaseName: row.text('diseaseName'),
    therapies,
    together,
    direction: row.oneOf('direction', EVIDENCE_DIRECTIONS),
    significance: row.oneOf('significance', EVIDENCE_SIGNIFICANCES),
    level: row.oneOf('level', EVIDENCE_LEVELS),
    rating: row.numberOrNull('rating'),
    origin: row.text('origin') === '' ? null : row.oneOf('origin', ['SOMATIC', 'GERMLINE'] as const),
    citation: row.text('citation'),
    reviewed: row.text('reviewed') || null,
  };
}

const AGE_TEST = /^([<>])(\d+)$/;
const ORGAN_TEST = /^([A-Z_]+)([<>])(\d+(?:\.\d+)?)$/;

/** What the cell `test` says, by the kind of caution. */
function testOf(row: TableRow, kind: DrugCaution['kind']): Pick<DrugCaution, 'terms' | 'measure' | 'below' | 'limit'> {
  const none = { terms: [], measure: null, below: null, limit: null };
  if (kind === 'PREGNANCY') return none;
  if (kind === 'CONDITION' || kind === 'ALLERGY') return { ...none, terms: row.list('test') };
  const [, name, sign, limit] =
    kind === 'AGE' ? ['', '', ...(AGE_TEST.exec(row.text('test'))?.slice(1) ?? [])] : (ORGAN_TEST.exec(row.text('test')) ?? []);
  const measure = kind === 'AGE' ? null : (ORGAN_MEASURES.find((one) => one === name) ?? undefined);
  if (limit === undefined || measure === undefined)
    throw new AvicennaError('TABLE_INVALID', `'${row.text('test')}' in 'test': expected a measure, < or >, and a number.`, row.at);
  return { terms: [], measure, below: sign === '<', limit: Number(limit) };
}

function cautionOf(row: TableRow): DrugCaution {
  const kind = row.oneOf('kind', CAUTION_KINDS);
  return {
    id: row.text('id'),
    drugs: row.list('drugs'),
    kind,
    ...testOf(row, kind),
    severity: row.oneOf('severity', CAUTION_SEVERITIES),
    text: row.text('text'),
    source: row.text('source'),
    url: row.text('url'),
  };
}

/** Throws TABLE_INVALID with file and line. */
export function readOncologyTables(table: (name: string) => TableRow[]): OncologyTables {
  const tumours = table('tumours').map(tumourOf);
  const known = new Set(tumours.map(({ id }) => id));
  const evidence = table('tumour_evidence').map((row) => {
    const item = evidenceOf(row);
    if (!known.has(item.disease)) throw new AvicennaError('TABLE_INVALID', `'${item.disease}' is not in tumours.tsv.`, row.at);
    return item;
  });
  return {
    tumours,
    evidence,
    cautions: table('drug_cautions').map(cautionOf),
    regimens: table('regimens').map((row) => ({ name: row.text('name'), drugs: row.list('drugs') })),
  };
}
