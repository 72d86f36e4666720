import { fileURLToPath } from 'node:url';

/** The project's root, from src/cli or dist/cli alike. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export const PLACES = {
  root: ROOT,
  graphSeed: `${ROOT}graph-seed`,
  alertRules: `${ROOT}graph-seed/alert-rules.json`,
  models: `${ROOT}models`,
  operations: `${ROOT}schema/operations`,
  explorer: `${ROOT}dist/explorer`,
} as const;
