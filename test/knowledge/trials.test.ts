/** Criteria trees of made-up trials against made-up people. */
import { describe, expect, it } from '@jest/globals';
import { readTrial } from '../../src/knowledge/trials/ctml.ts';
import { type Judged, judge, type MatchContext } from '../../src/knowledge/trials/matching.ts';

const KINDS: Readonly<Record<string, readonly string[]>> = {
  Lung: ['Lung Adenocarcinoma', 'Small Cell Lung Cancer'],
  _SOLID_: ['Lung Adenocarcinoma', 'Breast Cancer'],
};
const CONTEXT: MatchContext = {
  asOf: '2026-02-28',
  isDiagnosis: (wanted, recorded) => wanted === recorded || (KINDS[wanted]?.includes(recorded) ?? false),
  assumesNegative: true,
};
const CLINICAL = {
  _id: 'p1',
  SAMPLE_ID: 's1',
  BIRTH_DATE: '2008-02-28',
  GENDER: 'Female',
  ONCOTREE_PRIMARY_DIAGNOSIS_NAME: 'Lung Adenocarcinoma',
};

const trialOf = (match: unknown, step: object = {}) =>
  readTrial('T1', { status: 'open', treatment_list: { step: [{ step_code: '1', match, ...step }] } }, 'trials.json');

function verdictOf(match: unknown, clinical: object = {}, findings: readonly object[] = []) {
  const [clause] = trialOf([match]).clauses;
  if (!clause) throw new Error('no clause');
  const criteria: Judged[] = [];
  const verdict = judge(clause.criterion, { clinical: { ...CLINICAL, ...clinical }, findings: findings as never }, CONTEXT, criteria);
  return { verdict, criteria };
}

describe('clinical criteria of a trial', () => {
  it.each([
    ['>=18', '2008-02-28', 'MET'],
    ['>=18', '2008-03-01', 'NOT_MET'],
    ['>18', '2008-02-28', 'NOT_MET'],
    ['>18', '2008-02-27', 'MET'],
    ['<18', '2008-02-28', 'NOT_MET'],
    ['<18', '2008-02-29', 'MET'],
    ['<=18', '2008-02-28', 'MET'],
    // Half a year is six months; February has no 30th.
    ['>=0.5', '2025-08-28', 'MET'],
    ['>=0.5', '2025-08-29', 'NOT_MET'],
  ])('holds an age of %s against the birth date %s: %s', (age, born, verdict) => {
    expect(verdictOf({ clinical: { age_numerical: age } }, { BIRTH_DATE: born }).verdict).toBe(verdict);
  });

  it.each([
    [{ oncotree_primary_diagnosis: 'Lung' }, {}, 'MET'],
    [{ oncotree_primary_diagnosis: '!Lung' }, {}, 'NOT_MET'],
    [{ oncotree_primary_diagnosis: 'Breast Cancer' }, {}, 'NOT_MET'],
    [{ oncotree_primary_diagnosis: 'Lung Adenocarcinoma' }, {}, 'MET'],
    [{ gender: 'female', tmb_numerical: '>=10' }, { TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE: 10 }, 'MET'],
    [{ tmb_numerical: '<10' }, { TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE: 10 }, 'NOT_MET'],
    [{ mmr_status: 'MMR-Deficient' }, { MMR_STATUS: 'Deficient (MMR-D / MSI-H)' }, 'MET'],
    [{ disease_status: ['Metastatic', 'Recurrent'] }, { DISEASE_STATUS: 'Recurrent' }, 'MET'],
    [{ disease_status: ['!Metastatic', '!Recurrent'] }, { DISEASE_STATUS: 'Recurrent' }, 'NOT_MET'],
  ])('reads %j of %j: %s', (clinical, record, verdict) => {
    expect(verdictOf({ clinical }, record).verdict).toBe(verdict);
  });

  it('does not take what is not recorded for a no, and says what would settle it', () => {
    const { verdict, criteria } = verdictOf({ clinical: { tmb_numerical: '>=10', gender: 'Female' } });
    expect([verdict, criteria[0]?.missing]).toEqual(['UNKNOWN', 'TUMOR_MUTATIONAL_BURDEN_PER_MEGABASE']);
    expect(verdictOf({ clinical: { disease_status: '!Metastatic' } }).verdict).toBe('UNKNOWN');
    expect(verdictOf({ clinical: { tmb_numerical: '>=10', gender: 'Male' } }).verdict).toBe('NOT_MET');
    for (const born of ['unknown', '01/05/2020', '1 March 2020', 20200501])
      expect(verdictOf({ clinical: { age_numerical: '>=18' } }, { BIRTH_DATE: born }).verdict).toBe('UNKNOWN');
  });

  it('takes a receptor that is not recorded as negative, as the format does, and says that it did', () => {
    const { verdict, criteria } = verdictOf({ clinical: { her2_status: false } });
    expect([verdict, criteria[0]?.assumed]).toEqual(['MET', 'HER2_STATUS']);
    expect(verdictOf({ clinical: { her2_status: 'True' } }).verdict).toBe('NOT_MET');
    expect(verdictOf({ clinical: { her2_status: 'False' } }, { HER2_STATUS: 'Positive' }).criteria[0]?.assumed).toBeNull();
  });

  it('lets a deciding criterion decide beside an unknown one, and not otherwise', () => {
    const [yes, no, open] = [{ clinical: { gender: 'Female' } }, { clinical: { gender: 'Male' } }, { clinical: { tmb: '10' } }];
    const of = (match: unknown) => verdictOf(match).verdict;
    expect([of({ and: [no, open] }), of({ and: [yes, open] }), of({ and: [yes, yes] })]).toEqual(['NOT_MET', 'UNKNOWN', 'MET']);
    expect([of({ or: [yes, open] }), of({ or: [no, open] }), of({ or: [no, no] })]).toEqual(['MET', 'UNKNOWN', 'NOT_MET']);
    expect(of({ and: [yes], or: [no, open] })).toBe('UNKNOWN');
  });
});

