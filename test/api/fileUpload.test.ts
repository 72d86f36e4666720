/** A VCF sent as a file, by the GraphQL multipart request. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { toGlobalId } from '../../src/graphql/ids.ts';
import { MAX_FILE_BYTES } from '../../src/patients/commands/genotypeFile.ts';
import { newPatient } from '../support/commands.ts';
import { type Answer, freshKey, startServer, type TestServer } from '../support/server.ts';

const VCF = readFileSync('graph-seed/demo-patients/15-whole-panel.vcf');
const MUTATION = `mutation($input: ImportGenotypeInput!) { importGenotype(input: $input) {
  userErrors { code field message } eventId diplotypes { gene { symbol } fileDigest } } }`;
const PREFLIGHT = { 'apollo-require-preflight': 'true' };

interface Imported {
  readonly importGenotype: {
    readonly userErrors: readonly { readonly code: string; readonly field: string; readonly message: string }[];
    readonly eventId: string | null;
    readonly diplotypes: readonly { readonly gene: { readonly symbol: string }; readonly fileDigest: string | null }[] | null;
  };
}

describe('a file', () => {
  let server: TestServer;
  let patientId: string;

  beforeAll(async () => {
    server = await startServer(undefined, { demo: false });
    patientId = toGlobalId('Patient', await newPatient(server.platform));
  }, 120_000);
  afterAll(() => server?.close());

  const post = async (parts: readonly (readonly [string, string | Blob])[], headers: Record<string, string> = PREFLIGHT) => {
    const body = new FormData();
    for (const [name, part] of parts) body.append(name, part);
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    return { status: response.status, ...((await response.json()) as Answer<Imported>) };
  };
  const operations = (input: object = {}, query = MUTATION) =>
    JSON.stringify({ query, variables: { input: { patientId, idempotencyKey: freshKey(), file: null, ...input } } });
  const send = async (file: Uint8Array<ArrayBuffer> | Buffer, input: object = {}) => {
    const { data, errors } = await post([
      ['operations', operations(input)],
      ['map', '{"0":["variables.input.file"]}'],
      ['0', new Blob([Uint8Array.from(file)])],
    ]);
    expect(errors).toBeUndefined();
    return data.importGenotype;
  };

  it.each([
    ['plain', VCF],
    ['packed', gzipSync(VCF)],
  ])('is called as its text is, with the digest of the bytes sent: %s', async (_kind, bytes) => {
    const { userErrors, diplotypes } = await send(bytes);
    expect(userErrors).toEqual([]);
    const digest = createHash('sha256').update(bytes).digest('hex');
    const panel = diplotypes?.filter(({ fileDigest }) => fileDigest === digest) ?? [];
    expect(panel.map(({ gene }) => gene.symbol)).toEqual(expect.arrayContaining(['CYP2C19', 'DPYD', 'TPMT', 'UGT1A1']));
  });

  it('sent twice under one key is one event, and another file under that key is refused', async () => {
    const idempotencyKey = freshKey();
    const first = await send(VCF, { idempotencyKey });
    expect(await send(VCF, { idempotencyKey })).toMatchObject({ eventId: first.eventId, userErrors: [] });
    const other = await send(Buffer.concat([VCF, Buffer.from('\n')]), { idempotencyKey });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  });

  it.each([
    ['that ends early', gzipSync(VCF).subarray(0, 2000), /compressed data end early/],
    ['that is no VCF', Buffer.from([0, 1, 2, 3, 255]), /Not a VCF/],
    ['that is empty', Buffer.alloc(0), /empty/],
  ])('%s is refused with its place, and nothing is recorded', async (_kind, bytes, message) => {
    const answered = await send(bytes);
    expect(answered.userErrors).toMatchObject([{ code: 'VCF_INVALID', field: 'file', message: expect.stringMatching(message) }]);
    expect(answered.eventId).toBeNull();
  });

  it('over the limit is refused, though its first part is a VCF', async () => {
    const answered = await send(Buffer.concat([VCF, Buffer.alloc(MAX_FILE_BYTES, '#\n')]));
    expect(answered).toMatchObject({ userErrors: [{ code: 'TOO_LARGE', field: 'file' }], eventId: null });
  }, 180_000);

  it('that unpacks to more than the limit is refused before it is unpacked whole', async () => {
    const long = gzipSync(`${'#'.repeat(1_000_000)}\n`);
    const answered = await send(Buffer.concat([gzipSync(VCF), ...Array.from({ length: 600 }, () => long)]));
    expect(answered.userErrors).toMatchObject([{ code: 'VCF_INVALID', message: expect.stringMatching(/more than 536870912 characters/) }]);
  }, 180_000);

  it('and a text together are refused', async () => {
    expect(await send(VCF, { vcf: VCF.toString() })).toMatchObject({ userErrors: [{ code: 'INVALID', field: 'file' }] });
  });

  it('that is not in the request is told', async () => {
    const { data } = await post([
      ['operations', operations()],
      ['map', '{"0":["variables.input.file"]}'],
    ]);
    expect(data.importGenotype.userErrors).toMatchObject([{ code: 'INVALID', field: 'file' }]);
  });

  it('is not taken from a page of another site', async () => {
    const { status } = await post(
      [
        ['operations', operations()],
        ['map', '{}'],
      ],
      {},
    );
    expect(status).toBe(400);
  });

  it.each<[string, readonly (readonly [string, string | Blob])[], number]>([
    [
      'the operation is not JSON',
      [
        ['operations', '{'],
        ['map', '{}'],
      ],
      400,
    ],
    ['the map is missing', [['operations', operations()]], 400],
    [
      'there are two files',
      [
        ['operations', operations()],
        ['map', '{"0":["variables.input.file"],"1":["variables.input.vcf"]}'],
      ],
      413,
    ],
    [
      'the path leads nowhere',
      [
        ['operations', operations()],
        ['map', '{"0":["variables.nothing.file"]}'],
      ],
      400,
    ],
    [
      'the path is a trick',
      [
        ['operations', operations()],
        ['map', '{"0":["variables.__proto__.file"]}'],
      ],
      400,
    ],
  ])('is refused where %s', async (_what, parts, status) => {
    const answered = await post(parts);
    expect([answered.status, answered.errors?.[0]?.extensions.code]).toEqual([status, 'BAD_REQUEST']);
  });

  it('that no operation asks for passes by, and the next request is answered', async () => {
    const wrong = await post([
      ['operations', operations({}, 'mutation { nothing }')],
      ['map', '{"0":["variables.input.file"]}'],
      ['0', new Blob([Buffer.alloc(20_000_000, '#\n')])],
    ]);
    expect([wrong.status, wrong.errors?.[0]?.extensions.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
    expect((await send(VCF)).userErrors).toEqual([]);
  });
});
