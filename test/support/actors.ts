import { systemActor } from '../../src/access/actor.ts';

/** Who works on a platform in this process, past all decisions. */
export const TESTER = systemActor('tester');
