/** A molecular profile as CIViC writes it: variants with AND, OR and NOT between them, and brackets with spaces around them. */
import { AvicennaError } from '../../errors.ts';
import { type Alteration, readAlteration } from './alteration.ts';

export type Profile =
  | { readonly kind: 'VARIANT'; readonly name: string; readonly alteration: Alteration }
  | { readonly kind: 'ALL' | 'ANY'; readonly of: readonly Profile[] }
  | { readonly kind: 'NOT'; readonly of: Profile };

const MOST_NESTED = 20;

const OPERATORS: ReadonlySet<string> = new Set(['AND', 'OR', 'NOT', '(', ')']);

/** Operators as they stand; the words between two of them are one name. A bracket of a variant's own name has no space beside it. */
function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  let isName = false;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const isOperator = OPERATORS.has(word);
    if (isName && !isOperator) tokens.push(`${tokens.pop()} ${word}`);
    else tokens.push(word);
    isName = !isOperator;
  }
  return tokens;
}

/** Reads from the left; AND binds more than OR. */
class ProfileReader {
  readonly #tokens: readonly string[];
  readonly #name: string;
  #place = 0;

  constructor(name: string) {
    this.#name = name;
    this.#tokens = tokensOf(name);
  }

  #wrong(): AvicennaError {
    return new AvicennaError('TABLE_INVALID', 'A molecular profile cannot be read: expected variants with AND, OR and NOT.', this.#name);
  }

  #takes(token: string): boolean {
    if (this.#tokens[this.#place] !== token) return false;
    this.#place += 1;
    return true;
  }

  #one(depth: number): Profile {
    if (depth > MOST_NESTED) throw this.#wrong();
    if (this.#takes('NOT')) return { kind: 'NOT', of: this.#one(depth + 1) };
    if (this.#takes('(')) {
      const inner = this.#any(depth + 1);
      if (!this.#takes(')')) throw this.#wrong();
      return inner;
    }
    const name = this.#tokens[this.#place];
    if (name === undefined || OPERATORS.has(name)) throw this.#wrong();
    this.#place += 1;
    return { kind: 'VARIANT', name, alteration: readAlteration(name) };
  }

  #all(depth: number): Profile {
    const of = [this.#one(depth)];
    while (this.#takes('AND')) of.push(this.#one(depth));
    return of.length === 1 ? (of[0] as Profile) : { kind: 'ALL', of };
  }

  #any(depth: number): Profile {
    const of = [this.#all(depth)];
    while (this.#takes('OR')) of.push(this.#all(depth));
    return of.length === 1 ? (of[0] as Profile) : { kind: 'ANY', of };
  }

  read(): Profile {
    const profile = this.#any(0);
    if (this.#place !== this.#tokens.length) throw this.#wrong();
    return profile;
  }
}

/** @throws AvicennaError TABLE_INVALID where brackets do not close or an operator has nothing to join */
export const readProfile = (name: string): Profile => new ProfileReader(name).read();
