/** What was shown and not followed, with the reason. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { ENGINES, freshKey, startServer, type TestServer } from '../support/server.ts';
import { SCORE_7, vitalSigns } from '../support/vitalSigns.ts';

const RECORD = `mutation($input: RecordOverrideInput!) { recordOverride(input: $input) {
  override { subject key shown reason note instead recordedBy } userErrors { code field } eventId } }`;
const LIST =
  'query($id: ID!) { node(id: $id) { ... on Patient { overrides(first: 10) { subject key reason } alerts(first: 1) { edges { node { id } } } } } }';

interface Answered {
  readonly recordOverride: {
    readonly override: Record<string, unknown> | null;
    readonly userErrors: readonly { readonly code: string; readonly field: string }[];
    readonly eventId: string | null;
  };
}

interface Listed {
  readonly node: {
    readonly overrides: readonly object[];
    readonly alerts: { readonly edges: readonly { readonly node: { readonly id: string } }[] };
  };
}

describe.each(ENGINES)('overrides on the $engine engine', ({ uri }) => {
  let server: TestServer;
  let patientId = '';
  beforeAll(async () => {
    server = await startServer(uri, { demo: false });
    const patient = await newPatient(server.platform);
    patientId = toGlobalId('Patient', patient);
    const commands = commandsTo(server.platform);
    const calls = { outsideCalls: [{ gene: 'CYP2C19', diplotype: '*2/*2' }] };
    accepted(await commands.genotype(patient, calls));
    accepted(await commands.observe(patient, vitalSigns(new Date(Date.now() - 600_000).toISOString(), SCORE_7)));
    await server.platform.projector.settle(60_000);
  }, 180_000);
  afterAll(() => server?.close());

  const override = async (input: object) => {
    const sent = { idempotencyKey: freshKey(), patientId, reason: 'CLINICAL_JUDGEMENT', ...input };
    return (await server.query<Answered, object>(RECORD, { input: sent })).data.recordOverride;
  };
  const listed = async () => (await server.query<Listed, object>(LIST, { id: patientId })).data.node;

  it('keep what was shown of a recommendation, an alert and a prediction', async () => {
    const alertId = (await listed()).alerts.edges[0]?.node.id;
    expect((await override({ drug: 'Plavix', reason: 'CONTRAINDICATED', instead: ' ticagrelor ' })).override).toEqual({
      subject: 'RECOMMENDATION',
      key: 'clopidogrel',
      shown: expect.stringContaining('AVOID: '),
      reason: 'CONTRAINDICATED',
      note: null,
      instead: 'ticagrelor',
      recordedBy: 'loopback-demo',
    });
    expect((await override({ alertId, note: 'for comfort care' })).override).toMatchObject({
      subject: 'ALERT',
      key: alertId,
      shown: expect.stringMatching(/^NEWS2 of 7 or more.*: 7 /),
      note: 'for comfort care',
    });
    expect((await override({ model: 'news2' })).override).toMatchObject({
      subject: 'PREDICTION',
      key: 'news2',
      shown: expect.stringMatching(/^7 .*HIGH/),
    });
    expect((await listed()).overrides).toEqual([
      { subject: 'PREDICTION', key: 'news2', reason: 'CLINICAL_JUDGEMENT' },
      { subject: 'ALERT', key: alertId, reason: 'CLINICAL_JUDGEMENT' },
      { subject: 'RECOMMENDATION', key: 'clopidogrel', reason: 'CONTRAINDICATED' },
    ]);
  });

  it.each([
    ['nothing', {}, 'INVALID drug'],
    ['two things', { drug: 'warfarin', model: 'news2' }, 'INVALID drug'],
    ['a drug that the release has not', { drug: 'snake oil' }, 'INVALID drug'],
    ['a drug without a recommendation for this patient', { drug: 'metformin' }, 'INVALID drug'],
    ['a model that takes rows', { model: 'predict-breast' }, 'INVALID model'],
    ['a model that has told nothing', { model: 'ckd-epi-2021' }, 'INVALID model'],
    ['an alert that is not there', { alertId: toGlobalId('Alert', 'none') }, 'UNKNOWN_ALERT alertId'],
    ['no words for another reason', { model: 'news2', reason: 'OTHER' }, 'REQUIRED note'],
    ['too many words', { model: 'news2', note: 'x'.repeat(501) }, 'TOO_LARGE note'],
  ])('refuse %s', async (_what, input, refused) => {
    const { userErrors, eventId } = await override(input);
    expect([userErrors.map(({ code, field }) => `${code} ${field}`), eventId]).toEqual([[refused], null]);
  });
});
