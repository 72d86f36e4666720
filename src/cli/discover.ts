/** Treatments and targets for the diseases of a release, ranked, with the paths that carry the rank. */
import { join } from 'node:path';
import type { CarryingPath } from '../discovery/carryingPaths.ts';
import { Discovery, type RankedItem, type Ranking } from '../discovery/discover.ts';
import { loadNetwork } from '../discovery/loadNetwork.ts';
import { type Question, questionOf } from '../discovery/question.ts';
import { AvicennaError } from '../errors.ts';
import { builtReleases, readManifest } from '../knowledge/published/releaseFiles.ts';
import { OnnxRunner } from '../prediction/onnxScorer.ts';
import { loadFolder } from '../prediction/registry.ts';
import { modelsFolder } from './models.ts';
import { line, note, progress, refuse } from './output.ts';

interface DiscoverOptions {
  readonly disease?: string;
  readonly top?: number;
  readonly without?: 'drug-classes';
  readonly release?: string;
  readonly data: string;
  readonly json?: boolean;
}

/** In words, where nothing else is asked for. */
const TOP_IN_WORDS = 10;

/** The release asked for, or the one built last. */
function releaseAsked({ data, release }: DiscoverOptions): string {
  if (release !== undefined) return readManifest(data, release).name;
  const last = builtReleases(data).at(-1);
  if (!last)
    throw new AvicennaError(
      'NOT_FOUND',
      "No knowledge release was built here: 'avicenna release build --from DIR --name NAME' makes one of publishers' files.",
      data,
    );
  return last.name;
}

function pathInWords({ nodes, steps, says, share }: CarryingPath): string {
  const way = nodes.map(({ name }, place) => (place === 0 ? name : ` -[${steps[place - 1]?.relation.toLowerCase()}]- ${name}`)).join('');
  return `      ${way}\n        ${says}; adds ${share.toFixed(2)} to the log-odds (${steps.map(({ sources }) => sources.join(', ')).join('; ')})`;
}

function itemInWords({ id, name, score, known, stated, paths }: RankedItem, rank: number): string {
  const said = [...(known ? ['known'] : []), ...stated.map((fact) => fact.toLowerCase().replaceAll('_', ' '))];
  return [`  ${rank + 1}. ${name} (${id}) ${score}${said.length > 0 ? ` [${said.join(', ')}]` : ''}`, ...paths.map(pathInWords)].join('\n');
}

const inWords = ({ disease, name, items }: Ranking) => [`${name} (${disease})`, ...items.map(itemInWords)].join('\n');

export async function discover(asked: Question['name'], options: DiscoverOptions): Promise<void> {
  const json = options.json ?? false;
  const question = questionOf(asked, options.without === 'drug-classes');
  const release = releaseAsked(options);
  const runner = new OnnxRunner();
  try {
    progress(`Reading the release ${release}`);
    const model = await loadFolder(join(modelsFolder(), question.model), runner);
    const discovery = await Discovery.open(await loadNetwork(options.data, release), question, model);
    const top = options.top ?? (json ? undefined : TOP_IN_WORDS);
    for (const disease of options.disease === undefined ? discovery.diseases() : [options.disease]) {
      const ranking = await discovery.rank(disease, top);
      if (json) await line(JSON.stringify({ ...ranking, release, model: question.model, digest: model.digest }));
      else await line(inWords(ranking));
    }
    if (!json) note('A rank is a reason to look, not evidence of benefit.');
  } catch (error) {
    await refuse(error, json);
  } finally {
    await runner.close();
  }
}
