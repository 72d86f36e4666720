/**
 * The events of a patient, by type, each with its payload at the present version and the upcasters from older ones.
 * A payload is checked when it is read back, so that a damaged or unknown event stops the projection instead of
 * writing half of itself.
 */
import { z } from 'zod';
import { AvicennaError } from '../errors.ts';
import { CALL_WARNINGS } from '../genotypes/call.ts';
import { ruleOf } from '../genotypes/genes/index.ts';
import {
  COPY_NUMBER_CALLS,
  SIGNATURE_RESULTS,
  SIGNATURES,
  VARIANT_CLASSIFICATIONS,
  VARIANT_CONSEQUENCES,
  VARIANT_ORIGINS,
} from './molecularProfile.ts';
import {
  CONSENT_CATEGORIES,
  CONSENT_PURPOSES,
  ERASURE_REASONS,
  OBSERVATION_FLAGS,
  OUTCOME_KINDS,
  OVERRIDE_REASONS,
  OVERRIDE_SUBJECTS,
  RACES,
  SEVERITIES,
  SEXES,
} from './record.ts';
import { USER_ERROR_CODES } from './userError.ts';

const text = z.string();
const WARNING_CODES = Object.keys(CALL_WARNINGS) as (keyof typeof CALL_WARNINGS)[];
const textOrNull = z.string().nullable();
const numberOrNull = z.number().nullable();

const diplotype = z.object({ alleles: z.array(text), phenotype: textOrNull, activityScore: textOrNull, lookupKey: textOrNull });
const geneCall = z.object({
  gene: text,
  status: z.enum(['CALLED', 'NO_CALL', 'NOT_TESTED']),
  source: z.enum(['VCF', 'OUTSIDE']),
  phased: z.boolean(),
  diplotypes: z.array(diplotype),
  variants: z.array(text),
  lookup: z.array(diplotype),
  alsoFit: z.array(diplotype),
  evidence: z.array(
    z.object({
      rsid: text,
      location: text,
      state: z.enum(['SEEN', 'MISSING', 'UNREADABLE']),
      bases: textOrNull,
      phaseSet: textOrNull,
      decides: text,
    }),
  ),
  missing: z.array(text),
  warnings: z.array(z.object({ code: z.enum(WARNING_CODES), message: text })),
});

const consent = z.object({
  id: text,
  purpose: z.enum(CONSENT_PURPOSES),
  category: z.enum(CONSENT_CATEGORIES),
  granted: z.boolean(),
  from: text,
  until: textOrNull,
});

export const payloads = {
  'patient.registered': z.object({
    identifier: text,
    birthDate: text,
    sexAtBirth: z.enum(SEXES),
    race: z.enum(RACES),
    ancestry: textOrNull,
    site: textOrNull,
    synthetic: z.boolean(),
    story: textOrNull,
    consents: z.array(consent),
  }),
  'observations.recorded': z.object({
    observations: z.array(
      z.object({
        id: text,
        /** Its place in what was sent. */
        index: z.number(),
        code: text,
        system: text,
        label: text,
        value: numberOrNull,
        text: textOrNull,
        unit: textOrNull,
        device: textOrNull,
        flag: z.enum(OBSERVATION_FLAGS).nullable(),
        observedAt: text,
      }),
    ),
    /** What was sent with them and not taken: a command sent again is answered as at first. */
    refused: z.array(z.object({ code: z.enum(USER_ERROR_CODES), field: text, index: numberOrNull, message: text })),
  }),
  'condition.recorded': z.object({ id: text, code: text, system: text, label: text, onsetAt: text, abatedAt: textOrNull }),
  'allergy.recorded': z.object({ id: text, substance: text, reaction: textOrNull, severity: z.enum(SEVERITIES) }),
  'imaging.recorded': z.object({
    id: text,
    modality: text,
    bodySite: text,
    studiedAt: text,
    findings: z.array(z.object({ name: text, value: numberOrNull, unit: textOrNull, text: textOrNull })),
  }),
  'outcome.recorded': z.object({
    id: text,
    kind: z.enum(OUTCOME_KINDS),
    value: numberOrNull,
    unit: textOrNull,
    text: textOrNull,
    model: textOrNull,
    observedAt: text,
  }),
  'medication.started': z.object({ id: text, name: text, rxcui: textOrNull, doseText: textOrNull, startedAt: text }),
  'medication.stopped': z.object({ medicationId: text, stoppedAt: text, reason: textOrNull }),
  'genotype.imported': z.object({ sample: textOrNull, fileDigest: textOrNull, release: text, calls: z.array(geneCall) }),
  /** One assay's report on a tumour. */
  'molecularProfile.imported': z.object({
    id: text,
    assay: text,
    specimen: textOrNull,
    tumour: textOrNull,
    replaces: textOrNull,
    reportedAt: text,
    genesTested: z.array(text).nullable(),
    fusionsTested: z.array(text).nullable(),
    copiesTested: z.array(text).nullable(),
    variants: z.array(
      z.object({
        id: text,
        gene: text,
        proteinChange: textOrNull,
        codingChange: textOrNull,
        consequence: z.enum(VARIANT_CONSEQUENCES).nullable(),
        exon: numberOrNull,
        origin: z.enum(VARIANT_ORIGINS),
        classification: z.enum(VARIANT_CLASSIFICATIONS).nullable(),
        alleleFraction: numberOrNull,
      }),
    ),
    fusions: z.array(z.object({ id: text, fivePrime: textOrNull, threePrime: textOrNull })),
    copyNumbers: z.array(z.object({ id: text, gene: text, call: z.enum(COPY_NUMBER_CALLS), copies: numberOrNull })),
    signatures: z.array(z.object({ id: text, name: z.enum(SIGNATURES), result: z.enum(SIGNATURE_RESULTS), value: numberOrNull })),
  }),
  /** What the patient agreed to or refused, from a time on. */
  'consent.set': consent,
  /** Somebody has opened the record in an emergency: it is the event's actor who may see it until then. */
  'emergency.opened': z.object({ id: text, reason: text, from: text, until: text }),
  /** Nothing of the patient can be read any more; this one event stays. */
  'patient.erased': z.object({ reason: z.enum(ERASURE_REASONS) }),
  /** Somebody has taken an alert upon themselves; `rule` and `severity` are the alert's, `shown` is its last event's payload, left out by older ones. */
  'alert.acknowledged': z.object({ alert: text, rule: text, severity: text, note: textOrNull, shown: text.optional() }),
  /** What was shown was not followed; `key` is the alert's id, the drug's or the model's name. */
  'recommendation.overridden': z.object({
    id: text,
    subject: z.enum(OVERRIDE_SUBJECTS),
    key: text,
    shown: text,
    reason: z.enum(OVERRIDE_REASONS),
    note: textOrNull,
    instead: textOrNull,
  }),
} as const;

