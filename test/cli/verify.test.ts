/** `avicenna verify`: the graph against a replay of the log. */
import { describe, expect, it } from '@jest/globals';
import { statement } from '../../src/store/graphStore.ts';
import { emptyData, onGraph, openOn } from '../projection/platforms.ts';
import { avicenna, jsonLines } from '../support/commandLine.ts';
import { accepted, commandsTo, newPatient } from '../support/commands.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { vitalSigns } from '../support/vitalSigns.ts';

interface Verdict {
  readonly seq: string;
  readonly nodes: number;
  readonly differences: readonly { label: string; key: string; kind: string; properties: readonly string[] }[];
}

const verified = async (data: string) => {
  const ran = await avicenna(['verify', '--data', data, '--json']);
  return { code: ran.code, verdict: jsonLines<Verdict>(ran)[0] as Verdict };
};

describe('verify', () => {
  it('finds nothing in a graph that was projected, and every node that somebody added, lost or changed', async () => {
    const data = await emptyData('embedded');
    const platform = await openOn('embedded', data);
    const patient = await newPatient(platform);
    const commands = commandsTo(platform);
    const observedAt = new Date(Date.now() - 60_000).toISOString();
    accepted(await commands.observe(patient, vitalSigns(observedAt, { '8867-4': 131 })));
    accepted(await commands.observe(patient, vitalSigns(new Date().toISOString())));
    accepted(await commands.start(patient, { drug: 'warfarin', startedAt: observedAt }));
    await platform.projector.settle(60_000);
    await platform.close();
    const whole = await verified(data);
    expect(whole).toMatchObject({ code: 0, verdict: { differences: [] } });
    expect(whole.verdict.nodes).toBeGreaterThan(20);
    await onGraph('embedded', data, async (store) => {
      await store.write([
        statement('test.lose', "MATCH (o:Observation) WHERE o.code = '8310-5' AND o.observedAt = $observedAt DETACH DELETE o", {
          observedAt,
        }),
        statement('test.change', "MATCH (o:Observation) WHERE o.code = '8867-4' AND o.observedAt = $observedAt SET o.value = 60", {
          observedAt,
        }),
        statement('test.add', "MATCH (p:Patient {id: $patient}) CREATE (a:Allergy {id: 'made-up'}) CREATE (p)-[:HAS_ALLERGY]->(a)", {
          patient,
        }),
      ]);
    });
    const { code, verdict } = await verified(data);
    expect(code).toBe(1);
    expect(verdict.differences.map(({ label, kind, properties }) => [label, kind, properties])).toEqual([
      ['Patient', 'DIFFERENT', ['relations']],
      ['Observation', 'DIFFERENT', ['value']],
      ['Observation', 'MISSING', []],
      ['Allergy', 'UNKNOWN', []],
    ]);
    const words = await avicenna(['verify', '--data', data]);
    expect(words.stdout).toMatch(/^Patient \S+ is another in the graph: relations$/m);
    expect(words.stdout).toContain('Allergy made-up is not in the log');
    expect(words.stdout).not.toContain('131');
    await avicenna(['rebuild', '--data', data]);
    expect(await verified(data)).toMatchObject({ code: 0, verdict: { differences: [] } });
  }, 120_000);

  it('says where there is no log', async () => {
    const ran = await avicenna(['verify', '--data', temporaryFolder(), '--json']);
    expect([ran.code, jsonLines<{ error: { code: string } }>(ran).map(({ error }) => error.code)]).toEqual([1, ['FILE_UNREADABLE']]);
  });
});
