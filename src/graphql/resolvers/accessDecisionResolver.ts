import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { type Actor, PURPOSES, type Purpose, ROLES, type Role, systemActor } from '../../access/actor.ts';
import { AvicennaError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { keyOf } from '../ids.ts';
import { AccessDecision } from '../types/accessTypes.ts';
import { AskerInput } from '../types/inputs.ts';

/** Who would ask. @throws AvicennaError BAD_USER_INPUT of a role that may not ask for the purpose */
function askerOf({ id, role, purpose, sites, patient }: AskerInput): Actor {
  const known = ROLES.find((one): one is Exclude<Role, 'SYSTEM'> => one === role);
  if (!known) throw new AvicennaError('BAD_USER_INPUT', 'The program itself is not decided on.', 'as.role');
  const asked = (purpose ?? PURPOSES[known][0]) as Purpose;
  if (!PURPOSES[known].includes(asked))
    throw new AvicennaError('BAD_USER_INPUT', `A ${known} asks for ${PURPOSES[known].join(' or ')}.`, 'as.purpose');
  // By the surrogate: an identifier could be tried out.
  const about = patient == null ? null : keyOf('Patient', patient, 'as.patient');
  return { ...systemActor(id ?? 'nobody in particular'), role: known, purpose: asked, sites: sites ?? null, patient: about };
}

@Resolver()
export class AccessDecisionResolver {
  @Query(() => AccessDecision, {
    nullable: true,
    description:
      'For operators: what somebody would be shown of a patient now, and why. It is in the audit. The answer says what was agreed to and whether the unit is one of `sites`, and nothing else of the record.',
  })
  async accessDecision(
    @Arg('patient', () => ID, { description: 'Global id of the patient.' }) id: string,
    @Arg('as', () => AskerInput, { description: 'Who would ask.' }) as: AskerInput,
    @Ctx() { reader }: Context,
  ) {
    const decision = await reader.explain(askerOf(as), keyOf('Patient', id, 'patient'));
    if (!decision) throw new AvicennaError('NOT_FOUND', 'No patient has this id.', 'patient');
    return { ...decision, sees: [...decision.sees] };
  }
}
