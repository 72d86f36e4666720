import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/**
 * The bytes of a plain, gzip or bgzip file, unpacked where the first of them say gzip, whatever it is called. It is
 * opened once, so that a pipe can be read too. Throws what opening throws.
 */
export function unpacked(path: string): Promise<Readable> {
  return unpackedStream(createReadStream(path));
}

/** The same for bytes that come from elsewhere. */
export async function unpackedStream(raw: Readable): Promise<Readable> {
  const chunks = raw.iterator({ destroyOnReturn: false });
  const { value } = (await chunks.next()) as { value?: Buffer };
  await chunks.return?.();
  if (!value) return raw;
  raw.unshift(value);
  if (value[0] !== 0x1f || value[1] !== 0x8b) return raw;
  const unzipped = createGunzip();
  raw.on('error', (error) => unzipped.destroy(error));
  unzipped.on('close', () => raw.destroy());
  return raw.pipe(unzipped);
}
