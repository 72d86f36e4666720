/**
 * NAT2: five positions must have been read (rs1801279, rs1801280, rs1799930, rs1208, rs1799931), and unphased genotypes
 * that fit several pairs are reported as the pair that is known to be the most frequent, where one of 29 published
 * preferences applies. Source: ClinPGx NAT2 reference materials through PharmCAT 3.1 (exemptions of 2025-11-05).
 */
import type { GeneRule } from '../geneRule.ts';

/** Pairs that fit the same unphased genotype; the first is the one to report. */
const PREFERENCES: readonly (readonly string[])[] = [
  ['*1/*6', '*4/*34'],
  ['*1/*7', '*4/*40'],
  ['*1/*14', '*4/*46'],
  ['*1/*36', '*6/*44'],
  ['*1/*49', '*5/*41'],
  ['*4/*5', '*1/*16'],
  ['*4/*45', '*1/*54'],
  ['*4/*49', '*16/*41'],
  ['*4/*69', '*5/*27'],
  ['*5/*6', '*1/*30', '*16/*34'],
  ['*5/*7', '*16/*40'],
  ['*5/*14', '*16/*46', '*4/*29'],
  ['*5/*15', '*30/*46', '*6/*29'],
  ['*5/*36', '*30/*44'],
  ['*5/*46', '*1/*29'],
  ['*5/*54', '*16/*45'],
  ['*6/*14', '*4/*15'],
  ['*6/*16', '*4/*30'],
  ['*6/*45', '*34/*54'],
  ['*6/*46', '*1/*15', '*14/*34'],
  ['*6/*49', '*30/*41'],
  ['*7/*34', '*6/*40'],
  ['*7/*45', '*40/*54'],
  ['*7/*46', '*14/*40'],
  ['*14/*45', '*46/*54'],
  ['*14/*69', '*27/*29'],
  ['*15/*16', '*14/*30'],
  ['*36/*46', '*15/*44'],
  ['*46/*49', '*29/*41'],
];

export const nat2: GeneRule = {
  required: [18400194, 18400344, 18400593, 18400806, 18400860],
  preferUnphased: (diplotypes) => PREFERENCES.find((pairs) => pairs.every((pair) => diplotypes.includes(pair)))?.[0] ?? null,
};
