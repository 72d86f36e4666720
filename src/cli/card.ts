import type { CardSubgroup, ModelCard } from '../prediction/card.ts';
import { loadModels, modelNamed } from '../prediction/registry.ts';
import { line } from './output.ts';
import { PLACES } from './places.ts';

const share = (value: number) => `${(100 * value).toFixed(1)} %`;

function subgroupLine({ by, level, n, mae, within20, coverage, verdict }: CardSubgroup): string {
  if (!mae || !within20) return `| ${by} | ${level} | ${n ?? 'under 11'} | suppressed | | | |`;
  return `| ${by} | ${level} | ${n} | ${mae.value.toFixed(2)} (${mae.low.toFixed(2)} to ${mae.high.toFixed(2)}) | ${share(within20.value)} | ${coverage == null ? '' : share(coverage.value)} | ${verdict ?? ''} |`;
}

function markdown(card: ModelCard): string {
  const { performance } = card;
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
    `${performance.evaluatedOn}, n = ${performance.n}: mean absolute error ${performance.mae.value.toFixed(2)} ${card.output.unit} (${performance.mae.low.toFixed(2)} to ${performance.mae.high.toFixed(2)}), ${share(performance.within20.value)} within 20 %.`,
    '',
    '| by | group | n | mean absolute error | within 20 % | coverage | genotype |',
    '|---|---|---|---|---|---|---|',
    ...card.subgroups.map(subgroupLine),
    '',
    '## Limits',
    ...card.limits.map((limit) => `- ${limit}`),
    '',
    `Trained on ${card.trainedOn.data}, ${card.trainedOn.rows} rows. ${card.trainedOn.licence}. ${card.trainedOn.attribution}`,
    `File SHA-256 ${card.artifact.sha256}.`,
  ].join('\n');
}

export async function card(name: string, options: { readonly format: 'json' | 'md' }): Promise<void> {
  const registry = await loadModels(PLACES.models);
  const { card: found } = modelNamed(registry, name);
  await line(options.format === 'json' ? JSON.stringify(found, null, 2) : markdown(found));
  await registry.close();
}
