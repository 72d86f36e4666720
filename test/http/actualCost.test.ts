import { describe, expect, it } from '@jest/globals';
import { type OperationDefinitionNode, parse } from 'graphql';
import { actualCost } from '../../src/graphql/actualCost.ts';
import { ownCost } from '../../src/graphql/limits.ts';

const costOf = (query: string, data: unknown) => {
  const document = parse(query);
  return actualCost(data, document.definitions[0] as OperationDefinitionNode, document);
};

describe('what an answer cost', () => {
  it('is that of each field in it, lists as long as they came, what is null by itself', () => {
    const query = '{ patients(first: 50) { edges { node { id conditions { code label } prediction(model: "news2") { value } } } } }';
    const node = (conditions: number, prediction: object | null) => ({
      id: 'x',
      conditions: new Array(conditions).fill({ code: 'a', label: 'b' }),
      prediction,
    });
    const data = { patients: { edges: [{ node: node(2, { value: 1 }) }, { node: node(0, null) }] } };
    const [first, second] = [1 + 1 + 1 + 2 * 2 + ownCost('prediction') + 1, 1 + 1 + 1 + ownCost('prediction')];
    expect(costOf(query, data)).toBe(ownCost('patients') + ownCost('edges') + first + second);
  });

  it('counts under an alias, in fragments, and a field that is asked twice once', () => {
    const query = `{ one: patient { ...Names id } } fragment Names on Patient { id named: identifier ... on Patient { sexAtBirth } }`;
    expect(costOf(query, { one: { id: 'x', named: 'y', sexAtBirth: 'FEMALE' } })).toBe(ownCost('patient') + 3);
  });

  it('leaves out what was skipped or of another type, and is nothing where there is no answer', () => {
    expect(costOf('{ a: me { role } node { ... on Gene { symbol } ... on Drug { name } } }', { node: { symbol: 'CYP2C9' } })).toBe(2);
    expect(costOf('{ me { role } }', null)).toBe(0);
  });
});
