import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { AvicennaError } from '../../errors.ts';
import { type UserError, userError } from '../../patients/userError.ts';
import type { BackupTaken, Context } from '../context.ts';
import { BackupPayload } from '../types/backupTypes.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

interface Answer {
  readonly backup: BackupTaken | null;
  readonly userErrors: readonly UserError[];
}

const refused = (code: 'INVALID' | 'ALREADY_EXISTS', message: string): Answer => ({
  backup: null,
  userErrors: [userError(code, 'name', message)],
});

@Resolver()
export class BackupResolver {
  @Mutation(() => BackupPayload, {
    description:
      'For operators: copies the event log, of which the graph is made, as of one moment, into a folder below the data directory of the server. Requests are answered meanwhile.',
  })
  async takeBackup(
    @Arg('name', () => String, { description: "Name of the folder, 1 to 64 of letters, digits, '.', '_' and '-'; a new one." })
    name: string,
    @Ctx() context: Context,
  ): Promise<Answer> {
    if (!NAME.test(name))
      return refused('INVALID', "'name' needs 1 to 64 letters, digits, '.', '_' or '-', and begins with a letter or digit.");
    try {
      return { backup: await context.takeBackup(name), userErrors: [] };
    } catch (error) {
      if (error instanceof AvicennaError && error.code === 'BAD_USER_INPUT')
        return refused('ALREADY_EXISTS', 'There is a backup of that name: choose another.');
      throw error;
    }
  }
}
