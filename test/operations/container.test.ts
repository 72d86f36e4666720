/** There is no Docker in CI to run these files: their structure is checked against what the program needs. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { checkHost, readConfig } from '../../src/cli/config.ts';

interface Service {
  readonly build?: string;
  readonly image?: string;
  readonly ports?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly volumes: readonly string[];
}

const compose = parse(readFileSync('docker-compose.yml', 'utf8')) as {
  services: { api: Service; neo4j: Service; nats: Service };
  configs: { nats: { content: string } };
  volumes: Record<string, unknown>;
};
const dockerfile = readFileSync('Dockerfile', 'utf8');

describe('docker-compose.yml', () => {
  it('publishes the API on the loopback interface only, Neo4j and NATS not at all', () => {
    expect(compose.services.api.ports).toEqual(['127.0.0.1:4000:4000']);
    expect(compose.services.neo4j.ports).toBeUndefined();
    expect(compose.services.nats.ports).toBeUndefined();
  });

  it('gives the API settings that it accepts, and that let it listen inside the container', () => {
    const config = readConfig(compose.services.api.environment);
    expect(config).toMatchObject({ NEO4J_URI: 'bolt://neo4j:7687', NATS_URL: 'nats://nats:4222', NATS_ALLOW_WEAK: '0' });
    expect(checkHost('0.0.0.0', config)).toBe('0.0.0.0');
  });

  it('starts the API when Neo4j 5.26 and NATS are healthy', () => {
    expect(compose.services.neo4j.image).toMatch(/^neo4j:5\.26/);
    expect(compose.services.api.depends_on).toEqual({ neo4j: { condition: 'service_healthy' }, nats: { condition: 'service_healthy' } });
  });

  it('has a NATS that acknowledges what is on disk, at the addresses that the API is given', () => {
    expect(compose.configs.nats.content).toMatch(/sync_interval: always/);
    expect(compose.configs.nats.content).toMatch(/^port: 4222$/m);
    expect(compose.configs.nats.content).toMatch(/^http: 8222$/m);
    expect(compose.services.api.environment['NATS_MONITOR_URL']).toBe('http://nats:8222');
  });

  it('keeps log, graph and stream in volumes that are declared', () => {
    const used = Object.values(compose.services)
      .flatMap(({ volumes }) => volumes)
      .map((volume) => volume.split(':')[0]);
    expect(used.sort()).toEqual(Object.keys(compose.volumes).sort());
  });
});

describe('the Dockerfile', () => {
  it('copies what the program reads at run time, and only what is there', () => {
    const copied = [...dockerfile.matchAll(/COPY --from=build \/app\/(\S+)/g)].map(([, name]) => name ?? '');
    expect(copied).toEqual(['package.json', 'node_modules', 'dist', 'graph-seed', 'models']);
    for (const name of copied) expect(existsSync(name)).toBe(true);
  });

  it('does not run as root, and serves on every interface of the container', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toContain('"serve", "--host", "0.0.0.0"');
    expect(dockerfile).toContain('AVICENNA_CONTAINER=1');
  });
});
