import { Arg, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import type * as record from '../../patients/record.ts';
import { modelNamed } from '../../prediction/registry.ts';
import { adjuvantBenefit, BREAST_BENEFIT_MODEL } from '../../treatment/adjuvantBenefit.ts';
import { treatmentOptions } from '../../treatment/options.ts';
import type { Context } from '../context.ts';
import { showOptions } from '../treatmentView.ts';
import { MolecularReport } from '../types/molecularTypes.ts';
import { Patient } from '../types/patientTypes.ts';
import { TreatmentOptions } from '../types/treatmentTypes.ts';

@Resolver(() => Patient)
export class TreatmentResolver {
  @FieldResolver(() => [MolecularReport], {
    nullable: true,
    description: "What was found in the patient's tumours, the latest report first.",
  })
  molecularProfile(@Root() patient: record.PatientRecord) {
    return patient.molecular;
  }

  @FieldResolver(() => TreatmentOptions, {
    nullable: true,
    description:
      'Therapies with predictive evidence for what was found in the tumour, with what speaks for and against each for this patient.',
  })
  async treatmentOptions(
    @Root() patient: record.PatientRecord,
    @Arg('condition', () => ID, {
      description: 'The tumour: its DOID, as in DOID:3910, or the id or the ICD-10-CM code of one of the conditions of the patient.',
    })
    condition: string,
    @Ctx() { knowledge, oncology, registry, now }: Context,
  ) {
    const book = await oncology();
    const found = treatmentOptions({ knowledge, book, record: patient, at: now }, condition.trim());
    const benefit = await adjuvantBenefit(modelNamed(registry, BREAST_BENEFIT_MODEL), book, {
      tumour: found.tumour.id,
      record: patient,
      at: now,
    });
    return showOptions(found, benefit, knowledge);
  }
}
