import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import type * as record from '../../patients/record.ts';
import { type TrialMatch as FoundMatch, trialMatches } from '../../treatment/trialMatches.ts';
import type { Context } from '../context.ts';
import { checkFirst } from '../keyset.ts';
import { shownReports } from '../shownReports.ts';
import { optionsFor, pickOptions, plotOption, type ShownOption } from '../treatmentView.ts';
import { OptionStandingEnum } from '../tumourEnums.ts';
import { MolecularReport } from '../types/molecularTypes.ts';
import { Patient } from '../types/patientTypes.ts';
import { TreatmentOption, TreatmentOptions } from '../types/treatmentTypes.ts';
import { TrialMatch, TrialMatches } from '../types/trialTypes.ts';

const CONDITION = {
  description: 'The tumour: its DOID, as in DOID:3910, or the id or the ICD-10-CM code of one of the conditions of the patient.',
};

@Resolver(() => Patient)
export class TreatmentResolver {
  @FieldResolver(() => [MolecularReport], {
    nullable: true,
    description: "What was found in the patient's tumours, the latest report first; corrected ones too.",
  })
  molecularProfile(@Root() patient: record.PatientRecord) {
    return shownReports(patient);
  }

  @FieldResolver(() => TreatmentOptions, {
    nullable: true,
    description:
      'Therapies with predictive evidence for what was found in the tumour, with what speaks for and against each for this patient. Null where genomic data or identifiers are not shown to you (`withheld` says so).',
  })
  treatmentOptions(
    @Root() patient: record.PatientRecord,
    @Arg('condition', () => ID, CONDITION) condition: string,
    @Ctx() context: Context,
  ) {
    return optionsFor(context, { record: patient, condition, at: context.now });
  }

  @FieldResolver(() => TrialMatches, { nullable: true, description: 'Open trials held against this patient, criterion by criterion.' })
  async trialMatches(
    @Root() patient: record.PatientRecord,
    @Arg('condition', () => ID, CONDITION) condition: string,
    @Ctx() { knowledge, oncology, trials, now }: Context,
  ) {
    const one = { knowledge, book: await oncology(), record: patient, at: now };
    const { tumour, matches, open } = trialMatches(one, await trials(), condition.trim());
    return { condition: tumour.id, name: tumour.name, open, matches };
  }
}

@Resolver(() => TreatmentOptions)
export class TreatmentOptionsResolver {
  @FieldResolver(() => [TreatmentOption], { description: 'In the order that `order` states.' })
  options(
    @Root() { options }: { readonly options: readonly ShownOption[] },
    @Arg('first', () => Int, { nullable: true, description: 'How many, 1 to 100; all where left out.' }) first: number | null | undefined,
    @Arg('standing', () => [OptionStandingEnum], { nullable: true, description: 'Only those that stand so.' }) standing:
      | string[]
      | null
      | undefined,
    @Arg('therapy', () => String, {
      nullable: true,
      description: 'Only those with this therapy as the evidence names it, or by another name of a drug that the release knows.',
    })
    therapy: string | null | undefined,
  ) {
    return pickOptions(options, { first: first == null ? null : checkFirst(first), standing, therapy });
  }
}

@Resolver(() => TreatmentOption)
export class TreatmentOptionResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description: 'Picture of `paths` (SVG with a text alternative); null where there is none.',
  })
  plotSvg(@Root() option: ShownOption): string | null {
    return plotOption(option);
  }
}

@Resolver(() => TrialMatches)
export class TrialMatchesResolver {
  @FieldResolver(() => [TrialMatch], { description: 'In the order in which they fit.' })
  matches(
    @Root() { matches }: { readonly matches: readonly FoundMatch[] },
    @Arg('first', () => Int, { nullable: true, description: 'How many, 1 to 100; all where left out.' }) first: number | null | undefined,
  ) {
    return first == null ? matches : matches.slice(0, checkFirst(first));
  }
}
