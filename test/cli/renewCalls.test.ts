/** After a switch of the release the recorded calls are made again, as the comparison announced. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { readConfig } from '../../src/cli/config.ts';
import { type OpenPlatform, openPlatform } from '../../src/cli/openPlatform.ts';
import { renewCalls } from '../../src/cli/renewCalls.ts';
import { affectedBy } from '../../src/knowledge/affected.ts';
import { readShippedKnowledge } from '../../src/knowledge/shippedTables.ts';
import { indexKnowledge } from '../../src/knowledge/snapshot.ts';
import { knowledgeStatements, switchStatements } from '../../src/store/cypher/loadKnowledge.ts';
import { accepted, commandsTo, newPatient, recordOf } from '../support/commands.ts';
import { emptyNeo4j } from '../support/neo4j.ts';
import { ENGINES } from '../support/server.ts';
import { cohortVcf } from '../support/vcf.ts';

const shipped = readShippedKnowledge('graph-seed');
const NAME = 'next-release';
const next = indexKnowledge({
  ...shipped,
  release: { ...shipped.release, name: NAME, digest: 'f'.repeat(64) },
  definitions: shipped.definitions.map((definition) =>
    definition.gene === 'SLCO1B1'
      ? {
          ...definition,
          rules: definition.rules.map((rule) =>
            rule.phenotype === 'Decreased Function' ? { ...rule, phenotype: 'Normal Function', lookupKey: 'Normal Function' } : rule,
          ),
        }
      : definition,
  ),
});

describe.each(ENGINES)('a switch of the release on the $engine engine', ({ uri }) => {
  it('makes every call again, once, as the comparison announced', async () => {
    if (uri) await emptyNeo4j();
    const data = mkdtempSync(join(tmpdir(), 'avicenna-'));
    const config = readConfig({ KNOWLEDGE_HOLD: '1', ...(uri ? { NEO4J_URI: uri } : {}) });
    const open = () => openPlatform({ data, config, log: pino({ level: 'silent' }), progress: () => undefined });
    const meanings = async (platform: OpenPlatform, patient: string) =>
      (await recordOf(platform, patient)).calls.map(({ call, release, fileDigest }) => [
        call.gene,
        call.lookup.map(({ phenotype }) => phenotype).join(),
        release,
        fileDigest !== null,
      ]);
    let platform = await open();
    const patient = await newPatient(platform);
    const file = cohortVcf({ S: { rs2306283: '0/1', rs4149056: '0/1' } }, { genes: ['SLCO1B1', 'CYP2C19'] });
    accepted(await commandsTo(platform).genotype(patient, { vcf: file, outsideCalls: [{ gene: 'CYP2D6', diplotype: '*1/*4' }] }));
    expect(await renewCalls(platform)).toBe(0);
    const before = await recordOf(platform, patient);
    const announced = affectedBy(
      before.calls.map(({ call }) => call),
      [],
      platform.knowledge,
      next,
    );
    expect(announced.phenotypes.map(({ gene }) => gene)).toEqual(['SLCO1B1']);
    for (const statements of knowledgeStatements(next)) await platform.store.write(statements);
    await platform.store.write(switchStatements(NAME));
    await platform.close();

    platform = await open();
    expect(platform.knowledge.release.name).toBe(NAME);
    expect((await meanings(platform, patient)).every(([, , release]) => release === shipped.release.name)).toBe(true);
    expect(await renewCalls(platform)).toBe(1);
    expect(await meanings(platform, patient)).toEqual([
      ['CYP2C19', 'Normal Metabolizer', NAME, true],
      ['CYP2D6', 'Intermediate Metabolizer', NAME, false],
      ['SLCO1B1', 'Normal Function', NAME, true],
    ]);
    expect(await renewCalls(platform)).toBe(0);
    await platform.close();
    rmSync(data, { recursive: true, force: true });
  }, 240_000);
});
