/**
 * What each adjuvant treatment adds after surgery for early invasive breast cancer, in percentage points of survival at ten years:
 * PREDICT 3.2 (models/predict-breast), each treatment alone against none. Its effects are those of trials.
 */
import type { OncologyBook } from '../knowledge/oncology/oncologyBook.ts';
import {
  HER2,
  KI67,
  OESTROGEN_RECEPTOR,
  POSITIVE_NODES,
  PROGESTERONE_RECEPTOR,
  TUMOUR_GRADE,
  TUMOUR_SIZE,
} from '../patients/observationCodes.ts';
import type { PatientRecord } from '../patients/record.ts';
import { checkRow } from '../prediction/inputs.ts';
import { predictRows } from '../prediction/predict.ts';
import { condition, measured, smoker, yearsOld } from '../prediction/recordFeatures.ts';
import type { LoadedModel } from '../prediction/registry.ts';
import type { OpenQuestion } from './openQuestion.ts';

export const BREAST_BENEFIT_MODEL = 'predict-breast';
const BREAST_CANCER = 'DOID:1612';

/** ICD-10-CM: metastases of any site; of lymph nodes (C77) only those of the armpit are regional. */
const METASTASES = /^C(77\.[0-24-9]|78|79)/;

/** Ki-67 is high from here on, as PREDICT asks for it, %. */
const HIGH_KI67 = 10;

type Cells = Readonly<Record<string, string | number | null>>;

export interface ArmBenefit {
  readonly arm: string;
  /** Alive after ten years with this treatment alone, %. */
  readonly survival: number;
  /** Percentage points more than without any. */
  readonly benefit: number;
}

export interface AdjuvantBenefit {
  readonly model: string;
  readonly version: string;
  readonly years: number;
  /** Alive after ten years with surgery alone, %; null where it cannot be told. */
  readonly untreated: number | null;
  /** The largest benefit first; empty where it cannot be told. */
  readonly arms: readonly ArmBenefit[];
  readonly warnings: readonly string[];
  /** Why it cannot be told, or what was assumed, with what would settle it. */
  readonly open: readonly OpenQuestion[];
}

interface Arm {
  readonly arm: string;
  readonly cells: Cells;
  readonly isFor: (row: Cells) => boolean;
}

const NO_TREATMENT: Cells = { generation: '0', horm: '0', traz: '0', bis: '0', radio: '0', 'heart.gy': 0 };
const always = () => true;
const POSTMENOPAUSAL_YEARS = 55;

const ARMS: readonly Arm[] = [
  { arm: 'Hormone therapy, 5 years', cells: { horm: '1' }, isFor: ({ er }) => er === '1' },
  { arm: 'Chemotherapy of the second generation (anthracycline)', cells: { generation: '2' }, isFor: always },
  { arm: 'Chemotherapy of the third generation (with a taxane)', cells: { generation: '3' }, isFor: always },
  { arm: 'Trastuzumab', cells: { traz: '1' }, isFor: ({ her2 }) => her2 === '1' },
  { arm: 'Bisphosphonates', cells: { bis: '1' }, isFor: ({ age }) => Number(age) >= POSTMENOPAUSAL_YEARS },
  { arm: 'Radiotherapy (no dose to the heart)', cells: { radio: '1' }, isFor: always },
];

const RECEPTOR: Readonly<Record<string, string>> = { positive: '1', negative: '0', equivocal: '9' };
const receptor = (record: PatientRecord, code: string) => RECEPTOR[String(measured(record, code).value)] ?? null;

function ki67(record: PatientRecord): string | null {
  const { value } = measured(record, KI67);
  return typeof value === 'number' ? (value >= HIGH_KI67 ? '1' : '0') : null;
}

/** What must be known, with the code that records it. */
const NEEDED = [
  ['size', 'the size of the tumour', TUMOUR_SIZE],
  ['nodes', 'the number of lymph nodes with tumour', POSITIVE_NODES],
  ['er', 'the oestrogen receptor', OESTROGEN_RECEPTOR],
] as const;

