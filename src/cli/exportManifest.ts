/** What an export says of itself. */
import type { Generalised } from '../access/export/kAnonymous.ts';
import type { WrittenFile } from './exportFolder.ts';

/** One class of records that cannot be told apart by their quasi-identifiers. */
export interface WrittenClass {
  readonly records: number;
  /** Different diagnoses in it, by ICD-10-CM category, none among them. */
  readonly diagnoses: number;
}

export interface Exported {
  readonly k: number;
  /** YYYY-MM-DD */
  readonly madeOn: string;
  /** Patients who agreed. */
  readonly records: number;
  readonly generalised: Generalised;
  readonly classes: readonly WrittenClass[];
  readonly files: readonly WrittenFile[];
}

const DONE = [
  'Only patients who agreed to research; genotypes only where the patient agreed to that too.',
  'Identifiers by 45 CFR 164.514(b)(2)(i)(A) to (R) left out: identifier, date and year of birth, unit, device, ancestry and every word that a person wrote.',
  'Study ids are random, made of nothing of the patient and new in each export.',
  'All dates of a patient are moved by the same whole number of days, 1 to 365 to either side, drawn anew in each export and written nowhere: intervals within a patient hold, to the minute.',
  'Dates that would tell an age are left out (null): before anybody of 89 was born, and in the year of birth or the one after.',
  'Age is a band by the year of birth; ages over 89 are one.',
  'Sensitive conditions (HL7: substance use, psychiatry, HIV, sexual health, violence) and conditions of another code system than ICD-10-CM are left out.',
  'Answers of models and values computed from the age (eGFR) are left out: they could be solved for the age.',
  'Left out: drugs that the release does not know, allergies, imaging, texts of free wording, annotations of units, and numbers under codes unknown here without a unit of measure.',
];

const LIMITS = [
  'Dates are moved, not removed: under (C) that is not Safe Harbor by itself. Have an expert determine the risk (164.514(b)(1)), or pass it on as a limited data set (164.514(e)).',
  'k holds for age band, sex and race alone. A rare diagnosis, drug, genotype or series of values can still single somebody out for who knows of it.',
  'That something is withheld tells too: whose race is withheld is of a combination of few.',
  'Who knows when a patient was last seen can guess how far the dates were moved.',
  'Two exports of the same patients can be matched by their values: pass on one.',
];

const smallest = (values: readonly number[]) => (values.length === 0 ? null : Math.min(...values));

export function exportManifest({ k, madeOn, records, generalised, classes, files }: Exported) {
  const { steps, inSmallClasses, leftOut } = generalised;
  return {
    format: 'avicenna-export-1',
    madeOn,
    files,
    done: DONE,
    limits: LIMITS,
    kAnonymity: {
      k,
      quasiIdentifiers: ['ageBand', 'sexAtBirth', 'race'],
      records,
      /** In classes of fewer than k before anything was done. */
      inSmallClasses,
      /** How exactly the records are told: each as the first step at which at least k are told alike. */
      steps,
      leftOut,
      exported: records - leftOut,
      classes: classes.length,
      smallestClass: smallest(classes.map((one) => one.records)),
      /** Distinct l-diversity: the fewest different diagnoses in a class. */
      fewestDiagnosesInAClass: smallest(classes.map(({ diagnoses }) => diagnoses)),
    },
  };
}

export type Manifest = ReturnType<typeof exportManifest>;

export function inWords({ kAnonymity, files }: Manifest, folder: string): string {
  const { k, records, exported, inSmallClasses, leftOut, steps, smallestClass } = kAnonymity;
  return [
    `${exported} of ${records} patients who agreed to research are in ${folder}: ${files.map(({ file, rows }) => `${rows} rows of ${file}`).join(', ')}.`,
    `k = ${k}: ${inSmallClasses} were in classes of fewer; told by`,
    ...steps.filter((step) => step.records > 0).map(({ told, records: number, classes }) => `  ${told}: ${number} in ${classes} classes`),
    `${leftOut} were left out.${smallestClass === null ? '' : ` The smallest class has ${smallestClass}.`}`,
    'The manifest says what was done, and what it does not protect from.',
  ].join('\n');
}