const EGFR = {
  VARIANT_CATEGORY: 'MUTATION',
  HARMONIZED_HUGO_SYMBOL: 'EGFR',
  HARMONIZED_PROTEIN_CHANGE: 'p.L858R',
  TRUE_TRANSCRIPT_EXON: 21,
};
const KRAS = { VARIANT_CATEGORY: 'MUTATION', HARMONIZED_HUGO_SYMBOL: 'KRAS', HARMONIZED_VARIANT_CLASSIFICATION: 'Missense_Mutation' };
const AMPLIFIED = { VARIANT_CATEGORY: 'CNV', HARMONIZED_HUGO_SYMBOL: 'ERBB2', CNV_CALL: 'High level amplification' };
const FUSION = { VARIANT_CATEGORY: 'SV', HARMONIZED_LEFT_PARTNER_GENE: 'EML4', HARMONIZED_RIGHT_PARTNER_GENE: 'ALK' };
const OPEN_END = { VARIANT_CATEGORY: 'SV', HARMONIZED_LEFT_PARTNER_GENE: 'NTRK1', HARMONIZED_RIGHT_PARTNER_GENE: null };
const DESCRIBED = { VARIANT_CATEGORY: 'SV', STRUCTURAL_VARIANT_COMMENT: 'A rearrangement of ROS1, in frame.' };
const SIGNATURE = { VARIANT_CATEGORY: 'SIGNATURE', TOBACCO_STATUS: 'Yes' };

describe('genomic criteria of a trial', () => {
  it.each([
    ['all in one finding', { hugo_symbol: 'EGFR', protein_change: 'p.L858R', variant_category: 'Mutation', exon: '21' }, [EGFR], 'MET'],
    ['not over two', { hugo_symbol: 'EGFR', variant_classification: 'Missense_Mutation' }, [EGFR, KRAS], 'NOT_MET'],
    ['none such', { hugo_symbol: 'KRAS', variant_classification: '!Missense_Mutation' }, [EGFR], 'MET'],
    ['one such', { hugo_symbol: 'KRAS', variant_classification: '!Missense_Mutation' }, [EGFR, KRAS], 'NOT_MET'],
    ['none at all', { hugo_symbol: 'KRAS', variant_category: '!Mutation' }, [], 'MET'],
    ['a position', { hugo_symbol: 'EGFR', wildcard_protein_change: 'p.L858' }, [EGFR], 'MET'],
    ['a position without its p.', { wildcard_protein_change: 'L858' }, [EGFR], 'MET'],
    ['another position', { wildcard_protein_change: 'p.L85' }, [EGFR], 'NOT_MET'],
    ['any variation', { hugo_symbol: 'ERBB2', variant_category: 'Any Variation' }, [AMPLIFIED], 'MET'],
    ['an amplification', { hugo_symbol: 'ERBB2', cnv_call: 'High Amplification' }, [AMPLIFIED], 'MET'],
    ['a fusion', { hugo_symbol: 'EML4', fusion_partner_hugo_symbol: 'ALK', variant_category: 'Structural Variation' }, [FUSION], 'MET'],
    ['a fusion the other way round', { hugo_symbol: 'ALK', fusion_partner_hugo_symbol: 'EML4' }, [FUSION], 'MET'],
    ['one end of a fusion', { hugo_symbol: 'ALK', variant_category: 'Structural Variation' }, [FUSION], 'MET'],
    ['a partner alone', { fusion_partner_hugo_symbol: 'ALK', variant_category: 'SV' }, [FUSION], 'MET'],
    ['another partner', { hugo_symbol: 'ALK', fusion_partner_hugo_symbol: 'KIF5B' }, [FUSION], 'NOT_MET'],
    ['any partner', { hugo_symbol: 'ALK', fusion_partner_hugo_symbol: 'any_gene' }, [FUSION], 'MET'],
    ['an end between genes', { hugo_symbol: 'NTRK1', fusion_partner_hugo_symbol: 'intergenic' }, [OPEN_END], 'MET'],
    ['no end between genes', { hugo_symbol: 'EML4', fusion_partner_hugo_symbol: 'intergenic' }, [FUSION], 'NOT_MET'],
    ['one that was described', { hugo_symbol: 'ROS1', variant_category: 'Structural Variation' }, [DESCRIBED], 'MET'],
    ['one whose name is part of another word', { hugo_symbol: 'ROS', variant_category: 'Structural Variation' }, [DESCRIBED], 'NOT_MET'],
    ['a signature', { hugo_symbol: 'None', tobacco_signature: 'Yes' }, [SIGNATURE], 'MET'],
    ['another signature', { hugo_symbol: 'None', tobacco_signature: 'No' }, [SIGNATURE], 'NOT_MET'],
  ])('%s: %j', (_what, genomic, findings, verdict) => {
    expect(verdictOf({ genomic }, {}, findings).verdict).toBe(verdict);
  });
});

