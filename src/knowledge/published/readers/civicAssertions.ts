/** CIViC's assertions: what its editors hold, on several evidence items. CC0 1.0. */
import { detailsOf, type Reader } from '../reader.ts';
import { aboutFacts, CIVIC } from './civicTerms.ts';

export const civicAssertions: Reader = {
  name: 'civic-assertions',
  title: 'CIViC: assertions',
  licence: 'CC0 1.0',
  columns: ['molecular_profile_id', 'assertion_type', 'assertion_direction', 'amp_category', 'assertion_id', 'evidence_item_ids'],
  row(row, sink) {
    const id = row.number('assertion_id');
    const assertion = { kind: 'Assertion', id: `civic:AID${id}` } as const;
    const level = row.text('amp_category');
    const said = { ...CIVIC, level, date: row.date('last_review_date') };
    sink.thing({
      ...assertion,
      name: `AID${id}`,
      details: detailsOf({
        type: row.required('assertion_type'),
        direction: row.text('assertion_direction'),
        significance: row.text('significance'),
        ampCategory: level,
        acmgCodes: row.list('acmg_codes', ','),
        guideline: [row.text('nccn_guideline'), row.text('nccn_guideline_version')].filter(Boolean).join(' '),
        regulatoryApproval: row.text('regulatory_approval') === 'true' ? true : undefined,
        companionTest: row.text('fda_companion_test') === 'true' ? true : undefined,
        therapies: row.list('therapies', ','),
        summary: row.text('assertion_summary'),
        url: row.text('assertion_civic_url'),
      }),
    });
    aboutFacts(row, sink, assertion, said);
    for (const item of row.numbers('evidence_item_ids', ',', 'numbers with commas between them'))
      sink.fact({ kind: 'SUPPORTED_BY', from: assertion, to: { kind: 'EvidenceItem', id: `civic:EID${item}` }, ...said });
  },
};
