/** The statements that write one patient event into the graph. Each is idempotent: the same event twice is one. */
import { diplotypeName, type GeneCall } from '../../genotypes/call.ts';
import type { PatientEvent } from '../../patients/events.ts';
import { type Row, type Statement, statement } from '../graphStore.ts';
import { projectAcknowledged } from './alerts.ts';
import { eraseStatements } from './erasePatient.ts';
import { projectOverride } from './overrides.ts';

export interface EventPlace {
  readonly patient: string;
  readonly recordedAt: string;
  /** Who told it. */
  readonly actor: string;
  /** The event's id. */
  readonly event: string;
}

type Of<T extends PatientEvent['type']> = Extract<PatientEvent, { type: T }>['payload'];

/** What a record that was opened in an emergency says in place of the patient. */
const OPENED = { purpose: 'EMERGENCY', category: 'ALL', granted: true };

const PATIENT = 'MATCH (p:Patient {id: $patient})';

function registered({ patient, recordedAt }: EventPlace, { consents, ...props }: Of<'patient.registered'>): Statement[] {
  return [
    statement('project.patient', 'MERGE (p:Patient {id: $patient}) SET p += $props', {
      patient,
      props: { ...props, registeredAt: recordedAt },
    }),
    agreed(patient, consents),
  ];
}

function agreed(patient: string, consents: readonly Row[]): Statement {
  return statement(
    'project.consents',
    `UNWIND $rows AS row ${PATIENT} MERGE (k:Consent {id: row.id}) SET k += row MERGE (p)-[:HAS_CONSENT]->(k)`,
    { patient, rows: consents },
  );
}

/** The newest of each code in the batch that a model may be given; the later in the list wins a tie. */
function newestPerCode(rows: Of<'observations.recorded'>['observations']): Of<'observations.recorded'>['observations'] {
  const newest = new Map<string, (typeof rows)[number]>();
  for (const row of rows) {
    if (row.flag !== null) continue;
    const known = newest.get(row.code);
    if (!known || known.observedAt <= row.observedAt) newest.set(row.code, row);
  }
  return [...newest.values()];
}

function observed({ patient, recordedAt }: EventPlace, { observations }: Of<'observations.recorded'>): Statement[] {
  const rows = observations.map(({ index, ...row }) => ({ ...row, recordedAt, place: index }));
  const latest = newestPerCode(observations).map(({ index: _index, ...row }) => ({
    key: `${patient}|${row.code}`,
    at: row.observedAt,
    props: { ...row, recordedAt },
  }));
  return [
    // A measurement that is told again stays as it was told first.
    statement(
      'project.observations',
      `UNWIND $rows AS row ${PATIENT} MERGE (o:Observation {id: row.id}) MERGE (p)-[:HAS_OBSERVATION]->(o)
       WITH o, row WHERE o.recordedAt IS NULL SET o += row`,
      { patient, rows },
    ),
    statement(
      'project.latest',
      `UNWIND $rows AS row ${PATIENT} MATCH (o:Observation {id: row.props.id}) WHERE o.recordedAt = row.props.recordedAt
       MERGE (l:LatestObservation {key: row.key}) MERGE (p)-[:LATEST]->(l)
       WITH l, row WHERE l.observedAt IS NULL OR l.observedAt <= row.at SET l += row.props`,
      { patient, rows: latest },
    ),
  ];
}

/** A node of its own under the patient, named by its id. */
function fact(place: EventPlace, label: string, relation: string, props: { readonly id: string }): Statement {
  return statement(`project.${label}`, `${PATIENT} MERGE (n:${label} {id: $id}) SET n += $props MERGE (p)-[:${relation}]->(n)`, {
    patient: place.patient,
    id: props.id,
    props: { ...props, recordedAt: place.recordedAt },
  });
}

function imaged(place: EventPlace, { findings, ...study }: Of<'imaging.recorded'>): Statement[] {
  const rows = findings.map((finding, index) => ({ id: `${study.id}|${index}`, props: { ...finding, place: index } }));
  return [
    fact(place, 'ImagingStudy', 'HAS_IMAGING', study),
    statement(
      'project.findings',
      'UNWIND $rows AS row MATCH (s:ImagingStudy {id: $study}) MERGE (f:ImagingFinding {id: row.id}) SET f += row.props MERGE (s)-[:HAS_FINDING]->(f)',
      { study: study.id, rows },
    ),
  ];
}

