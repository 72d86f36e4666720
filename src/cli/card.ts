import type { CardSubgroup, ModelCard } from '../prediction/card.ts';
import { type CardStatement, sizeInWords } from '../prediction/cardStatements.ts';
import { figuresInWords } from '../prediction/metrics.ts';
import { loadModels } from '../prediction/registry.ts';
import { sourceAttributes } from '../prediction/sourceAttributes.ts';
import { tripodItems } from '../prediction/tripodItems.ts';
import { modelAsked, modelsFolder } from './models.ts';
import { line } from './output.ts';

function subgroupLine(card: ModelCard, subgroup: CardSubgroup): string {
  const { by, level, verdict, genotypeVerdict } = subgroup;
  const verdicts = [verdict, genotypeVerdict].filter(Boolean).join(', ');
  return `| ${by} | ${level} | ${sizeInWords(subgroup)} | ${figuresInWords(card, subgroup).join('; ')} | ${verdicts} |`;
}

function performanceLines(card: ModelCard): string[] {
  const { performance, subgroups, subgroupsFrom } = card;
  const table = subgroups.map((subgroup) => subgroupLine(card, subgroup));
  return [
    performance.n === null ? performance.evaluatedOn : `${performance.evaluatedOn}, n = ${performance.n}:`,
    ...figuresInWords(card, performance, ': ').map((figure) => `- ${figure}`),
    ...(table.length === 0
      ? []
      : [
          '',
          `By group${subgroupsFrom ? `, of ${subgroupsFrom}` : ''}:`,
          '',
          '| by | group | people | figures | verdict |',
          '|---|---|---|---|---|',
          ...table,
        ]),
  ];
}

/** What the standards of reporting ask. */
function standardLines(card: ModelCard): string[] {
  const row = (name: string, { availability, text }: CardStatement) => `| ${name} | ${availability} | ${text.replaceAll('|', '/')} |`;
  const head = ['| | | |', '|---|---|---|'];
  return [
    '## Source attributes (ONC HTI-1)',
    ...head,
    ...sourceAttributes(card).map((attribute) => row(`${attribute.code} ${attribute.name}`, attribute)),
    '',
    '## TRIPOD+AI',
    ...head,
    ...tripodItems(card).map((item) => row(`${item.item} ${item.name}`, item)),
    '',
    '## Changes',
    ...card.changeLog.map(({ version, date, change }) => `- ${version} (${date}): ${change}`),
  ];
}

function markdown(card: ModelCard): string {
  const { data, rows, licence, attribution } = card.trainedOn;
  return [
    `# ${card.title} (${card.name} ${card.version})`,
    '',
    card.summary,
    '',
    `**For:** ${card.intendedUse}`,
    '',
    `**Not for:** ${card.notFor.join('; ')}`,
    '',
    '## Inputs',
    ...card.inputs.map(
      ({ name, label, unit, whenMissing }) => `- \`${name}\`: ${label}${unit ? ` (${unit})` : ''}. Missing: ${whenMissing}`,
    ),
    '',
    '## How well it does',
    ...performanceLines(card),
    '',
    '## Limits',
    ...card.limits.map((limit) => `- ${limit}`),
    '',
    ...standardLines(card),
    '',
    `Made from ${data}${rows === null ? '' : `, ${rows} rows`}. ${licence}. ${attribution}`,
    `SHA-256 of what answers: ${card.artifact.sha256}.`,
  ].join('\n');
}

export async function card(name: string, options: { readonly format: 'json' | 'md'; readonly json?: boolean }): Promise<void> {
  const registry = await loadModels(modelsFolder());
  const { card: found } = modelAsked(registry, name);
  const asData = () => ({ ...found, sourceAttributes: sourceAttributes(found), tripodItems: tripodItems(found) });
  if (options.json) await line(JSON.stringify(asData()));
  else await line(options.format === 'json' ? JSON.stringify(asData(), null, 2) : markdown(found));
  await registry.close();
}
