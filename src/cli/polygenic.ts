import { type PolygenicScore, polygenicScores } from '../genotypes/polygenic/score.ts';
import { readScoringFile } from '../genotypes/polygenic/scoringFile.ts';
import { vcfFileLines } from '../genotypes/vcfLines.ts';
import { line, note, refuse } from './output.ts';

export interface PolygenicOptions {
  readonly vcf: string;
  readonly score: string;
  readonly minCoverage: number;
  readonly json?: boolean;
}

function inWords({ sample, score, matched, missing, coverage, warnings }: PolygenicScore): string {
  const read = `${matched} of ${matched + missing} variants (${(100 * coverage).toFixed(1)} %)`;
  return `${sample}: ${score === null ? 'no score' : `score ${score}`}, ${read}${warnings.length > 0 ? '; see the notes' : ''}`;
}

/** One line a sample. There is no reference population here, so that no percentile is given. */
export async function polygenic(options: PolygenicOptions): Promise<void> {
  const json = options.json ?? false;
  try {
    const notes = new Set<string>();
    const file = await readScoringFile(options.score);
    for (const one of await polygenicScores(vcfFileLines(options.vcf), file, options.minCoverage, options.vcf)) {
      const { warnings, ...figures } = one;
      for (const warning of warnings) notes.add(warning);
      await line(json ? JSON.stringify({ ...figures, percentile: null, reference: null, warnings }) : inWords(one));
    }
    if (!json) for (const text of notes) note(text);
  } catch (error) {
    await refuse(error, json);
  }
}