function started(place: EventPlace, payload: Of<'medication.started'>): Statement[] {
  return [
    fact(place, 'Medication', 'TAKES', payload),
    statement('project.medication.drug', 'MATCH (m:Medication {id: $id}) MATCH (d:Drug {name: $name}) MERGE (m)-[:OF_DRUG]->(d)', {
      id: payload.id,
      name: payload.name,
    }),
  ];
}

function stopped({ patient }: EventPlace, { medicationId, stoppedAt, reason }: Of<'medication.stopped'>): Statement[] {
  return [
    statement(
      'project.medication.stopped',
      `${PATIENT}-[:TAKES]->(m:Medication {id: $id}) SET m.stoppedAt = $stoppedAt, m.stopReason = $reason`,
      {
        patient,
        id: medicationId,
        stoppedAt,
        reason,
      },
    ),
  ];
}

function callRow(patient: string, call: GeneCall) {
  const [phenotype = null, ...others] = [...new Set(call.lookup.map((one) => one.phenotype))];
  return {
    key: `${patient}|${call.gene}`,
    gene: call.gene,
    status: call.status,
    phenotype: call.status === 'CALLED' && others.length === 0 ? phenotype : null,
    source: call.source,
    call: JSON.stringify(call),
  };
}

/** The diplotypes of a call with their alleles and phenotypes: shared nodes, so that patients meet at them. */
function diplotypeRows(patient: string, call: GeneCall) {
  return call.diplotypes.map((diplotype) => ({
    call: `${patient}|${call.gene}`,
    key: `${call.gene} ${diplotypeName(diplotype)}`,
    gene: call.gene,
    name: diplotypeName(diplotype),
    alleles: diplotype.alleles.map((name) => `${call.gene} ${name}`),
    phenotype: diplotype.phenotype,
    phenotypeKey: `${call.gene} ${diplotype.phenotype ?? ''}`,
  }));
}

/**
 * A call replaces the one before it, except that a file that did not test or could not call a gene does not erase a
 * call that is there.
 */
function imported({ patient, recordedAt }: EventPlace, payload: Of<'genotype.imported'>): Statement[] {
  const calls = payload.calls as readonly GeneCall[];
  const rows = calls.map((call) => ({
    ...callRow(patient, call),
    importedAt: recordedAt,
    fileDigest: call.source === 'VCF' ? payload.fileDigest : null,
    release: payload.release,
  }));
  const called = calls.filter(({ status }) => status === 'CALLED');
  const diplotypes = called.flatMap((call) => diplotypeRows(patient, call));
  return [
    statement(
      'project.calls',
      `UNWIND $rows AS row ${PATIENT} MERGE (c:GeneCall {key: row.key}) MERGE (p)-[:HAS_CALL]->(c)
       WITH c, row WHERE c.status IS NULL OR c.status <> 'CALLED' OR row.status = 'CALLED' SET c += row`,
      { patient, rows },
    ),
    statement('project.calls.clear', 'UNWIND $keys AS key MATCH (c:GeneCall {key: key})-[f:FOUND]->(:Diplotype) DELETE f', {
      keys: called.map(({ gene }) => `${patient}|${gene}`),
    }),
    statement(
      'project.diplotypes',
      `UNWIND $rows AS row MATCH (c:GeneCall {key: row.call}) MERGE (d:Diplotype {key: row.key}) SET d.gene = row.gene, d.name = row.name MERGE (c)-[:FOUND]->(d)
       WITH d, row MATCH (g:Gene {symbol: row.gene}) MERGE (d)-[:OF_GENE]->(g)`,
      { rows: diplotypes },
    ),
    statement(
      'project.diplotypes.alleles',
      'UNWIND $rows AS row UNWIND row.alleles AS key MATCH (d:Diplotype {key: row.key}) MATCH (a:Allele {key: key}) MERGE (d)-[:HAS_ALLELE]->(a)',
      { rows: diplotypes },
    ),
    statement(
      'project.phenotypes',
      'UNWIND $rows AS row MATCH (d:Diplotype {key: row.key}) MERGE (h:Phenotype {key: row.phenotypeKey}) SET h.gene = row.gene, h.name = row.phenotype MERGE (d)-[:SHOWS]->(h)',
      { rows: diplotypes.filter(({ phenotype }) => phenotype !== null) },
    ),
  ];
}

