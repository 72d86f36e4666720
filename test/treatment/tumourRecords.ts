/** Made-up patients with tumours, for the tests of treatment options. */
import type { GeneCall } from '../../src/genotypes/call.ts';
import { joinStated, statedCall } from '../../src/genotypes/outsideCalls.ts';
import { oncologyBook } from '../../src/knowledge/oncology/oncologyBook.ts';
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';
import { consequenceOf, type MolecularReport, shortProteinChange, type TumourVariant } from '../../src/patients/molecularProfile.ts';
import type { Observation, PatientRecord } from '../../src/patients/record.ts';

export const knowledge = readShippedKnowledge('graph-seed');
export const book = oncologyBook(knowledge, null);
export const AT = '2026-06-01T00:00:00.000Z';
const RECENT = '2026-05-20T08:00:00.000Z';

export function variant(name: string, given: Partial<TumourVariant> = {}): TumourVariant {
  const [gene = '', change = ''] = name.split(' ');
  const proteinChange = change === '' ? null : shortProteinChange(change);
  const consequence = consequenceOf(proteinChange);
  return {
    id: name,
    gene,
    proteinChange,
    codingChange: null,
    consequence,
    exon: null,
    origin: 'SOMATIC',
    classification: null,
    alleleFraction: null,
    ...given,
  };
}

export function report(given: Partial<MolecularReport>): MolecularReport {
  return {
    ...{
      id: 'report',
      assay: 'panel',
      specimen: null,
      tumour: null,
      replaces: null,
      reportedAt: RECENT,
      genesTested: null,
      fusionsTested: null,
      copiesTested: null,
    },
    ...{ variants: [], fusions: [], copyNumbers: [], signatures: [] },
    ...given,
  };
}

export function record(given: Partial<PatientRecord> = {}): PatientRecord {
  return {
    ...{ id: 'p', identifier: 'MADE-UP', birthDate: '1966-01-30', sexAtBirth: 'FEMALE', race: 'WHITE', ancestry: null, site: null },
    ...{ synthetic: true, story: null, calls: [], molecular: [], medications: [], conditions: [], allergies: [], imaging: [] },
    ...{ outcomes: [], consents: [], latest: [], stay: null, withheld: [], setAside: 0 },
    ...given,
  };
}

export const condition = (code: string, label = code) => ({
  ...{ id: `condition ${code}`, code, system: 'ICD-10-CM', label },
  ...{ onsetAt: '2026-01-01T00:00:00.000Z', abatedAt: null },
});

export const takes = (name: string, rxcui: string | null = '1') => ({
  ...{ id: name, name, rxcui, doseText: null, startedAt: '2026-02-01T00:00:00.000Z', stoppedAt: null },
});

export function observed(code: string, value: number | string, observedAt = RECENT): Observation {
  const told = typeof value === 'number' ? { value, text: null } : { value: null, text: value };
  return {
    id: code,
    code,
    system: 'LOINC',
    label: code,
    unit: null,
    device: null,
    flag: null,
    observedAt,
    recordedAt: observedAt,
    ...told,
  };
}

export function called(gene: string, diplotype: string) {
  const definition = knowledge.definitionByGene.get(gene);
  if (!definition) throw new Error(`no gene ${gene}`);
  const answer = statedCall(definition, { gene, diplotype, phenotype: null, activityScore: null });
  if ('problem' in answer) throw new Error(answer.problem);
  const call: GeneCall = joinStated([answer.call]);
  return { call, importedAt: RECENT, fileDigest: null, release: knowledge.release.name };
}
