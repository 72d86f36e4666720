import { describe, expect, it } from '@jest/globals';
import type { GeneCall } from '../../src/genotypes/call.ts';
import type { Panel } from '../../src/genotypes/callSample.ts';
import { locationOf, type Position } from '../../src/genotypes/definitions.ts';
import { formsOf, trimmed, type VariantForm } from '../../src/genotypes/indelForms.ts';
import { vcf } from '../support/vcf.ts';
import { codesOf, cohortCalls, knowledge, panelOf } from './calling.ts';

interface Indel {
  readonly gene: string;
  readonly position: Position;
  readonly alternative: number;
}

const named = ({ gene, position, alternative }: Indel) => `${gene} ${position.hgvs[alternative]}`;

/** Every insertion and deletion that an allele is defined by. */
const INDELS = knowledge.definitions.flatMap(({ gene, positions }): Indel[] =>
  positions.flatMap((position) =>
    position.alts.flatMap((alt, alternative) => (alt.length === position.ref.length ? [] : [{ gene, position, alternative }])),
  ),
);

/** How many bases further right than in the table the change can be written, by its HGVS name (3' rule). */
function shiftOf({ position: { position, ref, alts, hgvs }, alternative }: Indel): number {
  const name = hgvs[alternative] ?? '';
  const grown = (alts[alternative] ?? '').length - ref.length;
  const [, from = '', to = from, kind = ''] = /^g\.(\d+)(?:_(\d+))?(del|dup|ins)/.exec(name) ?? [];
  if (/delins/.test(name)) return 0;
  if (kind === 'del') return Number(from) - 1 - position;
  if (kind === 'dup') return Number(to) - position;
  if (kind === 'ins') return Number(from) - position;
  const [, start = '', unit = '', count = ''] = /^g\.(\d+)([ACGT]+)\[(\d+)\]$/.exec(name) ?? [];
  const lastOfTract = Number(start) + unit.length * Number(count) - grown - 1;
  return lastOfTract - Math.max(0, -grown) - position;
}

/** GRCh38 from the indel's first base as far as the change can move, and the same stretch with the change. */
function stretches(indel: Indel): { reference: string; changed: string } {
  const { ref, alts } = indel.position;
  const alt = alts[indel.alternative] ?? '';
  const [longer, shorter] = ref.length > alt.length ? [ref, alt] : [alt, ref];
  if (shiftOf(indel) <= 0) return { reference: ref, changed: alt };
  const unit = longer.slice(1, 1 + longer.length - shorter.length);
  const within = (length: number) => unit.repeat(Math.ceil(length / unit.length) + 1).slice(0, length);
  const short = shiftOf(indel);
  const [a, b] = [`${longer[0]}${within(short + unit.length)}`, `${longer[0]}${within(short)}`];
  return ref.length > alt.length ? { reference: a, changed: b } : { reference: b, changed: a };
}

/** Every way to write the change within its stretch: a part of the reference, and what stands there instead. */
function everyForm(indel: Indel): VariantForm[] {
  const { reference, changed } = stretches(indel);
  const forms: VariantForm[] = [];
  for (let start = 0; start < reference.length; start += 1) {
    if (reference.slice(0, start) !== changed.slice(0, start)) break;
    for (let end = start + 1; end <= reference.length; end += 1) {
      const left = reference.length - end;
      const alt = changed.slice(start, changed.length - left);
      const rest = reference.slice(end) === changed.slice(changed.length - left);
      const anchored = changed.length - left > start && alt[0] === reference[start];
      if (rest && anchored) forms.push({ position: indel.position.position + start, ref: reference.slice(start, end), alt });
    }
  }
  return forms;
}

/** True where the form looks like a line of another position: same place, same reference bases. */
function looksLikeAnother({ position: own }: Indel, form: VariantForm): boolean {
  return knowledge.definitions.some(({ positions }) =>
    positions.some(
      (other) => other.chromosome === own.chromosome && other !== own && other.position === form.position && other.ref === form.ref,
    ),
  );
}

