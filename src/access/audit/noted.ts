/** What one request has come to see of patients, was refused, and did: noted where it is decided, written when the request is answered. */
import type { Actor } from '../actor.ts';
import type { AccessDecision } from '../decide.ts';
import type { Access } from './entry.ts';

type Decided = Pick<AccessDecision, 'sees' | 'denial' | 'emergency'>;

/** What the request asked: hash of the operation without its values, and its name. */
export type Asked = Pick<Access, 'document' | 'operation'>;

const NOBODY: Decided = { sees: new Set(), denial: null, emergency: false };
const onlyDecided = ({ sees, denial, emergency }: Decided): Decided => ({ sees, denial, emergency });

/** An entry's text, with what is not said left empty. */
export function accessOf(
  actor: Pick<Actor, 'id' | 'role' | 'purpose'>,
  asked: Asked,
  { sees, ...said }: Pick<Access, 'action'> & Partial<Omit<Access, 'sees'>> & { readonly sees?: Decided['sees'] },
): Access {
  return {
    actor: actor.id,
    role: actor.role,
    purpose: actor.purpose,
    patient: null,
    patients: null,
    denial: null,
    emergency: false,
    event: null,
    cursors: null,
    ...asked,
    ...said,
    sees: sees ? [...sees] : [],
  };
}

export class Noted {
  readonly #seen = new Map<string, Decided>();
  readonly #refused = new Map<string, Decided>();
  readonly #written = new Map<string, string>();
  #counted = 0;

  /** Data of the patient were given; none of the record where the decision is left out. */
  saw(patient: string, decided: Decided = NOBODY): void {
    this.#seen.set(patient, onlyDecided(decided));
  }

  /** A patient who was named was not shown, or a command about one was not allowed. */
  refused(patient: string, decided: Decided = NOBODY): void {
    this.#refused.set(patient, onlyDecided(decided));
  }

  /** The patients went into a count or a figure. */
  counted(patients: number): void {
    this.#counted = Math.max(this.#counted, patients);
  }

  wrote(patient: string, event: string): void {
    this.#written.set(event, patient);
  }

  /** What is to be written, and forgotten here. */
  take(actor: Actor, asked: Asked): Access[] {
    const said: Access[] = [];
    for (const [event, patient] of this.#written) said.push(accessOf(actor, asked, { action: 'WRITE', patient, event }));
    for (const [patient, decided] of this.#seen) said.push(accessOf(actor, asked, { action: 'READ', patient, ...decided }));
    for (const [patient, decided] of this.#refused) said.push(accessOf(actor, asked, { action: 'REFUSED', patient, ...decided }));
    if (this.#counted > 0) said.push(accessOf(actor, asked, { action: 'COUNTED', patients: this.#counted }));
    for (const noted of [this.#seen, this.#refused, this.#written]) noted.clear();
    this.#counted = 0;
    return said;
  }
}
