/** Patients who have agreed to this and that, at a server, and the tokens of those who ask for them. */
import { toGlobalId } from '../../src/graphql/ids.ts';
import type { TokenRole } from '../../src/http/developmentTokens.ts';
import type { Consent } from '../../src/patients/record.ts';
import { accepted, commandsTo } from '../support/commands.ts';
import { freshKey, type TestServer } from '../support/server.ts';
import { SCORE_7, vitalSigns } from '../support/vitalSigns.ts';

export const SAID = {
  NOTHING: [],
  RESEARCH: [['RESEARCH', 'ALL', true]],
  RESEARCH_WITHOUT_GENOMES: [
    ['RESEARCH', 'ALL', true],
    ['RESEARCH', 'GENOMIC', false],
  ],
  NO_TREATMENT: [['TREATMENT', 'ALL', false]],
  NO_GENOMES: [['TREATMENT', 'GENOMIC', false]],
  NO_SENSITIVE: [['TREATMENT', 'SENSITIVE', false]],
  NO_EMERGENCY: [
    ['TREATMENT', 'ALL', false],
    ['EMERGENCY', 'ALL', false],
  ],
} as const satisfies Record<string, readonly (readonly [Consent['purpose'], Consent['category'], boolean])[]>;
export type Said = keyof typeof SAID;

export interface Person {
  readonly identifier: string;
  readonly surrogate: string;
  readonly said: Said;
}

/** The global id. */
export const idOf = ({ surrogate }: Person): string => toGlobalId('Patient', surrogate);

/** A patient with something in each part of the record; `synthetic: false` makes one who counts as real. */
export async function enter(
  server: TestServer,
  said: Said,
  more: { readonly site?: string; readonly synthetic?: boolean } = {},
): Promise<Person> {
  const commands = commandsTo(server.platform);
  const identifier = `CANARY-${said}-${freshKey()}`.slice(0, 60);
  const from = '2026-01-01T00:00:00.000Z';
  const consents = SAID[said].map(([purpose, category, granted]) => ({ purpose, category, granted, from, until: null }));
  const person = {
    identifier,
    birthDate: '1951-11-17',
    sexAtBirth: 'FEMALE',
    race: 'WHITE',
    site: 'ward 3',
    story: 'CANARY-STORY',
  } as const;
  const { patient } = accepted(await commands.register({ ...person, consents, synthetic: false, ...more }));
  const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  accepted(await commands.observe(patient, [{ code: '29463-7', value: 71, unit: 'kg', observedAt: ago(90) }]));
  accepted(await commands.observe(patient, vitalSigns(ago(60), SCORE_7)));
  accepted(await commands.start(patient, { drug: 'warfarin', startedAt: ago(80), doseText: 'CANARY-DOSE' }));
  accepted(await commands.genotype(patient, { outsideCalls: [{ gene: 'CYP2C9', diplotype: '*2/*3' }] }));
  await server.platform.projector.settle(60_000);
  return { identifier, surrogate: patient, said };
}

/** A token for each role; the patient's is of the person. */
export async function tokensFor(server: TestServer, person: Person): Promise<Readonly<Record<TokenRole, string>>> {
  const one = (role: TokenRole) => server.token({ role, ...(role === 'PATIENT' && { patient: person.identifier }) });
  return {
    CLINICIAN: await one('CLINICIAN'),
    ANALYST: await one('ANALYST'),
    PATIENT: await one('PATIENT'),
    DEVICE: await one('DEVICE'),
    OPERATOR: await one('OPERATOR'),
  };
}
