/** The synthetic demo patients of graph-seed/, entered through the same commands as anyone else's. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AvicennaError, faultsInWords } from '../errors.ts';
import { genotypeKnowledge } from '../knowledge/genotypePanel.ts';
import { drugsNamed } from '../knowledge/names.ts';
import type { Decision, PatientContext } from '../patients/commands/decision.ts';
import { readGenotypeText } from '../patients/commands/genotypeFile.ts';
import { decideImportGenotype, type SentGenotypes } from '../patients/commands/importGenotype.ts';
import { decideImportMolecularProfile } from '../patients/commands/importMolecularProfile.ts';
import { decideStartMedication, decideStopMedication } from '../patients/commands/medications.ts';
import {
  decideRecordAllergy,
  decideRecordCondition,
  decideRecordImaging,
  decideRecordOutcome,
} from '../patients/commands/recordFindings.ts';
import { decideRecordObservations } from '../patients/commands/recordObservations.ts';
import {
  COPY_NUMBER_CALLS,
  SIGNATURE_RESULTS,
  SIGNATURES,
  VARIANT_CLASSIFICATIONS,
  VARIANT_ORIGINS,
} from '../patients/molecularProfile.ts';
import { CONSENT_CATEGORIES, CONSENT_PURPOSES, OUTCOME_KINDS, RACES, SEVERITIES, SEXES } from '../patients/record.ts';
import { Intake, type Submitted } from '../projection/intake.ts';
import type { OpenPlatform } from './openPlatform.ts';
import { loadTrials } from './trialFiles.ts';

const text = z.string();
const optional = text.nullish();
const number = z.number().nullish();
const demoPatient = z
  .object({
    identifier: text,
    synthetic: z.literal(true),
    title: text,
    story: text,
    birthDate: text,
    sexAtBirth: z.enum(SEXES),
    race: z.enum(RACES),
    ancestry: optional,
    consents: z
      .array(
        z.object({
          purpose: z.enum(CONSENT_PURPOSES),
          category: z.enum(CONSENT_CATEGORIES),
          granted: z.boolean(),
          from: text,
          until: text.nullable(),
        }),
      )
      .default([]),
    observations: z
      .array(z.object({ code: text, value: number, text: optional, unit: optional, label: optional, observedAt: text }))
      .default([]),
    medications: z.array(z.object({ drug: text, doseText: optional, startedAt: text, stoppedAt: optional })).default([]),
    conditions: z.array(z.object({ code: text, system: text, label: text, onsetAt: text, abatedAt: optional })).default([]),
    allergies: z.array(z.object({ substance: text, reaction: optional, severity: z.enum(SEVERITIES) })).default([]),
    imaging: z
      .array(
        z.object({
          modality: text,
          bodySite: text,
          studiedAt: text,
          findings: z.array(z.object({ name: text, value: number, unit: optional, text: optional })),
        }),
      )
      .default([]),
    outcomes: z
      .array(z.object({ kind: z.enum(OUTCOME_KINDS), value: number, unit: optional, text: optional, model: optional, observedAt: text }))
      .default([]),
    vcf: optional,
    molecular: z
      .array(
        z.object({
          assay: text,
          specimen: optional,
          tumour: optional,
          reportedAt: text,
          genesTested: z.array(text).nullish(),
          fusionsTested: z.array(text).nullish(),
          copiesTested: z.array(text).nullish(),
          variants: z
            .array(
              z.object({
                gene: text,
                proteinChange: text,
                origin: z.enum(VARIANT_ORIGINS).nullish(),
                classification: z.enum(VARIANT_CLASSIFICATIONS).nullish(),
                alleleFraction: number,
              }),
            )
            .default([]),
          fusions: z.array(z.object({ fivePrime: optional, threePrime: optional })).default([]),
          copyNumbers: z.array(z.object({ gene: text, call: z.enum(COPY_NUMBER_CALLS), copies: number })).default([]),
          signatures: z.array(z.object({ name: z.enum(SIGNATURES), result: z.enum(SIGNATURE_RESULTS), value: number })).default([]),
        }),
      )
      .default([]),
    diplotypes: z.array(z.object({ gene: text, diplotype: text })).default([]),
  })
  .loose();
type DemoPatient = z.infer<typeof demoPatient>;

export const DEMO_SEED = { id: 'demo-seed', purpose: 'TREATMENT' } as const;

export function readDemoPatients(folder: string): { readonly patient: DemoPatient; readonly vcf: string | null }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const file = join(folder, name);
      const parsed = demoPatient.safeParse(JSON.parse(readFileSync(file, 'utf8')));
      if (!parsed.success) throw new AvicennaError('TABLE_INVALID', faultsInWords(parsed.error), file);
      return { patient: parsed.data, vcf: parsed.data.vcf ? readFileSync(join(folder, parsed.data.vcf), 'utf8') : null };
    });
}

/** The instant that a story is entered at: now, or its latest date where this machine's clock is behind it. */
function storyTime(patient: DemoPatient): Date {
  const dates = JSON.stringify(patient).match(/\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?/g) ?? [];
  const latest = Math.max(...dates.map((date) => new Date(date).getTime()));
  return new Date(Math.max(Date.now(), latest));
}