export type PatientEventType = keyof typeof payloads;
type DeepReadonly<T> = T extends (infer U)[]
  ? readonly DeepReadonly<U>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;
export type PatientEvent = {
  [T in PatientEventType]: { readonly type: T; readonly payload: DeepReadonly<z.infer<(typeof payloads)[T]>> };
}[PatientEventType];

/** The version written now, by type. */
export const EVENT_VERSION: Readonly<Record<PatientEventType, number>> = {
  'patient.registered': 2,
  'observations.recorded': 2,
  'condition.recorded': 1,
  'allergy.recorded': 1,
  'imaging.recorded': 1,
  'outcome.recorded': 1,
  'medication.started': 1,
  'medication.stopped': 1,
  'genotype.imported': 2,
  'molecularProfile.imported': 2,
  'consent.set': 1,
  'emergency.opened': 1,
  'patient.erased': 1,
  'alert.acknowledged': 1,
  'recommendation.overridden': 1,
};

type Upcaster = (payload: unknown, version: number) => unknown;

const callVersion1 = z.looseObject({
  gene: text,
  diplotypes: z.array(diplotype),
  evidence: z.array(z.looseObject({})),
  warnings: z.array(z.looseObject({ code: text })),
});

/** Version 1 looked guidance up with the diplotypes themselves, and knew no phase sets and fewer warnings. */
function upcastGenotype(payload: unknown): unknown {
  const { calls, ...rest } = z.looseObject({ calls: z.array(callVersion1) }).parse(payload);
  const renamed = (code: string) => (code === 'LIMITED_POSITIONS' ? 'NOT_ALL_VARIANTS' : code);
  const lookup = (gene: string, one: z.infer<typeof diplotype>) =>
    ruleOf(gene)
      .statuses?.(one.alleles)
      .map((status) => ({ ...one, phenotype: status, lookupKey: status })) ?? [one];
  return {
    ...rest,
    calls: calls.map((call) => ({
      ...call,
      lookup: call.diplotypes.flatMap((one) => lookup(call.gene, one)),
      variants: [],
      alsoFit: [],
      evidence: call.evidence.map((one) => ({ ...one, phaseSet: null })),
      warnings: call.warnings.map((warning) => ({ ...warning, code: renamed(warning.code) })),
    })),
  };
}

const observationsVersion1 = z.looseObject({ observations: z.array(z.looseObject({})) });

/** Version 1 knew no devices, and took all of a batch or none. */
function upcastObservations(payload: unknown): unknown {
  const { observations } = observationsVersion1.parse(payload);
  return { observations: observations.map((one, index) => ({ ...one, index, device: null, flag: null })), refused: [] };
}

/** Version 1 knew no sites. */
const upcastRegistration = (payload: unknown): unknown => ({ ...z.looseObject({}).parse(payload), site: null });

const reportVersion1 = z.looseObject({ variants: z.array(z.looseObject({})) });

/** Version 1 knew no tumour, no correction and no classification of variants. */
function upcastReport(payload: unknown): unknown {
  const report = reportVersion1.parse(payload);
  return { ...report, tumour: null, replaces: null, variants: report.variants.map((one) => ({ ...one, classification: null })) };
}

/** One upcaster per type, from any older version to the present one. */
const upcasters: Partial<Record<PatientEventType, Upcaster>> = {
  'patient.registered': upcastRegistration,
  'observations.recorded': upcastObservations,
  'genotype.imported': upcastGenotype,
  'molecularProfile.imported': upcastReport,
};

export function isPatientEventType(type: string): type is PatientEventType {
  return Object.hasOwn(payloads, type);
}

/** The payload in the present form; undefined, which no type accepts, where an old one is damaged. */
function upcast(type: PatientEventType, version: number, raw: unknown): unknown {
  if (version === EVENT_VERSION[type]) return raw;
  try {
    return upcasters[type]?.(raw, version) ?? raw;
  } catch {
    return undefined;
  }
}

/** The event at the present version. Throws PROJECTION_HALTED for a version from the future, EVENT_INVALID for a payload that does not fit. */
export function readPatientEvent(type: PatientEventType, version: number, raw: unknown): PatientEvent {
  const current = EVENT_VERSION[type];
  if (version > current)
    throw new AvicennaError('PROJECTION_HALTED', `Event type ${type} version ${version} is newer than this program (${current}).`);
  const parsed = payloads[type].safeParse(upcast(type, version, raw));
  if (!parsed.success)
    throw new AvicennaError('EVENT_INVALID', `The payload of an event of type ${type} version ${version} does not fit its type.`);
  return { type, payload: parsed.data } as PatientEvent;
}
