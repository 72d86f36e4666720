/** Releases of knowledge from publishers' files: built, listed, compared. */
import { groupBy } from '../groupBy.ts';
import { buildRelease } from '../knowledge/published/build.ts';
import { bindsWhoPassesOn } from '../knowledge/published/licence.ts';
import { READERS } from '../knowledge/published/readers/catalogue.ts';
import { type FactChange, releaseChanges, type ThingChange } from '../knowledge/published/releaseDiff.ts';
import { builtReleases, checkReleaseName, type FileReport, type Manifest, readManifest } from '../knowledge/published/releaseFiles.ts';
import { readConfig } from './config.ts';
import { openStore } from './openPlatform.ts';
import { EXIT, endProgress, line, note, progress, refuse } from './output.ts';

const sum = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((total, count) => total + count, 0);

/** What `release build --help` lists. */
export function readersHelp(): string {
  const named = READERS.map(
    ({ title, columns, files }) => `  ${title}\n      ${columns.join(', ')}${files ? ` (a file called ${files.join(', ')})` : ''}`,
  );
  return `\nFiles that are read, known by the columns of their first line (tab or comma between them, plain or gzip):\n${named.join('\n')}
  OncoTree also as its JSON tree.\nOther files are listed and skipped.`;
}

function withheldOf(files: readonly FileReport[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const { withheld } of files) for (const [licence, rows] of Object.entries(withheld)) total[licence] = (total[licence] ?? 0) + rows;
  return total;
}

const summaryOf = ({ name, digest, builtAt, licencesAccepted, files, skipped, things, terms, facts }: Manifest) => ({
  release: name,
  digest,
  builtAt,
  licencesAccepted,
  rows: files.reduce((total, { rows }) => total + rows, 0),
  things,
  terms,
  facts,
  withheld: withheldOf(files),
  skipped: skipped.length,
});

function inWords(manifest: Manifest): string {
  const { rows, things, facts, withheld } = summaryOf(manifest);
  const licences = [...new Set(Object.keys(withheld).flatMap((licence) => licence.split('|').filter(bindsWhoPassesOn)))].sort();
  return [
    `Release ${manifest.name}: ${sum(facts)} facts about ${sum(things)} things, from ${rows} rows of ${manifest.files.length} files.`,
    ...manifest.files.map(({ file, reader, rows: read, facts: made, repeated }) => {
      const again = repeated > 0 ? `, ${repeated} stated before` : '';
      return `  ${file}: ${read} rows, ${made} facts (${reader}${again})`;
    }),
    ...(licences.length > 0
      ? [
          `Withheld for their licence, which binds whoever passes them on: ${sum(withheld)} rows (${licences.join(', ')}). With --accept-licence they go in.`,
        ]
      : []),
    ...(manifest.skipped.length > 0
      ? [`Skipped, as no reader knows them: ${manifest.skipped.length} files.`, ...manifest.skipped.map((file) => `  ${file}`)]
      : []),
  ].join('\n');
}

interface BuildArguments {
  readonly from: readonly string[];
  readonly name: string;
  readonly acceptLicence?: boolean;
  readonly data: string;
  readonly json?: boolean;
}

export async function releaseBuild({ from, name, acceptLicence, data, json }: BuildArguments): Promise<void> {
  checkReleaseName(name);
  // Whoever has the embedded graph open owns the folder that the release is put into.
  const store = openStore(data, readConfig(process.env));
  try {
    let faults = Promise.resolve();
    const manifest = await buildRelease({
      from,
      name,
      data,
      acceptLicence: acceptLicence ?? false,
      builtAt: new Date().toISOString(),
      progress,
      onFault: (fault) => {
        faults = faults.then(() => refuse(fault, json ?? false));
      },
    });
    await faults;
    endProgress();
    if (!manifest) {
      process.exitCode = EXIT.refused;
      note(`The release ${name} was not built: nothing is kept of it.`);
    } else if (json) await line(JSON.stringify({ ...summaryOf(manifest), files: manifest.files, skipped: manifest.skipped }));
    else await line(inWords(manifest));
  } finally {
    await store.close();
  }
}

export async function releaseList({ data, json }: { readonly data: string; readonly json?: boolean }): Promise<void> {
  const built = builtReleases(data);
  for (const manifest of built) {
    const summary = summaryOf(manifest);
    if (json) await line(JSON.stringify(summary));
    else
      await line(
        `${manifest.name}\t${manifest.builtAt}\t${sum(summary.facts)} facts, ${sum(summary.things)} things\t${manifest.digest.slice(0, 12)}${manifest.licencesAccepted ? '\twith share-alike and non-commercial rows' : ''}`,
      );
  }
  if (built.length === 0) note('No release has been built here.');
}

/** Named in words; all are in the JSON. */
const EXAMPLES = 5;

const groupOf = (change: ThingChange | FactChange) =>
  `${'fact' in change ? change.fact.kind : change.thing.kind} ${change.change.toLowerCase()}`;

function changeInWords(change: ThingChange | FactChange): string {
  if ('thing' in change) return `${change.thing.id} ${change.thing.name}`;
  const { from, to, level, levelBefore, source } = change.fact;
  const levels = levelBefore === undefined ? level : `${levelBefore || 'no level'} -> ${level || 'no level'}`;
  return `${from} - ${to}${levels === '' ? '' : ` (${levels})`}, ${source}`;
}

export async function releaseDiff(a: string, b: string, { data, json }: { readonly data: string; readonly json?: boolean }): Promise<void> {
  const [before, after] = [readManifest(data, a), readManifest(data, b)];
  if (before.digest === after.digest) {
    if (!json) await line(`${a} and ${b} say the same.`);
    return;
  }
  const examples: { readonly group: string; readonly text: string }[] = [];
  const counts = new Map<string, number>();
  for await (const change of releaseChanges(data, a, b)) {
    if (json) await line(JSON.stringify(change));
    const group = groupOf(change);
    const count = (counts.get(group) ?? 0) + 1;
    counts.set(group, count);
    if (count <= EXAMPLES) examples.push({ group, text: changeInWords(change) });
  }
  if (json) return;
  for (const [group, named] of groupBy(examples, ({ group: one }) => one)) {
    await line(`${counts.get(group)} ${group}:`);
    for (const { text } of named) await line(`  ${text}`);
  }
}