class StoryTeller {
  readonly #platform: OpenPlatform;
  readonly #intake: Intake;
  readonly #file: string;

  constructor(platform: OpenPlatform, patient: DemoPatient) {
    this.#platform = platform;
    this.#file = patient.identifier;
    this.#intake = new Intake({ ...platform, now: () => storyTime(patient) });
  }

  #command(name: string, input: unknown) {
    const digest = createHash('sha256')
      .update(JSON.stringify([name, input]))
      .digest('hex')
      .slice(0, 32);
    return { actor: DEMO_SEED, idempotencyKey: `demo-${digest}`, name, input };
  }

  #check(submitted: Submitted): string {
    if ('userErrors' in submitted) {
      const [error] = submitted.userErrors;
      throw new AvicennaError('TABLE_INVALID', `${error?.field}: ${error?.message}`, this.#file);
    }
    return submitted.patient;
  }

  async register(patient: DemoPatient): Promise<string> {
    const { identifier, birthDate, sexAtBirth, race, ancestry, consents, story, title } = patient;
    const input = { identifier, birthDate, sexAtBirth, race, ancestry, consents, synthetic: true, story: `${title}. ${story}` };
    return this.#check(await this.#intake.register(this.#command('registerPatient', input), input));
  }

  async tell(
    patient: string,
    name: string,
    input: unknown,
    decide: (context: PatientContext) => Promise<Decision> | Decision,
  ): Promise<void> {
    this.#check(await this.#intake.submit(this.#command(name, input), patient, decide));
  }

  async genotype(patient: string, vcf: string | null, outsideCalls: DemoPatient['diplotypes']): Promise<void> {
    if (vcf === null && outsideCalls.length === 0) return;
    const { knowledge } = this.#platform;
    const calling = genotypeKnowledge(knowledge);
    const sent: SentGenotypes | null = vcf === null ? null : { field: 'vcf', file: await readGenotypeText(vcf, calling.panel.positions) };
    await this.tell(patient, 'importGenotype', { vcf, outsideCalls }, (context) =>
      decideImportGenotype({ outsideCalls }, sent, context, calling),
    );
  }

  async medication(patient: string, medication: DemoPatient['medications'][number]): Promise<void> {
    const started = this.#command('startMedication', medication);
    const submitted = await this.#intake.submit(started, patient, (context) =>
      decideStartMedication(medication, context, (term) => drugsNamed(this.#platform.knowledge, term)),
    );
    this.#check(submitted);
    const { stoppedAt } = medication;
    if (!stoppedAt) return;
    await this.tell(patient, 'stopMedication', medication, (context) => {
      const taken = context.record.medications.find(
        ({ startedAt, stoppedAt: ended }) => startedAt === new Date(medication.startedAt).toISOString() && ended === null,
      );
      return decideStopMedication({ medicationId: taken?.id ?? '', stoppedAt }, context);
    });
  }
}

async function tellStory(platform: OpenPlatform, { patient, vcf }: ReturnType<typeof readDemoPatients>[number]): Promise<void> {
  const teller = new StoryTeller(platform, patient);
  const id = await teller.register(patient);
  for (const condition of patient.conditions)
    await teller.tell(id, 'recordCondition', condition, (context) => decideRecordCondition(condition, context));
  for (const allergy of patient.allergies)
    await teller.tell(id, 'recordAllergy', allergy, (context) => decideRecordAllergy(allergy, context));
  if (patient.observations.length > 0)
    await teller.tell(id, 'recordObservations', patient.observations, (context) => decideRecordObservations(patient.observations, context));
  for (const study of patient.imaging) await teller.tell(id, 'recordImaging', study, (context) => decideRecordImaging(study, context));
  await teller.genotype(id, vcf, patient.diplotypes);
  for (const report of patient.molecular)
    await teller.tell(id, 'importMolecularProfile', report, (context) => decideImportMolecularProfile(report, context));
  for (const medication of [...patient.medications].sort((a, b) => a.startedAt.localeCompare(b.startedAt)))
    await teller.medication(id, medication);
  for (const outcome of patient.outcomes)
    await teller.tell(id, 'recordOutcome', outcome, (context) => decideRecordOutcome(outcome, context));
}

/** Enters the demo patients and trials of `graph-seed/`; those that are there already stay as they are. Returns how many patients there are. */
export async function seedDemo(platform: OpenPlatform, folder: string, progress: (message: string) => void): Promise<number> {
  const stories = readDemoPatients(join(folder, 'demo-patients'));
  for (const [index, story] of stories.entries()) {
    progress(`Entering synthetic demo patients: ${index + 1} of ${stories.length} (${story.patient.identifier})`);
    await tellStory(platform, story);
  }
  await loadTrials(platform.store, join(folder, 'trials', 'demo-trials.json'), (fault) => {
    throw fault;
  });
  await platform.projector.settle(30_000);
  return stories.length;
}
