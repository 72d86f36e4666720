/** The genes whose calling is special. */
import type { GeneRule } from '../geneRule.ts';
import { cftr } from './cftr.ts';
import { cyp2d6 } from './cyp2d6.ts';
import { dpyd } from './dpyd.ts';
import { g6pd } from './g6pd.ts';
import { hlaA, hlaB } from './hla.ts';
import { mtRnr1 } from './mtRnr1.ts';
import { nat2 } from './nat2.ts';
import { ryr1 } from './ryr1.ts';
import { slco1b1 } from './slco1b1.ts';
import { ugt1a1 } from './ugt1a1.ts';

/** Genes that guard against toxicity: bases that no allele is defined by count as reference. Source: PharmCAT, Named Allele Matcher 201. */
const GUARDS: GeneRule = { undocumentedAsReference: true };

const RULES: Readonly<Record<string, GeneRule>> = {
  CACNA1S: GUARDS,
  CFTR: cftr,
  CYP2D6: cyp2d6,
  DPYD: dpyd,
  G6PD: g6pd,
  'HLA-A': hlaA,
  'HLA-B': hlaB,
  'MT-RNR1': mtRnr1,
  NAT2: nat2,
  NUDT15: GUARDS,
  RYR1: ryr1,
  SLCO1B1: slco1b1,
  TPMT: GUARDS,
  UGT1A1: ugt1a1,
};

const PLAIN: GeneRule = {};

export function ruleOf(gene: string): GeneRule {
  return RULES[gene] ?? PLAIN;
}
