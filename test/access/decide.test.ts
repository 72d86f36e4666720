/** What an actor may see of a patient, by role, token, consent and emergency: the rules themselves. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Actor, DEMO_CLINICIAN, PURPOSES, ROLES, systemActor } from '../../src/access/actor.ts';
import { agrees, nextChange } from '../../src/access/consent.ts';
import { decide, type PatientFacts } from '../../src/access/decide.ts';
import { explainDecision } from '../../src/access/explainDecision.ts';
import { covers, scopesOf } from '../../src/access/scopes.ts';
import { isSensitive } from '../../src/patients/dataCategories.ts';
import { CONSENT_CATEGORIES, CONSENT_PURPOSES, type Consent } from '../../src/patients/record.ts';

const NOW = '2026-06-01T12:00:00.000Z';

function actor(role: Actor['role'], more: Partial<Actor> = {}): Actor {
  return { ...systemActor(`test|${role}`), role, purpose: PURPOSES[role][0], ...(role === 'PATIENT' && { patient: 'P-1' }), ...more };
}

let made = 0;
function consent(purpose: Consent['purpose'], category: Consent['category'], granted: boolean, more: Partial<Consent> = {}): Consent {
  made += 1;
  const from = '2026-01-01T00:00:00.000Z';
  return {
    id: `c${made}`,
    purpose,
    category,
    granted,
    from,
    until: null,
    recordedAt: '',
    recordedBy: null,
    openedBy: null,
    reason: null,
    ...more,
  };
}

const patient = (consents: readonly Consent[] = [], more: Partial<PatientFacts> = {}): PatientFacts => ({
  id: 'surrogate',
  identifier: 'P-1',
  site: 'ward 3',
  synthetic: false,
  consents,
  ...more,
});

const sees = (who: Actor, of: PatientFacts, now = NOW) => [...decide(who, of, now).sees].sort().join(' ');
const ALL = 'CLINICAL GENOMIC IDENTIFIERS SENSITIVE';
const RESEARCH = consent('RESEARCH', 'ALL', true);

describe('a role', () => {
  it.each([
    ['CLINICIAN', ALL],
    ['ANALYST', ''],
    ['PATIENT', ALL],
    ['DEVICE', ''],
    ['OPERATOR', ''],
    ['SYSTEM', ALL],
  ] as const)('%s sees of a patient who has said nothing: %s', (role, expected) => {
    expect(sees(actor(role), patient())).toBe(expected);
  });

  it('of the analyst never sees identifiers or sensitive conditions, and says so', () => {
    const { sees: seen, withheld } = decide(actor('ANALYST'), patient([RESEARCH]), NOW);
    expect([...seen].sort()).toEqual(['CLINICAL', 'GENOMIC']);
    expect(withheld).toEqual([
      { category: 'IDENTIFIERS', reason: 'ROLE' },
      { category: 'SENSITIVE', reason: 'ROLE' },
    ]);
  });

  it('of the patient sees the own record only, whatever the patient refused others', () => {
    const refusing = patient([consent('TREATMENT', 'ALL', false), consent('RESEARCH', 'ALL', false)]);
    expect(sees(actor('PATIENT'), refusing)).toBe(ALL);
    expect(decide(actor('PATIENT', { patient: 'P-2' }), patient(), NOW).denial).toBe('OTHER_PATIENT');
  });
});

describe('a token', () => {
  it('for units lets in to their patients only', () => {
    const ward = actor('CLINICIAN', { sites: ['ward 3'] });
    expect([sees(ward, patient()), decide(ward, patient([], { site: 'ward 4' }), NOW).denial]).toEqual([ALL, 'OTHER_SITE']);
    expect(decide(ward, patient([], { site: null }), NOW).denial).toBe('OTHER_SITE');
  });

  it('that is none lets in to made-up patients only', () => {
    expect(decide(DEMO_CLINICIAN, patient(), NOW).denial).toBe('NOT_SYNTHETIC');
    expect(sees(DEMO_CLINICIAN, patient([], { synthetic: true }))).toBe(ALL);
  });

  it('about one patient lets in to that one', () => {
    const launched = actor('CLINICIAN', { patient: 'P-1' });
    expect([sees(launched, patient()), decide(launched, patient([], { identifier: 'P-2' }), NOW).denial]).toEqual([ALL, 'OTHER_PATIENT']);
  });
});

describe('consent', () => {
  it('holds back what is refused for the purpose, and nothing else', () => {
    const clinician = actor('CLINICIAN');
    expect(decide(clinician, patient([consent('TREATMENT', 'ALL', false)]), NOW).denial).toBe('CONSENT');
    expect(sees(clinician, patient([consent('TREATMENT', 'GENOMIC', false)]))).toBe('CLINICAL IDENTIFIERS SENSITIVE');
    expect(sees(clinician, patient([consent('RESEARCH', 'ALL', false)]))).toBe(ALL);
    expect(sees(actor('ANALYST'), patient([RESEARCH, consent('RESEARCH', 'GENOMIC', false)]))).toBe('CLINICAL');
  });

  it('stands until a later one takes its place, and within its period', () => {
    const withdrawn = consent('RESEARCH', 'ALL', false, { from: '2026-05-01T00:00:00.000Z' });
    expect(sees(actor('ANALYST'), patient([RESEARCH, withdrawn]))).toBe('');
    expect(sees(actor('ANALYST'), patient([withdrawn, RESEARCH]), '2026-04-01T00:00:00.000Z')).toBe('CLINICAL GENOMIC');
    const ended = consent('RESEARCH', 'ALL', true, { until: '2026-05-31T00:00:00.000Z' });
    expect(sees(actor('ANALYST'), patient([ended]))).toBe('');
    expect(nextChange([ended, withdrawn], '2026-04-01T00:00:00.000Z')).toBe('2026-05-01T00:00:00.000Z');
  });

  const anyConsent = fc.record({
    purpose: fc.constantFrom(...CONSENT_PURPOSES),
    category: fc.constantFrom(...CONSENT_CATEGORIES),
    granted: fc.boolean(),
    from: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z', '2026-07-01T00:00:00.000Z'),
    until: fc.constantFrom(null, '2026-02-01T00:00:00.000Z', '2026-08-01T00:00:00.000Z'),
    recordedAt: fc.constantFrom('', '2026-03-02T00:00:00.000Z'),
  });

  it('never shows a category of what is refused as a whole, nor research without a yes', () => {
    fc.assert(
      fc.property(fc.array(anyConsent, { maxLength: 6 }), fc.constantFrom(...CONSENT_PURPOSES), (given, purpose) => {
        const consents = given.map((one, index) => ({ ...one, id: String(index), recordedBy: null, openedBy: null, reason: null }));
        const all = agrees(consents, purpose, 'ALL', NOW);
        if (!all) expect(agrees(consents, purpose, 'GENOMIC', NOW)).toBe(false);
        const yes = consents.some(
          ({ granted, purpose: of, from, until }) => granted && of === purpose && from <= NOW && (until ?? '9') > NOW,
        );
        if (purpose === 'RESEARCH' && !yes) expect(all).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });

  it('decides the same until the time that the decision names', () => {
    const times = fc.integer({ min: 0, max: 300 }).map((days) => new Date(Date.parse('2026-01-01') + days * 86_400_000).toISOString());
    fc.assert(
      fc.property(fc.array(anyConsent, { maxLength: 6 }), fc.constantFrom(...ROLES), times, times, (given, role, now, later) => {
        const of = patient(given.map((one, index) => ({ ...one, id: String(index), recordedBy: null, openedBy: null, reason: null })));
        const { until } = decide(actor(role), of, now);
        if (later >= now && (until === null || later < until)) expect(sees(actor(role), of, later)).toBe(sees(actor(role), of, now));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an emergency', () => {
  const opened = (by: string) =>
    consent('EMERGENCY', 'ALL', true, {
      from: '2026-06-01T11:50:00.000Z',
      until: '2026-06-01T12:50:00.000Z',
      openedBy: by,
      reason: 'unconscious',
    });

  it('opens a record to whoever opened it, for as long as it lasts, and to nobody else', () => {
    const clinician = actor('CLINICIAN', { sites: ['ward 9'] });
    const refusing = patient([consent('TREATMENT', 'ALL', false), opened(clinician.id)]);
    expect(decide(clinician, refusing, NOW)).toMatchObject({ denial: null, emergency: true, until: '2026-06-01T12:50:00.000Z' });
    expect(decide(clinician, refusing, '2026-06-01T12:50:00.000Z').denial).toBe('OTHER_SITE');
    expect(decide(actor('CLINICIAN', { id: 'another' }), refusing, NOW).denial).toBe('CONSENT');
  });

  it('is no consent to research', () => {
    expect(sees(actor('ANALYST'), patient([opened('somebody')]))).toBe('');
  });
});

describe('scopes', () => {
  it('are read as SMART writes them, the older form too; others say nothing', () => {
    expect(scopesOf('openid launch/patient user/Observation.rs patient/*.read system/Patient.cruds user/Nothing.r user/*.sr')).toEqual([
      { context: 'user', resource: 'Observation', letters: 'rs' },
      { context: 'patient', resource: '*', letters: 'rs' },
      { context: 'system', resource: 'Patient', letters: 'cruds' },
    ]);
  });

  it('cover what they name and no more', () => {
    const scopes = scopesOf('user/Observation.rs user/Consent.c');
    expect([covers(scopes, 'Observation', 'r'), covers(scopes, 'Observation', 'c'), covers(scopes, 'Patient', 'r')]).toEqual([
      true,
      false,
      false,
    ]);
    expect([covers(scopes, 'Consent', 'c'), covers([], 'Patient', 'r')]).toEqual([true, false]);
  });
});

describe('a condition', () => {
  it.each([
    ['F32.1', true],
    ['F10.20', true],
    ['F17.210', false],
    ['B20', true],
    ['E11.9', false],
    ['I48.0', false],
    ['T74.11XA', true],
  ])('%s is sensitive: %s', (code, expected) => {
    expect(isSensitive({ system: 'ICD-10-CM', code })).toBe(expected);
  });

  it('of a code system without a list here is taken for sensitive', () => {
    expect(isSensitive({ system: 'SNOMED', code: '44054006' })).toBe(true);
  });
});

describe('why', () => {
  const why = (asker: Actor, ...consents: Consent[]) => explainDecision(asker, patient(consents), NOW).because;

  it('is told in the order in which it is decided', () => {
    expect(why(actor('ANALYST'))).toEqual([
      'A ANALYST is shown CLINICAL, GENOMIC at most.',
      'For RESEARCH it must have been granted: of all data no, of genotypes no, of sensitive conditions no.',
      'So nothing is shown.',
    ]);
    expect(why(actor('CLINICIAN'), consent('TREATMENT', 'GENOMIC', false, { until: '2026-09-01T00:00:00.000Z' }))).toEqual([
      'A CLINICIAN is shown CLINICAL, IDENTIFIERS, GENOMIC, SENSITIVE at most.',
      'For TREATMENT it is agreed to unless it was refused: of all data yes, of genotypes no, of sensitive conditions yes.',
      'Shown: CLINICAL, IDENTIFIERS, SENSITIVE.',
      'GENOMIC is held back: the patient does not agree.',
      'By the clock alone this holds until 2026-09-01T00:00:00.000Z.',
    ]);
    expect(why(actor('OPERATOR')).at(-1)).toBe('Nobody in this role is shown a patient.');
    expect(why(actor('CLINICIAN', { sites: ['ward 4'] })).at(-1)).toBe('The patient is of another unit than those of the token.');
    expect(why(actor('PATIENT', { patient: 'P-2' })).at(-1)).toBe('The token is about another patient.');
  });

  it('is the decision itself, whoever asks and whatever was agreed to', () => {
    const consents = [consent('RESEARCH', 'ALL', true), consent('TREATMENT', 'ALL', false), consent('EMERGENCY', 'ALL', true)];
    for (const role of ROLES) {
      const { because, ...decision } = explainDecision(actor(role), patient(consents), NOW);
      expect(decision).toEqual(decide(actor(role), patient(consents), NOW));
      expect(because.length).toBeGreaterThan(1);
    }
    const opened = consent('EMERGENCY', 'ALL', true, { openedBy: 'test|CLINICIAN', until: '2026-06-01T13:00:00.000Z' });
    expect(why(actor('CLINICIAN'), opened, consent('TREATMENT', 'ALL', false))).toContain(
      'The record is open to this person in an emergency.',
    );
  });
});