const ownPlace = (indel: Indel) => everyForm(indel).filter((form) => !looksLikeAnother(indel, form));

const PANELS = new Map<string, Panel>();

function panelFor(gene: string): Panel {
  const panel = PANELS.get(gene) ?? panelOf([gene], { research: ['CYP2D6'] });
  PANELS.set(gene, panel);
  return panel;
}

const RESTS = new Map<string, string>();

function restOf({ position: { rsid }, gene }: Indel): string {
  const rest = RESTS.get(rsid) ?? vcf({}, [rsid], [gene]);
  RESTS.set(rsid, rest);
  return rest;
}

/** The call of the gene where the indel is written in this form and all else is the reference. */
async function written(indel: Indel, { position, ref, alt }: VariantForm, genotype: string): Promise<GeneCall> {
  const line = [indel.position.chromosome, position, '.', ref, alt, '.', 'PASS', '.', 'GT', genotype].join('\t');
  const [calls] = (await cohortCalls(`${restOf(indel)}${line}\n`, panelFor(indel.gene))).values();
  return calls?.get(indel.gene) as GeneCall;
}

const ownForm = ({ position: { position, ref, alts }, alternative }: Indel): VariantForm => ({
  position,
  ref,
  alt: alts[alternative] ?? '',
});

const withoutNote = (call: GeneCall) => ({ ...call, warnings: call.warnings.filter(({ code }) => code !== 'REALIGNED') });
const evidenceAt = ({ evidence }: GeneCall, position: Position) => evidence.find(({ location }) => location === locationOf(position));

describe('trimmed', () => {
  it.each([
    [
      { position: 10, ref: 'CA', alt: 'TA' },
      { position: 10, ref: 'C', alt: 'T' },
    ],
    [
      { position: 10, ref: 'AC', alt: 'AT' },
      { position: 11, ref: 'C', alt: 'T' },
    ],
    [
      { position: 10, ref: 'GACA', alt: 'GATA' },
      { position: 12, ref: 'C', alt: 'T' },
    ],
    [
      { position: 10, ref: 'GCTT', alt: 'GTT' },
      { position: 10, ref: 'GC', alt: 'G' },
    ],
    [
      { position: 10, ref: 'TTT', alt: 'TT' },
      { position: 10, ref: 'TT', alt: 'T' },
    ],
    [
      { position: 10, ref: 'A', alt: 'AT' },
      { position: 10, ref: 'A', alt: 'AT' },
    ],
    [
      { position: 10, ref: 'A', alt: 'A' },
      { position: 10, ref: 'A', alt: 'A' },
    ],
    [
      { position: 10, ref: 'A', alt: 'G' },
      { position: 10, ref: 'A', alt: 'G' },
    ],
  ])('%j is %j', (form, expected) => {
    expect(trimmed(form)).toEqual(expected);
  });
});

