/** CIViC's evidence items: what a paper says of a molecular profile in a disease, for a therapy or without one. CC0 1.0. */
import { detailsOf, type Reader } from '../reader.ts';
import { aboutFacts, CIVIC } from './civicTerms.ts';

const TYPES = ['Predictive', 'Predisposing', 'Prognostic', 'Diagnostic', 'Functional', 'Oncogenic'] as const;
const DIRECTIONS = ['Supports', 'Does Not Support', 'N/A', ''] as const;
const LEVELS = ['A', 'B', 'C', 'D', 'E'] as const;
const RATINGS = ['1', '2', '3', '4', '5', ''] as const;

export const civicEvidence: Reader = {
  name: 'civic-evidence',
  title: 'CIViC: evidence items',
  licence: 'CC0 1.0',
  columns: ['molecular_profile_id', 'doid', 'therapies', 'evidence_type', 'evidence_direction', 'evidence_level', 'evidence_id'],
  row(row, sink) {
    const id = row.number('evidence_id');
    const level = row.oneOf('evidence_level', LEVELS);
    const item = { kind: 'EvidenceItem', id: `civic:EID${id}` } as const;
    sink.thing({
      ...item,
      name: `EID${id}`,
      details: detailsOf({
        type: row.oneOf('evidence_type', TYPES),
        direction: row.oneOf('evidence_direction', DIRECTIONS),
        level,
        significance: row.text('significance'),
        rating: row.oneOf('rating', RATINGS),
        therapies: row.list('therapies', ','),
        therapyInteraction: row.text('therapy_interaction_type'),
        variantOrigin: row.text('variant_origin'),
        statement: row.text('evidence_statement'),
        citation: row.text('citation'),
        citationId: row.text('citation_id'),
        citationSource: row.text('source_type'),
        trials: row.list('nct_ids', ','),
        url: row.text('evidence_civic_url'),
        flagged: row.text('is_flagged') === 'true' ? true : undefined,
      }),
    });
    aboutFacts(row, sink, item, { ...CIVIC, level, date: row.date('last_review_date') });
  },
};
