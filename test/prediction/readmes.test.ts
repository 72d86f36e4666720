/** The READMEs of the published equations and of the models of discovery are their cards in words: `avicenna card NAME > models/NAME/README.md`. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { EQUATIONS } from '../../src/prediction/equations/catalogue.ts';
import { avicenna } from '../support/commandLine.ts';

const EQUATION_MODELS = ['ckd-epi-2021', 'news2', 'predict-breast', 'prevent', 'vancomycin-auc'];
const DISCOVERY_MODELS = ['target-discovery', 'treatment-discovery', 'treatment-discovery-without-classes'];

describe('the README of a model', () => {
  it.each([...EQUATION_MODELS, ...DISCOVERY_MODELS])('of %s is its card', async (name) => {
    const { stdout } = await avicenna(['card', name, '--format', 'md']);
    expect(readFileSync(`models/${name}/README.md`, 'utf8')).toBe(stdout);
  });

  it('is there for each equation', () => {
    expect(EQUATION_MODELS).toHaveLength(EQUATIONS.length);
  });
});
