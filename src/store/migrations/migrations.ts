/**
 * The schema of the graph, version by version. A released version is never edited; a change is a new one.
 * Each key gets its unique constraint first and then its index: the embedded engine scans with the constraint alone,
 * Neo4j takes the second as already there.
 */
import { type Statement, statement } from '../graphStore.ts';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly schema: readonly Statement[];
  readonly data: readonly Statement[];
}

/** [label, property] pairs that identify a node. */
const KEYS_V1: readonly (readonly [string, string])[] = [
  ['Patient', 'id'],
  ['Patient', 'identifier'],
  ['Observation', 'id'],
  ['LatestObservation', 'key'],
  ['Medication', 'id'],
  ['Condition', 'id'],
  ['Allergy', 'id'],
  ['ImagingStudy', 'id'],
  ['ImagingFinding', 'id'],
  ['Outcome', 'id'],
  ['Consent', 'id'],
  ['GeneCall', 'key'],
  ['Diplotype', 'key'],
  ['Phenotype', 'key'],
  ['Gene', 'symbol'],
  ['Variant', 'rsid'],
  ['Allele', 'key'],
  ['PhenotypeRule', 'key'],
  ['Drug', 'name'],
  ['Interaction', 'key'],
  ['Guideline', 'id'],
  ['Recommendation', 'key'],
  ['Evidence', 'pmid'],
  ['Model', 'name'],
  ['KnowledgeRelease', 'name'],
  ['Current', 'name'],
  ['RiskEvent', 'id'],
  ['LatestRisk', 'key'],
  ['Projection', 'name'],
];

const KEYS_V2: readonly (readonly [string, string])[] = [
  ['Modulator', 'key'],
  ['AlleleFrequency', 'key'],
];

const INDEXES_V1: readonly (readonly [string, string])[] = [
  ['RiskEvent', 'seq'],
  ['Patient', 'birthDate'],
  ['Drug', 'rxcui'],
];

function keySchema([label, property]: readonly [string, string]): Statement[] {
  const name = `${label.toLowerCase()}_${property.toLowerCase()}`;
  return [
    statement(`define.${name}`, `CREATE CONSTRAINT ${name}_key IF NOT EXISTS FOR (n:${label}) REQUIRE n.${property} IS UNIQUE`),
    statement(`define.${name}.index`, `CREATE INDEX ${name}_index IF NOT EXISTS FOR (n:${label}) ON (n.${property})`),
  ];
}

export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'keys of patients and knowledge',
    schema: [
      ...KEYS_V1.flatMap(keySchema),
      ...INDEXES_V1.map(([label, property]) =>
        statement(
          'define.index',
          `CREATE INDEX ${label.toLowerCase()}_${property.toLowerCase()}_lookup IF NOT EXISTS FOR (n:${label}) ON (n.${property})`,
        ),
      ),
    ],
    data: [
      statement('migrate.projection', "MERGE (c:Projection {name: 'graph'}) ON CREATE SET c.seq = '0', c.epoch = ''"),
      statement('migrate.monitor', "MERGE (c:Projection {name: 'monitor'}) ON CREATE SET c.seq = '0', c.epoch = ''"),
    ],
  },
  {
    version: 2,
    name: 'keys of enzyme modulators and allele frequencies',
    schema: [
      ...KEYS_V2.flatMap(keySchema),
      ...KEYS_V2.map(([label]) =>
        statement('define.index', `CREATE INDEX ${label.toLowerCase()}_release_lookup IF NOT EXISTS FOR (n:${label}) ON (n.release)`),
      ),
    ],
    data: [],
  },
  {
    version: 3,
    name: 'keys of alerts',
    schema: [
      ...keySchema(['Alert', 'id']),
      statement('define.index', 'CREATE INDEX alert_seq_lookup IF NOT EXISTS FOR (n:Alert) ON (n.seq)'),
    ],
    data: [],
  },
  { version: 4, name: 'keys of overrides', schema: keySchema(['Override', 'id']), data: [] },
  { version: 5, name: 'keys of events that were set aside', schema: keySchema(['DeadLetter', 'seq']), data: [] },
  {
    version: 6,
    name: 'keys of interaction rules and the drugs that they name',
    schema: ['InteractionRule', 'InteractionDrug'].flatMap((label) => [
      ...keySchema([label, 'key']),
      statement('define.index', `CREATE INDEX ${label.toLowerCase()}_release_lookup IF NOT EXISTS FOR (n:${label}) ON (n.release)`),
    ]),
    data: [],
  },
  {
    version: 7,
    name: "keys of publishers' releases",
    schema: [...keySchema(['Thing', 'key']), ...keySchema(['Term', 'text']), ...keySchema(['PublishedRelease', 'name'])],
    data: [],
  },
  {
    version: 8,
    name: 'keys of oncology, of molecular reports and of trials',
    schema: [
      ...['Tumour', 'TumourEvidence', 'DrugCaution', 'Regimen'].flatMap((label) => [
        ...keySchema([label, 'key']),
        statement('define.index', `CREATE INDEX ${label.toLowerCase()}_release_lookup IF NOT EXISTS FOR (n:${label}) ON (n.release)`),
      ]),
      ...keySchema(['MolecularReport', 'id']),
      ...keySchema(['TumourAlteration', 'name']),
      ...keySchema(['Trial', 'name']),
      ...keySchema(['TrialClause', 'key']),
      ...keySchema(['TrialCriterion', 'key']),
    ],
    data: [],
  },
];

/** Labels of what is projected from the log: all of it can be dropped and replayed. */
export const PROJECTED_LABELS = [
  'Patient',
  'Observation',
  'LatestObservation',
  'Medication',
  'Condition',
  'Allergy',
  'ImagingStudy',
  'ImagingFinding',
  'Outcome',
  'Consent',
  'GeneCall',
  'Diplotype',
  'Phenotype',
  'MolecularReport',
  'TumourAlteration',
  'RiskEvent',
  'LatestRisk',
  'Alert',
  'Override',
  'DeadLetter',
] as const;
