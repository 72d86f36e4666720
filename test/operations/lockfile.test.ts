/**
 * `npm ci` refuses a lock file that lacks a platform package which another package names, and `npm install` leaves
 * those out that the registry of the moment does not serve: they are then put back by hand, with os and cpu.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Readonly<Record<string, Locked>> };

describe('package-lock.json', () => {
  it('has every platform package of the embedded engine', () => {
    const named = Object.keys(packages['node_modules/@grafeo-db/js']?.optionalDependencies ?? {});
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !packages[`node_modules/${name}`])).toEqual([]);
  });

  it('names no other registry than the public one', () => {
    const elsewhere = Object.values(packages).filter(({ resolved }) => resolved && !resolved.startsWith('https://registry.npmjs.org/'));
    expect(elsewhere).toEqual([]);
  });
});
