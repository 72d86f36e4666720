import { Arg, Ctx, ID, Int, Query, Resolver } from 'type-graphql';
import { AvicennaError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { keyOf } from '../ids.ts';
import { checkFirst, fromCursor, toCursor } from '../keyset.ts';
import { AuditConnection, AuditVerification } from '../types/auditTypes.ts';

@Resolver()
export class AuditResolver {
  @Query(() => AuditConnection, {
    nullable: true,
    description: 'Who saw and did what with the data of a patient, the newest first: for the patient, and for operators.',
  })
  async auditTrail(
    @Arg('patient', () => ID, { description: 'Global id of the patient, also of one who was erased.' }) id: string,
    @Arg('first', () => Int, { description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'Cursor of the last entry of the page before.' })
    after: string | null | undefined,
    @Ctx() context: Context,
  ) {
    const patient = keyOf('Patient', id, 'patient');
    const scope = ['auditTrail', patient];
    const before = fromCursor(after, scope)?.value ?? null;
    const wanted = checkFirst(first);
    // An operator sees no patient, and asks who did.
    if (context.actor.role === 'PATIENT' && !(await context.reader.known([patient])).includes(patient))
      throw new AvicennaError('NOT_FOUND', 'No patient has this id.', 'patient');
    const found = await context.audit.trail(patient, before, wanted + 1);
    if (found.length > 0) context.noted.saw(patient);
    const edges = found.slice(0, wanted).map(({ seq, hash, entry: { n, ...entry }, fields }) => ({
      cursor: toCursor({ id: '', value: seq }, scope),
      node: { ...entry, number: n, hash, fields },
    }));
    return { edges, pageInfo: { hasNextPage: found.length > wanted, endCursor: edges.at(-1)?.cursor ?? null } };
  }

  @Query(() => AuditVerification, {
    nullable: true,
    description:
      'For operators: goes through the whole audit and says what is not as it was written. Heads and keys that are kept elsewhere are checked by `avicenna audit verify`.',
  })
  auditVerification(@Ctx() { audit }: Context) {
    return audit.verify(null, []);
  }
}
