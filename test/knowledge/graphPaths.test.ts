/** Paths between two things: the shorter first, then those over the rarer. */
import { describe, expect, it } from '@jest/globals';
import { graphPaths, type Spoke, type Surroundings } from '../../src/knowledge/published/graphPaths.ts';
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';
import { StarterFacts } from '../../src/knowledge/starterFacts.ts';

/** `a -KIND> b` as what lies about each of them; degrees are those of the whole. */
function network(...facts: string[]): (from: string, to: string) => Surroundings {
  const read = facts.map((fact) => {
    const [of = '', kind = '', to = ''] = fact.split(/ -|> /);
    return { of, kind, to };
  });
  const degree = (thing: string) => read.filter(({ of, to }) => of === thing || to === thing).length;
  const said = { source: 'made up', licence: 'CC0', level: null, date: null };
  const spokes: Spoke[] = read.flatMap(({ of, kind, to }) => [
    { of, to, name: to, degree: degree(to), kind, forward: true, ...said },
    { of: to, to: of, name: of, degree: degree(of), kind, forward: false, ...said },
  ]);
  const about = (thing: string) => spokes.filter(({ of }) => of === thing);
  return (from, to) => {
    const near = new Set([...about(from), ...about(to)].map((spoke) => spoke.to));
    const end = (key: string) => ({ key, name: key, degree: degree(key) });
    return { from: end(from), to: end(to), ofFrom: about(from), ofTo: about(to), ofNeighbours: [...near].flatMap(about) };
  };
}

const inWords = (surroundings: Surroundings, maxLength: number, first = 10) =>
  graphPaths(surroundings, maxLength, first).map(({ things, steps }) =>
    things
      .map(({ key }, place) => (place === 0 ? key : `${steps[place - 1]?.forward ? '-' : '<'}${steps[place - 1]?.kind} ${key}`))
      .join(' '),
  );

describe('paths', () => {
  const facts = network(
    'a -X> b',
    'a -X> m',
    'b -Y> m',
    'a -X> hub',
    'hub -Y> b',
    'hub -Z> q',
    'hub -Z> r',
    'm -Z> n',
    'n -Z> b',
    'a -X> p',
    'p -W> n',
  );

  it.each([
    [1, ['a -X b']],
    [2, ['a -X b', 'a -X m <Y b', 'a -X hub -Y b']],
    [3, ['a -X b', 'a -X m <Y b', 'a -X hub -Y b', 'a -X p -W n -Z b', 'a -X m -Z n -Z b']],
  ] as const)('of at most %i facts come in their order', (maxLength, expected) =>
    expect(inWords(facts('a', 'b'), maxLength)).toEqual(expected),
  );

  it('backwards are the same, read the other way', () =>
    expect(inWords(facts('b', 'a'), 3)).toEqual(['b <X a', 'b -Y m <X a', 'b <Y hub <X a', 'b <Z n <W p <X a', 'b <Z n <Z m <X a']));

  it('stated by several are one, with each of them; of several kinds they are several', () => {
    const [path, ...others] = graphPaths(network('a -X> b', 'a -X> b', 'a -Y> b')('a', 'b'), 2, 10);
    expect([path?.steps[0]?.facts.length, others.length]).toEqual([2, 1]);
  });

  it('are cut to the best', () => expect(inWords(facts('a', 'b'), 3, 2)).toEqual(['a -X b', 'a -X m <Y b']));

  it('weigh what lies between by its facts to the power of -0.4', () => {
    const [, , over] = graphPaths(facts('a', 'b'), 2, 10);
    expect(over?.weight).toBeCloseTo(4 ** -0.4, 12);
  });
});

describe('the shipped tables', () => {
  const starter = new StarterFacts(readShippedKnowledge('graph-seed'));

  it('lead from a gene over a drug to a tumour, and from a brand name to its drug', () => {
    expect(starter.named('Tarceva').map(({ key }) => key)).toEqual(['Compound erlotinib']);
    expect(starter.named('egfr').map(({ key }) => key)).toEqual(['Gene EGFR']);
    expect(starter.named('nothing of the kind')).toEqual([]);
    const paths = inWords(starter.surroundings(['Gene EGFR', 'Disease DOID:3908'], 2), 2, 100);
    expect(paths[0]).toBe('Gene EGFR -ALTERED_IN Disease DOID:3908');
    expect(paths).toContain('Gene EGFR -RESISTANCE_TO Compound erlotinib -STUDIED_IN Disease DOID:3908');
  });

  it('name the source of every step', () => {
    const paths = graphPaths(starter.surroundings(['Compound warfarin', 'Gene CYP2C9'], 3), 3, 100);
    expect(paths.length).toBeGreaterThan(3);
    const facts = paths.flatMap(({ steps }) => steps.flatMap((step) => step.facts));
    expect(facts.filter(({ source, licence }) => source === '' || licence === '')).toEqual([]);
  });
});
