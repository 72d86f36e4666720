/** What the names of molecular profiles ask of a tumour, and whether its reports say that it has it, has it not, or say nothing. */
import { describe, expect, it } from '@jest/globals';
import { readAlteration } from '../../src/knowledge/oncology/alteration.ts';
import { readProfile } from '../../src/knowledge/oncology/profile.ts';
import { type MolecularReport, shortProteinChange } from '../../src/patients/molecularProfile.ts';
import { matchProfile } from '../../src/treatment/matchProfile.ts';
import { TumourFindings } from '../../src/treatment/tumourFindings.ts';
import { knowledge, report, variant } from './tumourRecords.ts';

const verdict = (profile: string, ...reports: Partial<MolecularReport>[]) =>
  matchProfile(readProfile(profile), new TumourFindings(reports.map(report))).verdict;

/** Found by a test of the whole genes. */
const found = (...names: string[]): Partial<MolecularReport> => ({
  variants: names.map((name) => variant(name)),
  genesTested: names.map((name) => name.split(' ')[0] ?? ''),
});

describe('a protein change', () => {
  it.each([
    ['p.Leu858Arg', 'L858R'],
    ['p.(Gly12Asp)', 'G12D'],
    ['p.Trp24Ter', 'W24*'],
    ['E746_A750del', 'E746_A750del'],
    ['p.Glu746_Ala750del', 'E746_A750del'],
  ])('%s is written %s', (sent, short) => expect(shortProteinChange(sent)).toBe(short));
});

