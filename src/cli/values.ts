/** What options may say, and what they mean. */
import { InvalidArgumentError } from 'commander';
import { ROLES } from '../access/actor.ts';

export function portNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError(`expected a port number, got '${text}'`);
  return value;
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('expected a whole number from 0');
  return value;
}

export function countFromOne(text: string): number {
  const value = wholeNumber(text);
  if (value === 0) throw new InvalidArgumentError('expected 1 at least');
  return value;
}

/** Of one there is nobody to be taken for. */
export function classSize(text: string): number {
  const value = wholeNumber(text);
  if (value < 2) throw new InvalidArgumentError('expected 2 at least');
  return value;
}

export function drawCount(text: string): number {
  const value = wholeNumber(text);
  if (value < 20) throw new InvalidArgumentError('expected 20 at least');
  return value;
}

const LONGEST_MINUTES = 24 * 60;

/** Minutes for which a token holds. */
export function minutesOf(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > LONGEST_MINUTES)
    throw new InvalidArgumentError(`expected a whole number of minutes from 1 to ${LONGEST_MINUTES}`);
  return value;
}

export function roleNamed(text: string): (typeof ROLES)[number] {
  const role = ROLES.find((one) => one === text.toUpperCase());
  if (!role) throw new InvalidArgumentError(`expected one of ${ROLES.join(', ').toLowerCase()}`);
  return role;
}

export function anyNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
}

export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('expected a number from 0 to 1');
  return value;
}

/** The address of a server, as http://127.0.0.1:4000. */
export function serverUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') throw new InvalidArgumentError(`expected http://HOST:PORT, got '${text}'`);
  return text;
}

export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

export function researchGene(value: string, before: string[]): string[] {
  if (value.toLowerCase() !== 'cyp2d6') throw new InvalidArgumentError('expected cyp2d6');
  return [...before, value];
}

export function threadCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a number of at least 1');
  return value;
}