describe('a trial in CTML', () => {
  it('is read level by level; a step is suspended with all its arms, and levels that ask nothing are left out', () => {
    const match = [{ clinical: { gender: 'Female' } }];
    const arm = (code: string, suspended: string, more: object = {}) => ({ arm_code: code, arm_suspended: suspended, match, ...more });
    const dose = { level_code: 'L1', level_suspended: 'N', match };
    const levels = (arms: readonly object[]) =>
      trialOf(match, { arm: arms }).clauses.map(({ level, code, suspended }) => [level, code, suspended]);
    expect(levels([arm('A', 'Y', { dose_level: [dose] }), arm('B', 'y', { match: [] })])).toEqual([
      ['step', '1', true],
      ['arm', 'A', true],
      ['dose_level', 'L1', false],
    ]);
    expect(levels([arm('A', 'Y'), arm('B', 'N')])[0]).toEqual(['step', '1', false]);
    expect(levels([])).toEqual([['step', '1', false]]);
  });

  it.each([
    [{ not: [] }, "Expected 'and', 'or', 'clinical' or 'genomic', not 'not'.", 'match[0].not'],
    [{ and: [] }, "'and' has no criteria.", 'match[0].and'],
    [{ and: { clinical: {} } }, 'Expected a list.', 'match[0].and'],
    [{ and: [{ clinical: { height: '>180' } }] }, "No criterion is called 'height'", 'match[0].and[0].clinical.height'],
    [{ clinical: { age_numerical: 'adult' } }, "'adult' is no comparison", 'match[0].clinical.age_numerical'],
    [{ clinical: { age_numerical: '=>18' } }, 'is no comparison', 'match[0].clinical.age_numerical'],
    [{ clinical: { age_numerical: '>=1950' } }, 'is no age', 'match[0].clinical.age_numerical'],
    [{ clinical: { disease_status: ['!A', 'B'] } }, 'all written with', 'match[0].clinical.disease_status'],
    [{ genomic: { hugo_symbol: { is: 'EGFR' } } }, 'Expected a word or a number.', 'match[0].genomic.hugo_symbol'],
    [{ genomic: { constructor: 'x' } }, "No criterion is called 'constructor'", 'match[0].genomic.constructor'],
    [{}, 'Expected a criterion.', 'match[0]'],
    ['Female', 'Expected an object.', 'match[0]'],
  ])('is refused with the place where %j stands', (match, message, place) => {
    const refused = expect.objectContaining({ code: 'BAD_USER_INPUT', message: expect.stringContaining(message) });
    let error: unknown;
    try {
      trialOf([match]);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toEqual(refused);
    expect((error as { at: string }).at).toContain(`trials.json T1 treatment_list.step[0].${place}`);
  });

  it('is refused where it is nested without end', () => {
    let match: object = { clinical: { gender: 'Female' } };
    for (let depth = 0; depth < 80; depth += 1) match = { and: [match] };
    expect(() => trialOf([match])).toThrow('nested more than 64 deep');
  });
});