/** What may be unknown (9): PREDICT then takes the average. */
const BETTER_KNOWN = [
  ['grade', 'the grade of the tumour', TUMOUR_GRADE],
  ['her2', 'HER2', HER2],
  ['pr', 'the progesterone receptor', PROGESTERONE_RECEPTOR],
  ['ki67', 'Ki-67', KI67],
] as const;

function rowOf(record: PatientRecord, at: string): Cells {
  return {
    age: yearsOld(record.birthDate, at),
    size: measured(record, TUMOUR_SIZE).value,
    nodes: measured(record, POSITIVE_NODES).value,
    er: receptor(record, OESTROGEN_RECEPTOR),
    grade: measured(record, TUMOUR_GRADE).value,
    her2: receptor(record, HER2),
    pr: receptor(record, PROGESTERONE_RECEPTOR),
    ki67: ki67(record),
    smoker: smoker(record).value ?? '0',
    // The record has no place for it yet.
    screen: '2',
    ...NO_TREATMENT,
  };
}

const asks = ([, what, code]: readonly [string, string, string], assumed: string): OpenQuestion => ({
  question: `The benefit of adjuvant treatment needs ${what}${assumed}`,
  settledBy: `The pathology report (LOINC ${code})`,
});

const AVERAGE = '; the average is taken';

/** Unknown where PREDICT allows it is written as such. */
function filled(row: Cells): Cells {
  return { ...row, ...Object.fromEntries(BETTER_KNOWN.filter(([name]) => row[name] === null).map(([name]) => [name, '9'])) };
}

/** Whether the question is one for PREDICT at all. */
function isEarlyBreastCancer({ tree }: OncologyBook, tumour: string, record: PatientRecord, at: string): boolean {
  const isBreast = ['EXACT', 'PARENT'].includes(tree.match(tumour, BREAST_CANCER));
  return isBreast && record.sexAtBirth === 'FEMALE' && condition(record, METASTASES, at).value === '0';
}

/** Null where the tumour is no early breast cancer of a woman. */
export async function adjuvantBenefit(
  model: LoadedModel,
  book: OncologyBook,
  { tumour, record, at }: { readonly tumour: string; readonly record: PatientRecord; readonly at: string },
): Promise<AdjuvantBenefit | null> {
  if (!isEarlyBreastCancer(book, tumour, record, at)) return null;
  const { name, version } = model.card;
  const none = { model: name, version, years: 10, untreated: null, arms: [], warnings: [] };
  const row = rowOf(record, at);
  const needed = NEEDED.filter(([input]) => row[input] === null);
  if (needed.length > 0) return { ...none, open: needed.map((one) => asks(one, '')) };
  const open = BETTER_KNOWN.filter(([input]) => row[input] === null).map((one) => asks(one, AVERAGE));
  const known = filled(row);
  const arms = ARMS.filter(({ isFor }) => isFor(known));
  const checked = [{}, ...arms.map(({ cells }) => cells)].map((cells) => checkRow(model.card, { ...known, ...cells }));
  const answers = await predictRows(model, checked);
  const [untreated] = answers;
  if (untreated?.status !== 'OK')
    return {
      ...none,
      open: [
        { question: `PREDICT does not answer: ${untreated?.reason ?? 'no reason given'}`, settledBy: 'Values that the model was made for' },
      ],
    };
  const before = untreated.components['surv_none_10'] ?? Number.NaN;
  const benefits = arms.flatMap(({ arm }, place) => {
    const answer = answers[place + 1];
    return answer?.status === 'OK' ? [{ arm, survival: answer.value, benefit: answer.value - before }] : [];
  });
  return {
    ...none,
    untreated: before,
    arms: benefits.sort((a, b) => b.benefit - a.benefit),
    warnings: untreated.warnings,
    open,
  };
}
