/** Made-up files in the formats of publishers: no row is anybody's. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { temporaryFolder } from './temporary.ts';

export const table = (...rows: readonly (readonly (string | number)[])[]) => `${rows.map((row) => row.join('\t')).join('\n')}\n`;

export const EVIDENCE_HEADER: readonly string[] =
  'molecular_profile\tmolecular_profile_id\tdisease\tdoid\tphenotypes\ttherapies\ttherapy_interaction_type\tevidence_type\tevidence_direction\tevidence_level\tsignificance\tevidence_statement\tcitation_id\tsource_type\tasco_abstract_id\tcitation\tnct_ids\trating\tevidence_status\tevidence_id\tvariant_origin\tlast_review_date\tevidence_civic_url\tmolecular_profile_civic_url\tis_flagged'.split(
    '\t',
  );

/** One evidence item; what is not given is a plain one. */
export function evidenceRow(given: Readonly<Record<string, string>>): string[] {
  const plain: Record<string, string> = {
    molecular_profile: 'GENA X1Y',
    molecular_profile_id: '1',
    evidence_type: 'Predictive',
    evidence_direction: 'Supports',
    evidence_level: 'B',
    significance: 'Sensitivity/Response',
    evidence_id: '1',
    last_review_date: '2025-01-02 10:00:00 UTC',
    is_flagged: 'false',
  };
  return EVIDENCE_HEADER.map((column) => given[column] ?? plain[column] ?? '');
}

/** A small network of made-up compounds, diseases and genes, and what two other publishers say of them. */
export const PUBLISHED: Readonly<Record<string, string>> = {
  'net/nodes.tsv.gz': table(
    ['kind', 'id', 'name'],
    ['Compound', 'DB90001', 'Alphacain'],
    ['Compound', 'DB90002', 'Betamab'],
    ['Compound', 'DB90003', 'Gammanib'],
    ['Disease', 'DOID:900001', 'first disease'],
    ['Disease', 'DOID:900002', 'second disease'],
    ['Gene', '900001', 'GENA'],
    ['Gene', '900002', 'GENB'],
    ['Side Effect', 'C0000001', 'not taken'],
  ),
  'net/CtD.tsv': table(
    ['compound', 'disease', 'licence', 'source'],
    ['DB90001', 'DOID:900001', 'CC0 1.0', 'MadeUp'],
    ['DB90002', 'DOID:900002', 'CC0 1.0', 'MadeUp'],
  ),
  'net/CuG.tsv.gz': table(['compound', 'gene'], ['DB90001', '900001'], ['DB90001', '900001'], ['DB90003', '900001']),
  'net/CdG.tsv.gz': table(['compound', 'gene'], ['DB90002', '900002']),
  'net/CbG.tsv': table(
    ['compound', 'gene', 'compound_name', 'gene_symbol', 'sources', 'licence', 'affinity_nM', 'actions', 'in_hetionet'],
    ['DB90001', '900001', 'Alphacain', 'GENA', 'OpenDB', 'CC BY 4.0', '12.5', 'blocker', 'yes'],
    ['DB90003', '900001', 'Gammanib', 'GENA', 'SharedDB', 'CC BY-SA 3.0', '', '', 'yes'],
  ),
  'net/DaG.tsv': table(
    ['disease', 'gene', 'disease_name', 'gene_symbol', 'sources', 'licence'],
    ['DOID:900001', '900001', 'first disease', 'GENA', 'OpenDB', 'CC BY 4.0'],
    ['DOID:900002', '900002', 'second disease', 'GENB', 'SharedDB', 'ODbL 1.0'],
  ),
  'civic/evidence.tsv': `${table(
    EVIDENCE_HEADER,
    evidenceRow({
      ...{ doid: '900001', disease: 'First Disease Of Old', therapies: 'Alphacain,Deltacept', evidence_id: '7' },
      ...{ therapy_interaction_type: 'Combination', rating: '3', variant_origin: 'Somatic', citation_id: '12345', source_type: 'PubMed' },
    }),
  )}`,
  'names/oncotree.tsv': table(
    ['code', 'name', 'parent', 'level', 'main_type', 'tissue', 'umls', 'nci', 'history'],
    ['TISSUE', 'Tissue', '', 0, '', '', '', '', ''],
    ['MADEA', 'Made-up tumour', 'TISSUE', 1, '', '', 'C01', '', 'OLDA'],
  ),
  'names/README.md': 'nothing to read\n',
  'names/other.tsv': table(['nothing', 'known'], ['1', '2']),
};

/** Writes files into a folder of their own; those that end in .gz are packed. */
export function publisherFiles(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, name.endsWith('.gz') ? gzipSync(text) : text);
  }
  return folder;
}
