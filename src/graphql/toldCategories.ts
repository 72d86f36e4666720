/** Which data an answer that was told speaks of, besides clinical ones. */
import type { Told } from '../access/gate.ts';
import type { RiskPayload } from '../monitoring/riskEvent.ts';
import type { DataCategory } from '../patients/dataCategories.ts';
import { readBy } from '../prediction/features.ts';

/** What a condition did to an answer, or that there is none because of it, may tell of a condition that is sensitive. */
export function categoriesOfRisk({ model, cause, status }: Pick<RiskPayload, 'model' | 'cause' | 'status'>): readonly DataCategory[] {
  return cause === 'CONDITION' || status === 'ABSTAINED' ? [...readBy(model), 'SENSITIVE'] : readBy(model);
}

export function toldCategories({ model, payload }: Told): readonly DataCategory[] {
  return payload === undefined ? readBy(model) : categoriesOfRisk({ ...(JSON.parse(payload) as RiskPayload), model });
}
