/**
 * The events of a patient, by type, each with its payload at the present version and the upcasters from older ones.
 * A payload is checked when it is read back, so that a damaged or unknown event stops the projection instead of
 * writing half of itself.
 */
import { z } from 'zod';
import { AvicennaError } from '../errors.ts';
import { CONSENT_CATEGORIES, CONSENT_PURPOSES, OUTCOME_KINDS, RACES, SEVERITIES, SEXES } from './record.ts';

const text = z.string();
const textOrNull = z.string().nullable();
const numberOrNull = z.number().nullable();

const diplotype = z.object({ alleles: z.array(text), phenotype: textOrNull, activityScore: textOrNull, lookupKey: textOrNull });
const geneCall = z.object({
  gene: text,
  status: z.enum(['CALLED', 'NO_CALL', 'NOT_TESTED']),
  source: z.enum(['VCF', 'OUTSIDE']),
  phased: z.boolean(),
  diplotypes: z.array(diplotype),
  evidence: z.array(
    z.object({ rsid: text, location: text, state: z.enum(['SEEN', 'MISSING', 'UNREADABLE']), bases: textOrNull, decides: text }),
  ),
  missing: z.array(text),
  warnings: z.array(z.object({ code: text, message: text })),
});

export const payloads = {
  'patient.registered': z.object({
    identifier: text,
    birthDate: text,
    sexAtBirth: z.enum(SEXES),
    race: z.enum(RACES),
    ancestry: textOrNull,
    synthetic: z.boolean(),
    story: textOrNull,
    consents: z.array(
      z.object({
        id: text,
        purpose: z.enum(CONSENT_PURPOSES),
        category: z.enum(CONSENT_CATEGORIES),
        granted: z.boolean(),
        from: text,
        until: textOrNull,
      }),
    ),
  }),
  'observations.recorded': z.object({
    observations: z.array(
      z.object({
        id: text,
        code: text,
        system: text,
        label: text,
        value: numberOrNull,
        text: textOrNull,
        unit: textOrNull,
        observedAt: text,
      }),
    ),
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
  'patient.registered': 1,
  'observations.recorded': 1,
  'condition.recorded': 1,
  'allergy.recorded': 1,
  'imaging.recorded': 1,
  'outcome.recorded': 1,
  'medication.started': 1,
  'medication.stopped': 1,
  'genotype.imported': 1,
};

type Upcaster = (payload: unknown, version: number) => unknown;

/** One upcaster per type, from any older version to the present one; none is needed while every type is at 1. */
const upcasters: Partial<Record<PatientEventType, Upcaster>> = {};

export function isPatientEventType(type: string): type is PatientEventType {
  return Object.hasOwn(payloads, type);
}

/** The event at the present version. Throws PROJECTION_HALTED for a version from the future or a payload that does not fit. */
export function readPatientEvent(type: PatientEventType, version: number, raw: unknown): PatientEvent {
  const current = EVENT_VERSION[type];
  if (version > current)
    throw new AvicennaError('PROJECTION_HALTED', `Event type ${type} version ${version} is newer than this program (${current}).`);
  const payload = version < current ? (upcasters[type]?.(raw, version) ?? raw) : raw;
  const parsed = payloads[type].safeParse(payload);
  if (!parsed.success)
    throw new AvicennaError('PROJECTION_HALTED', `The payload of an event of type ${type} version ${version} does not fit its type.`);
  return { type, payload: parsed.data } as PatientEvent;
}
