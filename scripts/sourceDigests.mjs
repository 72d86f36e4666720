// Writes the SHA-256 of every file of graph-seed/ that SOURCES.json describes back into it. Run after changing a table.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const folder = new URL('../graph-seed/', import.meta.url);
const file = new URL('SOURCES.json', folder);
const sources = JSON.parse(readFileSync(file, 'utf8'));
for (const { digests } of sources) {
  for (const name of Object.keys(digests))
    digests[name] = createHash('sha256')
      .update(readFileSync(new URL(name, folder)))
      .digest('hex');
}
writeFileSync(file, `${JSON.stringify(sources, null, 1)}\n`);
