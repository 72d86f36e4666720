import { describe, expect, it } from '@jest/globals';
import { weaknessOf, weaknessOfServers } from '../../src/events/jetstream/durability.ts';

const varz = (version: string, always?: boolean) => ({
  version,
  jetstream: { config: always === undefined ? {} : { sync_always: always } },
});

describe('what an acknowledgement of a NATS server is worth', () => {
  it.each([
    ['2.12.7', true],
    ['2.12.11', true],
    ['2.15.2', true],
    ['3.0.0', true],
  ])('trusts release %s where it flushes first', (version, always) => {
    expect(weaknessOf(varz(version, always))).toBeNull();
  });

  it.each([
    ['2.9.10', true],
    ['2.12.6', true],
    ['1.99.99', true],
    ['unknown', true],
  ])('does not trust release %s', (version, always) => {
    expect(weaknessOf(varz(version, always))).toContain('older than 2.12.7');
  });

  it.each([[false], [undefined]])('does not trust one that flushes later (sync_always: %s), or that has no JetStream', (always) => {
    expect(weaknessOf(varz('2.15.2', always))).toContain('sync_interval: always');
    expect(weaknessOf({ version: '2.15.2' })).toContain('sync_interval: always');
  });

  it('knows nothing without a monitoring address, and says where one does not answer', async () => {
    expect(await weaknessOfServers(undefined)).toContain('NATS_MONITOR_URL');
    await expect(weaknessOfServers('http://127.0.0.1:9')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE', at: 'NATS_MONITOR_URL' });
  });
});