describe('the insertions and deletions of the tables', () => {
  it('are many, and many of them can be written in more than one way', () => {
    expect(INDELS.length).toBeGreaterThan(50);
    expect(INDELS.filter((indel) => shiftOf(indel) > 0).length).toBeGreaterThan(25);
    expect(INDELS.filter((indel) => shiftOf(indel) < 0).map(named)).toEqual([]);
  });

  it('lie in stretches that agree with the reference bases of all other positions', () => {
    const bases = new Map(knowledge.definitions.flatMap(({ positions }) => positions.map((one) => [locationOf(one), one.ref] as const)));
    const wrong = INDELS.flatMap((indel) =>
      [...stretches(indel).reference].flatMap((base, index) => {
        const known = bases.get(locationOf({ ...indel.position, position: indel.position.position + index }));
        return known === undefined || known[0] === base ? [] : [`${named(indel)} +${index}: ${base}, not ${known}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it.each(INDELS.map((indel) => [named(indel), indel] as const))('%s has exactly the forms that its stretch allows', (_name, indel) => {
    const minimal = everyForm(indel).filter(({ ref, alt }) => Math.min(ref.length, alt.length) === 1);
    const own = trimmed(ownForm(indel));
    expect(formsOf(indel.position, indel.alternative)).toEqual(minimal.length > 0 ? minimal : [own]);
  });

  it.each(INDELS.map((indel) => [named(indel), indel] as const))('%s is called the same in every form', async (_name, indel) => {
    for (const genotype of ['0/1', '1|1']) {
      const expected = await written(indel, ownForm(indel), genotype);
      expect(evidenceAt(expected, indel.position)?.bases).toContain(ownForm(indel).alt);
      expect(codesOf(expected)).not.toContain('REALIGNED');
      for (const form of ownPlace(indel)) {
        const call = await written(indel, form, genotype);
        expect({ form, ...withoutNote(call) }).toEqual({ form, ...expected });
        const same = form.position === indel.position.position && form.ref === indel.position.ref;
        expect({ form, realigned: codesOf(call).includes('REALIGNED') }).toEqual({ form, realigned: !same });
      }
    }
  });

  it.each(INDELS.map((indel) => [named(indel), indel] as const))('%s is the reference in every form that says so', async (_name, indel) => {
    const expected = await written(indel, ownForm(indel), '0/0');
    for (const form of ownPlace(indel)) expect({ form, ...withoutNote(await written(indel, form, '0/0')) }).toEqual({ form, ...expected });
  });

  const ambiguous = INDELS.flatMap((indel) =>
    everyForm(indel)
      .filter((form) => looksLikeAnother(indel, form))
      .map((form) => [`${named(indel)} as ${form.position} ${form.ref}>${form.alt}`, indel, form] as const),
  );

  it.each(ambiguous)('%s is called the same at the place of another position', async (_name, indel, form) => {
    expect(withoutNote(await written(indel, form, '0/1'))).toEqual(await written(indel, ownForm(indel), '0/1'));
  });

  it.each(INDELS.map((indel) => [named(indel), indel] as const))('%s is not seen in another change at its place', async (_name, indel) => {
    const documented = new Set(indel.position.alts);
    const forms = everyForm(indel).filter(({ ref, alt }) => Math.min(ref.length, alt.length) === 1);
    const text = (form: VariantForm) => Object.values(trimmed(form)).join(' ');
    const same = new Set(indel.position.alts.flatMap((_, alternative) => everyForm({ ...indel, alternative }).map(text)));
    for (const { position, ref, alt } of forms) {
      const others = [
        { position, ref, alt: `${alt}${alt.at(-1) === 'A' ? 'C' : 'A'}` },
        { position, ref: `${ref}${ref.at(-1) === 'A' ? 'C' : 'A'}`, alt },
        { position: position - 1, ref, alt },
      ].filter((other) => !same.has(text(other)));
      for (const other of others) {
        const seen = evidenceAt(await written(indel, other, '1/1'), indel.position);
        const bases = seen?.bases?.split('/') ?? [];
        expect({ other, documented: bases.filter((base) => documented.has(base)) }).toEqual({ other, documented: [] });
      }
    }
  });

  it('are seen in a form that is further right than their HGVS name, where other positions tell the bases', async () => {
    const line = 'chrX\t154536022\t.\tAGAA\tA\t.\tPASS\t.\tGT\t0/1';
    const text = vcf({}, [], ['G6PD'])
      .split('\n')
      .map((one) => (one.startsWith('chrX\t154536021\t') ? line : one))
      .join('\n');
    const call = (await cohortCalls(text, panelOf(['G6PD']))).get('S1')?.get('G6PD') as GeneCall;
    expect(call.diplotypes.map(({ alleles }) => alleles)).toEqual([['B (reference)', 'Amsterdam']]);
    expect(codesOf(call)).toContain('REALIGNED');
  });
});
