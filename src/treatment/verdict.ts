/** Whether something holds: by what was found, or not known, with what would settle it. */
export interface Finding {
  /** The report that says it. */
  readonly report: string;
  readonly reportedAt: string;
  readonly assay: string;
  /** As in `EGFR L858R`. */
  readonly label: string;
  readonly origin: 'SOMATIC' | 'GERMLINE' | 'UNKNOWN' | null;
}

export type Held =
  | { readonly verdict: 'MET'; readonly findings: readonly Finding[] }
  | { readonly verdict: 'NOT_MET' }
  /** What would settle it, each as a test or a fact to find out. */
  | { readonly verdict: 'UNKNOWN'; readonly settledBy: readonly string[] };

export const NOT_MET: Held = { verdict: 'NOT_MET' };
export const unknown = (...settledBy: readonly string[]): Held => ({ verdict: 'UNKNOWN', settledBy });
export const met = (findings: readonly Finding[]): Held => ({ verdict: 'MET', findings });

/** Kleene's conjunction: one that does not hold decides, then one that is not known. */
export function all(parts: readonly Held[]): Held {
  if (parts.some(({ verdict }) => verdict === 'NOT_MET')) return NOT_MET;
  const open = parts.flatMap((part) => (part.verdict === 'UNKNOWN' ? part.settledBy : []));
  if (open.length > 0) return unknown(...new Set(open));
  return met(parts.flatMap((part) => (part.verdict === 'MET' ? part.findings : [])));
}

/** Kleene's disjunction. */
export function any(parts: readonly Held[]): Held {
  const held = parts.flatMap((part) => (part.verdict === 'MET' ? [part.findings] : []));
  if (held.length > 0) return met(held.flat());
  const open = parts.flatMap((part) => (part.verdict === 'UNKNOWN' ? part.settledBy : []));
  return open.length > 0 ? unknown(...new Set(open)) : NOT_MET;
}

export function not(part: Held): Held {
  if (part.verdict === 'UNKNOWN') return part;
  return part.verdict === 'MET' ? NOT_MET : met([]);
}
