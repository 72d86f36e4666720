/** What treatment options are made of, as one immutable value: predictive evidence with its profiles read, tumours, cautions. */
import { groupBy } from '../../groupBy.ts';
import type { KnowledgeSnapshot } from '../snapshot.ts';
import type { DrugCaution } from './drugCautions.ts';
import type { PredictiveEvidence } from './predictiveEvidence.ts';
import { type Profile, readProfile } from './profile.ts';
import { TumourTree } from './tumours.ts';

export interface ReadEvidence {
  readonly item: PredictiveEvidence;
  readonly profile: Profile;
}

/** Evidence of a publisher's release that is loaded, and what it says of diseases. */
export interface PublishedOncology {
  readonly release: string;
  readonly evidence: readonly PredictiveEvidence[];
  /** A disease, and what it is a kind of. */
  readonly kinds: readonly (readonly [string, string])[];
  readonly diseaseNames: ReadonlyMap<string, string>;
}

export interface OncologyBook {
  /** The release that the evidence is of. */
  readonly release: string;
  readonly evidence: readonly ReadEvidence[];
  readonly tree: TumourTree;
  readonly cautionsOf: ReadonlyMap<string, readonly DrugCaution[]>;
  /** Name of a regimen in lower case -> its drugs. */
  readonly regimens: ReadonlyMap<string, readonly string[]>;
}

/** A profile that cannot be read is left out: what it asks is not known. */
function profileOf(name: string): Profile | null {
  try {
    return readProfile(name);
  } catch {
    return null;
  }
}

/** @param published null: what ships */
export function oncologyBook({ oncology, release }: KnowledgeSnapshot, published: PublishedOncology | null): OncologyBook {
  const evidence = (published?.evidence ?? oncology.evidence).flatMap((item) => {
    const profile = profileOf(item.profile);
    return profile ? [{ item, profile }] : [];
  });
  const names = new Map([...evidence.map(({ item }) => [item.disease, item.diseaseName] as const), ...(published?.diseaseNames ?? [])]);
  const cautions = oncology.cautions.flatMap((caution) => caution.drugs.map((drug) => ({ drug, caution })));
  return {
    release: published?.release ?? release.name,
    evidence,
    tree: new TumourTree(oncology.tumours, published?.kinds, names),
    cautionsOf: new Map([...groupBy(cautions, ({ drug }) => drug)].map(([drug, rows]) => [drug, rows.map(({ caution }) => caution)])),
    regimens: new Map(oncology.regimens.map(({ name, drugs }) => [name.toLowerCase(), drugs])),
  };
}
