/** The READMEs of the published equations are their cards in words: `avicenna card NAME > models/NAME/README.md`. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { EQUATIONS } from '../../src/prediction/equations/catalogue.ts';
import { avicenna } from '../support/commandLine.ts';

const MODELS = ['ckd-epi-2021', 'news2', 'predict-breast', 'prevent', 'vancomycin-auc'];

describe('the README of an equation', () => {
  it.each(MODELS)('of %s is its card', async (name) => {
    const { stdout } = await avicenna(['card', name, '--format', 'md']);
    expect(readFileSync(`models/${name}/README.md`, 'utf8')).toBe(stdout);
  });

  it('is there for each', () => {
    expect(MODELS).toHaveLength(EQUATIONS.length);
  });
});