describe('a profile', () => {
  it.each([
    ['EGFR L858R', found('EGFR L858R'), 'MET'],
    ['EGFR L858R', found('EGFR p.Leu858Arg'), 'MET'],
    ['EGFR L858R', found('EGFR T790M'), 'NOT_MET'],
    // A test may have been for that one variant: of the others it says nothing.
    ['EGFR L858R', { variants: [variant('EGFR T790M')] }, 'UNKNOWN'],
    ['BRAF V600E AND NOT BRAF K601E', { variants: [variant('BRAF V600E')] }, 'UNKNOWN'],
    ['EGFR Wildtype', { variants: [variant('EGFR T790M')] }, 'NOT_MET'],
    ['EGFR L858R', { genesTested: ['EGFR'] }, 'NOT_MET'],
    ['EGFR L858R', { genesTested: ['KRAS'] }, 'UNKNOWN'],
    ['EGFR L858R', {}, 'UNKNOWN'],
    // Only its coding change is told: it may be the one.
    ['EGFR L858R', { variants: [variant('EGFR', { codingChange: 'c.2573T>G' })] }, 'UNKNOWN'],
    ['BRAF V600', found('BRAF V600K'), 'MET'],
    ['BRAF V600', found('BRAF V60L'), 'NOT_MET'],
    ['KRAS G12/G13', found('KRAS G13D'), 'MET'],
    ['KRAS G12/G13', found('KRAS Q61H'), 'NOT_MET'],
    ['EGFR Exon 19 Deletion', found('EGFR E746_A750del'), 'MET'],
    ['EGFR Exon 19 Deletion', found('EGFR L747_P753delinsS'), 'MET'],
    ['EGFR Exon 19 Deletion', found('EGFR D770_N771insSVD'), 'NOT_MET'],
    ['EGFR Exon 20 Insertion', found('EGFR D770_N771insSVD'), 'MET'],
    ['EGFR Exon 19 Deletion', { variants: [variant('EGFR', { exon: 19, consequence: 'INFRAME_DELETION' })] }, 'MET'],
    ['MET Exon 14 Skipping Mutation', { variants: [variant('MET', { exon: 14, consequence: 'EXON_SKIPPING' })] }, 'MET'],
    ['KIT Exon 11 Mutation', found('KIT V559D'), 'MET'],
    ['KIT Exon 9 Mutation', found('KIT V559D'), 'NOT_MET'],
    ['PIK3CA Mutation', found('PIK3CA H1047R'), 'MET'],
    ['PIK3CA Mutation', { variants: [variant('PIK3CA H1047H', { consequence: 'SYNONYMOUS' })], genesTested: ['PIK3CA'] }, 'NOT_MET'],
    // What the laboratory says of a variant goes before where it comes from.
    ['BRCA1 Mutation', { variants: [variant('BRCA1 C61G', { origin: 'GERMLINE' })] }, 'UNKNOWN'],
    ['BRCA1 Mutation', { variants: [variant('BRCA1 C61G', { origin: 'GERMLINE', classification: 'PATHOGENIC' })] }, 'MET'],
    ['BRCA1 Mutation', { variants: [variant('BRCA1 C61G', { classification: 'UNCERTAIN_SIGNIFICANCE' })] }, 'UNKNOWN'],
    ['BRCA1 Mutation', { variants: [variant('BRCA1 S1613G', { classification: 'BENIGN' })], genesTested: ['BRCA1'] }, 'NOT_MET'],
    [
      'BRCA1 Loss-of-function',
      { variants: [variant('BRCA1 K3326*', { classification: 'LIKELY_BENIGN' })], genesTested: ['BRCA1'] },
      'NOT_MET',
    ],
    ['KRAS Wildtype', { variants: [variant('KRAS R161K', { classification: 'BENIGN' })], genesTested: ['KRAS'] }, 'MET'],
    ['KIT Exon 11 Mutation', { variants: [variant('KIT V560A', { classification: 'BENIGN' })], genesTested: ['KIT'] }, 'NOT_MET'],
    ['KIT Exon 11 Mutation', { variants: [variant('KIT V560A', { classification: 'UNCERTAIN_SIGNIFICANCE' })] }, 'UNKNOWN'],
    ['KIT V560A', { variants: [variant('KIT V560A', { classification: 'UNCERTAIN_SIGNIFICANCE' })] }, 'MET'],
    ['PTEN Frameshift', { variants: [variant('PTEN K6Rfs*4', { classification: 'BENIGN' })], genesTested: ['PTEN'] }, 'NOT_MET'],
    ['PTEN Loss-of-function', { variants: [variant('PTEN R233*', { classification: 'UNCERTAIN_SIGNIFICANCE' })] }, 'UNKNOWN'],
    ['KRAS Wildtype', { genesTested: ['KRAS'] }, 'MET'],
    ['KRAS Wildtype', {}, 'UNKNOWN'],
    ['v::ALK Fusion', { fusions: [{ id: 'f', fivePrime: 'EML4', threePrime: 'ALK' }] }, 'MET'],
    ['v::ALK Fusion', { fusions: [{ id: 'f', fivePrime: 'ALK', threePrime: 'EML4' }] }, 'UNKNOWN'],
    ['EML4::ALK Fusion', { fusions: [{ id: 'f', fivePrime: null, threePrime: 'ALK' }] }, 'UNKNOWN'],
    ['v::ALK Fusion', { fusionsTested: ['ALK'] }, 'NOT_MET'],
    ['v::ALK Fusion', { genesTested: ['ALK'] }, 'UNKNOWN'],
    ['ERBB2 Amplification', { copyNumbers: [{ id: 'c', gene: 'ERBB2', call: 'AMPLIFICATION' as const, copies: 12 }] }, 'MET'],
    ['ERBB2 Amplification', { copyNumbers: [{ id: 'c', gene: 'ERBB2', call: 'GAIN' as const, copies: 3 }] }, 'NOT_MET'],
    ['ERBB2 Amplification', { copiesTested: ['ERBB2'] }, 'NOT_MET'],
    ['MSI High', { signatures: [{ id: 's', name: 'MSI' as const, result: 'STABLE' as const, value: null }] }, 'NOT_MET'],
    ['MSI High', { signatures: [{ id: 's', name: 'MSI' as const, result: 'HIGH' as const, value: null }] }, 'MET'],
    ['MSI High', {}, 'UNKNOWN'],
    // No report says how much of a protein there is.
    ['CD274 Expression', found('EGFR L858R'), 'UNKNOWN'],
    ['EGFR L858R OR EGFR Exon 19 Deletion', found('EGFR L858R'), 'MET'],
    ['EGFR L858R AND EGFR T790M', found('EGFR L858R'), 'NOT_MET'],
    ['EGFR L858R AND MET Amplification', found('EGFR L858R'), 'UNKNOWN'],
    ['EGFR L858R AND MET Amplification', found('EGFR T790M'), 'NOT_MET'],
    ['EGFR L858R OR MET Amplification', found('EGFR T790M'), 'UNKNOWN'],
    ['BRAF V600E AND NOT KRAS Mutation', { variants: [variant('BRAF V600E')], genesTested: ['KRAS'] }, 'MET'],
    ['BRAF V600E AND NOT KRAS Mutation', found('BRAF V600E'), 'UNKNOWN'],
    ['( EGFR L858R OR EGFR Exon 19 Deletion ) AND NOT EGFR T790M', found('EGFR L858R', 'EGFR T790M'), 'NOT_MET'],
  ] as const)('%s with %j is %s', (profile, given, expected) => expect(verdict(profile, given as Partial<MolecularReport>)).toBe(expected));

  it('is open where one report calls a variant pathogenic and another does not', () => {
    const told = (classification: 'PATHOGENIC' | 'BENIGN' | null) => ({ variants: [variant('BRCA2 D2723H', { classification })] });
    expect(verdict('BRCA2 Mutation', told('PATHOGENIC'), told('BENIGN'))).toBe('UNKNOWN');
    expect(verdict('BRCA2 Mutation', told('PATHOGENIC'), told(null))).toBe('MET');
    expect(verdict('BRCA2 D2723H', told('PATHOGENIC'), told('BENIGN'))).toBe('MET');
  });

  it('is met by what several reports found together', () =>
    expect(verdict('EGFR L858R AND EGFR T790M', found('EGFR L858R'), found('EGFR T790M'))).toBe('MET'));

  it.each(['EGFR L858R AND', '( EGFR L858R', 'EGFR L858R )', 'OR EGFR L858R', 'NOT'])('%j cannot be read', (name) =>
    expect(() => readProfile(name)).toThrow('A molecular profile cannot be read'),
  );

  it('that nests without end is refused, not overflowed', () =>
    expect(() => readProfile(`${'( '.repeat(5000)}EGFR L858R${' )'.repeat(5000)}`)).toThrow('cannot be read'));
});

describe('the names of the shipped evidence', () => {
  it('are all read as something that a report can say, but for three', () => {
    const unread = knowledge.oncology.evidence
      .flatMap(({ profile }) => profile.split(/ (?:AND|OR) (?:NOT )?/))
      .filter((name) => readAlteration(name).kind === 'NOT_IN_REPORTS');
    expect([...new Set(unread)].sort()).toEqual(['ABL1 Double Ph', 'DPYD DPYD*2A HOMOZYGOSITY', 'MGMT Promoter Methylation']);
  });
});