/** A finding's name, by which patients meet. */
const alterationRows = ({ variants, fusions, copyNumbers, signatures }: Of<'molecularProfile.imported'>) => [
  ...variants.map(({ id, gene, proteinChange, codingChange, exon, consequence }) => ({
    id,
    name: `${gene} ${proteinChange ?? codingChange ?? `exon ${exon} ${consequence}`}`,
    genes: [gene],
  })),
  ...fusions.map(({ id, fivePrime, threePrime }) => ({
    id,
    name: `${fivePrime ?? 'v'}::${threePrime ?? 'v'} fusion`,
    genes: [fivePrime, threePrime].filter((gene) => gene !== null),
  })),
  ...copyNumbers.map(({ id, gene, call }) => ({ id, name: `${gene} ${call}`, genes: [gene] })),
  ...signatures.map(({ id, name, result }) => ({ id, name: `${name} ${result}`, genes: [] })),
];

/** The report as it was sent, and its findings as nodes that patients and genes share. */
function reported({ patient, recordedAt }: EventPlace, report: Of<'molecularProfile.imported'>): Statement[] {
  const rows = alterationRows(report);
  return [
    statement('project.report', `${PATIENT} MERGE (n:MolecularReport {id: $id}) SET n += $props MERGE (p)-[:HAS_REPORT]->(n)`, {
      patient,
      id: report.id,
      props: { report: JSON.stringify(report), reportedAt: report.reportedAt, recordedAt },
    }),
    ...(report.replaces === null
      ? []
      : [
          statement(
            'project.report.replaces',
            'MATCH (n:MolecularReport {id: $id}) MATCH (o:MolecularReport {id: $replaces}) MERGE (n)-[:REPLACES]->(o)',
            { id: report.id, replaces: report.replaces },
          ),
        ]),
    statement(
      'project.alterations',
      'UNWIND $rows AS row MATCH (n:MolecularReport {id: $id}) MERGE (a:TumourAlteration {name: row.name}) MERGE (n)-[:FOUND_IN_TUMOUR]->(a)',
      { id: report.id, rows },
    ),
    statement(
      'project.alterations.genes',
      'UNWIND $rows AS row UNWIND row.genes AS symbol MATCH (a:TumourAlteration {name: row.name}) MATCH (g:Gene {symbol: symbol}) MERGE (a)-[:IN_TUMOUR_GENE]->(g)',
      { rows },
    ),
  ];
}

/** The writes of one event, to be run in one transaction with the projection's sequence. */
export function projectPatientEvent(event: PatientEvent, place: EventPlace): Statement[] {
  switch (event.type) {
    case 'patient.registered':
      return registered(place, event.payload);
    case 'consent.set':
      return [agreed(place.patient, [{ ...event.payload, recordedAt: place.recordedAt, recordedBy: place.actor }])];
    case 'emergency.opened':
      return [agreed(place.patient, [{ ...event.payload, ...OPENED, recordedAt: place.recordedAt, openedBy: place.actor }])];
    case 'patient.erased':
      return eraseStatements(place.patient);
    case 'observations.recorded':
      return observed(place, event.payload);
    case 'condition.recorded':
      return [fact(place, 'Condition', 'HAS_CONDITION', event.payload)];
    case 'allergy.recorded':
      return [fact(place, 'Allergy', 'HAS_ALLERGY', event.payload)];
    case 'imaging.recorded':
      return imaged(place, event.payload);
    case 'outcome.recorded':
      return [fact(place, 'Outcome', 'HAS_OUTCOME', event.payload)];
    case 'medication.started':
      return started(place, event.payload);
    case 'medication.stopped':
      return stopped(place, event.payload);
    case 'genotype.imported':
      return imported(place, event.payload);
    case 'molecularProfile.imported':
      return reported(place, event.payload);
    case 'recommendation.overridden':
      return [projectOverride(place.patient, place.event, { ...event.payload, recordedAt: place.recordedAt, actor: place.actor })];
    case 'alert.acknowledged':
      return [projectAcknowledged(event.payload.alert, place.recordedAt, place.actor, event.payload.note)];
  }
}
