/** Which tumour is asked about: by its id in the Disease Ontology, or by a condition of the patient. */
import { AvicennaError } from '../errors.ts';
import type { OncologyBook } from '../knowledge/oncology/oncologyBook.ts';
import type { DiseaseMatch, TumourTree } from '../knowledge/oncology/tumours.ts';
import { HER2, OESTROGEN_RECEPTOR, PROGESTERONE_RECEPTOR } from '../patients/observationCodes.ts';
import { ICD_10_CM, isPresent, type PatientRecord } from '../patients/record.ts';
import { measured } from '../prediction/recordFeatures.ts';
import type { OpenQuestion } from './openQuestion.ts';

export interface AskedTumour {
  readonly id: string;
  readonly name: string;
  /** Whether a condition of the patient that has not ended means it, or one that it is a kind of. */
  readonly recorded: boolean;
  /** Kinds of it that the record says it is, or says it is not; a kind that is in neither is not settled. */
  readonly kinds: ReadonlyMap<string, boolean>;
  readonly open: readonly OpenQuestion[];
}

/** Kinds of breast cancer that receptors define: Disease Ontology id -> code of the receptor, and how it comes out. */
const BY_RECEPTOR: readonly (readonly [kind: string, receptors: Readonly<Record<string, 'positive' | 'negative'>>])[] = [
  ['DOID:0060079', { [HER2]: 'positive' }],
  ['DOID:0060080', { [HER2]: 'negative' }],
  ['DOID:0060075', { [OESTROGEN_RECEPTOR]: 'positive' }],
  ['DOID:0060081', { [OESTROGEN_RECEPTOR]: 'negative', [PROGESTERONE_RECEPTOR]: 'negative', [HER2]: 'negative' }],
];

function kindsOf(record: PatientRecord): Map<string, boolean> {
  const said = BY_RECEPTOR.map(([kind, receptors]) => {
    const verdicts = Object.entries(receptors).map(([code, wanted]) => {
      const { value } = measured(record, code);
      return value === 'positive' || value === 'negative' ? value === wanted : null;
    });
    const isKind = verdicts.includes(false) ? false : verdicts.includes(null) ? null : true;
    return [kind, isKind] as const;
  });
  return new Map(said.flatMap(([kind, isKind]) => (isKind === null ? [] : [[kind, isKind]])));
}

/** How the tumour of evidence lies to the patient's, by what the record says of its kind. */
export function matchTumour(tree: TumourTree, { id, kinds }: AskedTumour, evidence: string): DiseaseMatch {
  const match = tree.match(id, evidence);
  if (match !== 'NARROWER') return match;
  const isKind = kinds.get(evidence);
  return isKind === undefined ? match : isKind ? 'EXACT' : 'OTHER';
}

const DOID = /^(DOID:\d+|name:.+)$/;

function recordedTumours({ tree }: OncologyBook, { conditions }: PatientRecord, at: string) {
  return conditions
    .filter((condition) => condition.system === ICD_10_CM && isPresent(condition, at))
    .flatMap((condition) => tree.ofIcd10cm(condition.code).map((tumour) => ({ condition, tumour })));
}

/** The tumours on record of which none is a kind of another. */
export function tumoursOf(book: OncologyBook, record: PatientRecord, at: string): Pick<AskedTumour, 'id' | 'name'>[] {
  const own = [...new Map(recordedTumours(book, record, at).map(({ tumour }) => [tumour.id, tumour])).values()];
  return own.filter(({ id }) => !own.some((other) => other.id !== id && book.tree.match(other.id, id) === 'PARENT'));
}

/**
 * @param asked DOID, or the key or the ICD-10-CM code of a condition of the patient
 * @throws AvicennaError NOT_FOUND or BAD_USER_INPUT at `condition`
 */
export function tumourOf(book: OncologyBook, record: PatientRecord, asked: string, at: string): AskedTumour {
  const { tree } = book;
  const own = recordedTumours(book, record, at);
  if (DOID.test(asked)) {
    if (!tree.has(asked)) throw new AvicennaError('NOT_FOUND', 'The release has no tumour of that id.', 'condition');
    const isIt = ({ tumour }: (typeof own)[number]) => ['EXACT', 'PARENT', 'NARROWER'].includes(tree.match(asked, tumour.id));
    const recorded = own.some(isIt);
    const question = `Whether the patient has ${tree.nameOf(asked)}: no condition in the problem list means it`;
    return {
      id: asked,
      name: tree.nameOf(asked),
      recorded,
      kinds: kindsOf(record),
      open: recorded ? [] : [{ question, settledBy: 'A diagnosis, recorded as a condition' }],
    };
  }
  const meant = [
    ...new Map(
      own.filter(({ condition }) => [condition.id, condition.code].includes(asked)).map(({ tumour }) => [tumour.id, tumour]),
    ).values(),
  ];
  const [tumour] = meant;
  if (!tumour)
    throw new AvicennaError(
      'NOT_FOUND',
      'Expected a DOID, or the id or the ICD-10-CM code of a condition of the patient that is a tumour and has not ended.',
      'condition',
    );
  if (meant.length > 1)
    throw new AvicennaError(
      'BAD_USER_INPUT',
      `The code means several tumours: ask for one of ${meant.map(({ id, name }) => `${id} (${name})`).join(', ')}.`,
      'condition',
    );
  return { id: tumour.id, name: tumour.name, recorded: true, kinds: kindsOf(record), open: [] };
}
