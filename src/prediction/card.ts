/** A model's card: what it is, what it takes, how its file is run, and for whom it was tested. Checked at load. */
import { z } from 'zod';
import { OUTCOME_KINDS } from '../patients/record.ts';

/** What is said of the gap between a group and everyone else. */
export const VERDICTS = ['GAP_SHOWN', 'NO_GAP_SHOWN', 'INCONCLUSIVE'] as const;
export type Verdict = (typeof VERDICTS)[number];

const figure = z.object({ value: z.number(), low: z.number(), high: z.number() });

const inputSchema = z
  .object({
    name: z.string(),
    label: z.string(),
    type: z.enum(['number', 'category', 'flag', 'diplotype', 'genotype', 'codes', 'identifier']),
    unit: z.string().nullish(),
    min: z.number().nullish(),
    max: z.number().nullish(),
    /** A count: nothing between two whole numbers. */
    integer: z.boolean().optional(),
    levels: z.array(z.string()).nullish(),
    labels: z.record(z.string(), z.string()).nullish(),
    /** Other spellings of a level, and rare levels that the training data were mapped by. */
    aliases: z.record(z.string(), z.string()).nullish(),
    whenMissing: z.string(),
    /** What is taken for usual in health, in the unit of the input, and by whom. */
    reference: z.object({ low: z.number().nullish(), high: z.number().nullish(), source: z.string() }).nullish(),
    /** 1st to 99th percentile of the people that the model was trained on. */
    trainedRange: z.tuple([z.number(), z.number()]).nullish(),
    /** Without it there is no answer. */
    required: z.boolean().optional(),
    /** It only says whether the model is for this person: the answer does not depend on it, and it is in no column or player. */
    eligibility: z.boolean().optional(),
    /** Where it is missing, the answer says what `whenMissing` says. */
    warnWhenMissing: z.boolean().optional(),
    /** Texts beside the empty cell and `NA` that say that nothing is known. */
    missingTexts: z.array(z.string()).optional(),
    referenceText: z.string().nullish(),
    /** What a person can be advised or ordered to change, and how: the levers of a what-if. */
    modifiable: z
      .object({
        step: z.number().positive().nullish(),
        min: z.number().nullish(),
        max: z.number().nullish(),
        /** The only way that a number is advised to go. */
        direction: z.enum(['down', 'up']).nullish(),
        /** The only value that a flag or category is advised to take. */
        to: z.string().nullish(),
      })
      .nullish(),
    /** What the synthetic background rows were drawn from. */
    typical: z
      .object({
        mean: z.number().nullish(),
        sd: z.number().nullish(),
        decimals: z.number().int().nullish(),
        shares: z.record(z.string(), z.number()).nullish(),
      })
      .nullish(),
  })
  .loose();

const columnSchema = z.discriminatedUnion('encode', [
  z.object({ name: z.string(), input: z.string(), encode: z.literal('number'), fill: z.number().nullable() }),
  z.object({ name: z.string(), input: z.string(), encode: z.literal('is'), level: z.string() }),
  z.object({ name: z.string(), input: z.string(), encode: z.literal('has'), level: z.string() }),
  z.object({ name: z.string(), input: z.string(), encode: z.literal('missing') }),
  /** From all rows of the subject, by the encoder that `history` names; what `of`, `take` and `hours` mean is said there. */
  z.object({
    name: z.string(),
    encode: z.literal('history'),
    of: z.string().optional(),
    take: z.string(),
    hours: z.number().int().positive().optional(),
  }),
]);

const sha256Text = z.string().regex(/^[0-9a-f]{64}$/);

const onnxArtifact = z.object({
  file: z.string(),
  sha256: sha256Text,
  opset: z.number(),
  input: z.string(),
  /** `spread`: half the width of the interval on the margin, where the model says it. */
  outputs: z.object({ margin: z.string(), value: z.string(), spread: z.string().optional() }),
});

/** A published equation of src/prediction/equations/; the digest is over its name, revision and constants. */
const equationArtifact = z.object({ equation: z.string(), sha256: sha256Text });

const playerSchema = z.object({
  name: z.string(),
  label: z.string(),
  inputs: z.array(z.string()),
  /** Columns that it owns, where columns are made of several inputs; else it owns the columns of its inputs. */
  columns: z.array(z.string()).min(1).optional(),
  modifiable: z.boolean(),
  gene: z.string().nullish(),
  drug: z.string().nullish(),
});

const intervalGroups = z
  .array(z.object({ name: z.string(), known: z.array(z.string()), low: z.number(), high: z.number(), n: z.number() }).loose())
  .min(1);

/** What became of people, as columns of a table that `evaluate` reads beside the inputs. */
const outcomeSchema = z.discriminatedUnion('kind', [
  /** `occurred` and `absent`: texts that say that the event happened or did not; `score`: a further figure by the hour. */
  z.object({
    kind: z.literal('binary'),
    column: z.string(),
    occurred: z.array(z.string()).min(1),
    absent: z.array(z.string()).min(1),
    score: z.enum(['alertUtility']).nullish(),
  }),
  /** A truth outside `min` to `max` is none. */
  z.object({ kind: z.literal('number'), column: z.string(), min: z.number().nullish(), max: z.number().nullish() }),
  /** The event by `horizon`, in the unit of `time`; `says`: what the answer is of, where it is not the event's probability. */
  z.object({
    kind: z.literal('survival'),
    time: z.string(),
    event: z.string(),
    occurred: z.array(z.string()).min(1),
    absent: z.array(z.string()).min(1),
    horizon: z.number(),
    says: z.enum(['percentWithoutEvent']).nullish(),
  }),
]);

/** Groups by a column: its texts, under other names where `labels` has them, or bands of its numbers from each bound on. */
const groupingSchema = z.object({
  by: z.string(),
  column: z.string(),
  bands: z.array(z.number()).nullish(),
  labels: z.record(z.string(), z.string()).nullish(),
});

const subgroupSchema = z
  .object({
    by: z.string(),
    level: z.string(),
    /** Null where the group is not shown: it is under 11 people, or would tell such a group. 0 where the model was not tested on it. */
    n: z.number().nullable(),
    /** What `n` is rounded to, where the exact count would tell a group that is not shown. */
    nearest: z.number().int().positive().nullish(),
    mae: figure.nullish(),
    within20: figure.nullish(),
    bias: figure.nullish(),
    coverage: figure.nullish(),
    genotypeGain: figure.nullish(),
    /** On the gap between this group and the rest. */
    verdict: z.enum(VERDICTS).nullish(),
    genotypeVerdict: z.enum(['GENOTYPE_HELPS', 'NO_GENOTYPE_BENEFIT_SHOWN']).nullish(),
  })
  .loose();

/** What HTI-1 and TRIPOD+AI ask and nothing else of a card says, each in a sentence; what is left out is shown as not available. */
const reportingSchema = z.strictObject({
  population: z.string().nullish(),
  funding: z.string().nullish(),
  conflicts: z.string().nullish(),
  protocol: z.string().nullish(),
  registration: z.string().nullish(),
  code: z.string().nullish(),
  inequalities: z.string().nullish(),
  outcomeDefinition: z.string().nullish(),
  relevance: z.string().nullish(),
  biasReduction: z.string().nullish(),
  monitoring: z.string().nullish(),
  fairnessMonitoring: z.string().nullish(),
  updating: z.string().nullish(),
  corrections: z.string().nullish(),
  externalValidation: z
    .strictObject({
      data: z.string().nullish(),
      by: z.string().nullish(),
      people: z.string().nullish(),
      process: z.string().nullish(),
      fairness: z.string().nullish(),
    })
    .nullish(),
});

export type Figure = z.infer<typeof figure>;

/** The entries of a card's performance or subgroup that are figures, by metric. */
export function figuresOf(described: Readonly<Record<string, unknown>>): [metric: string, figure: Figure][] {
  return Object.entries(described).flatMap(([metric, value]) => {
    const parsed = figure.safeParse(value);
    return parsed.success ? [[metric, parsed.data] as [string, Figure]] : [];
  });
}

export const cardSchema = z
  .object({
    name: z.string(),
    /** As 1.2.0, or 1.2.0-rc.1 of one that comes before it. */
    version: z.string().regex(/^\d+(\.\d+)*(-[0-9a-z.-]+)?$/i),
    /** A candidate answers only where its version is asked for; the newest other version is in force. */
    status: z.enum(['IN_FORCE', 'CANDIDATE']).default('IN_FORCE'),
    /** What changed with each version, the newest first. */
    changeLog: z.array(z.object({ version: z.string(), date: z.iso.date(), change: z.string() })).default([]),
    title: z.string(),
    summary: z.string(),
    intendedUse: z.string(),
    notFor: z.array(z.string()),
    artifact: z.union([onnxArtifact, equationArtifact]),
    background: z.object({
      file: z.string(),
      sha256: z.string(),
      rows: z.number().int().positive(),
      synthetic: z.literal(true),
      madeFrom: z.string(),
    }),
    /** How the rows that its trees were grown on go through them, for the path-dependent game; else that is counted on the background. */
    covers: z.object({ file: z.string(), sha256: sha256Text, madeFrom: z.string() }).nullish(),
    output: z
      .object({
        label: z.string(),
        unit: z.string(),
        marginUnit: z.string(),
        link: z.enum(['identity', 'square', 'logistic', 'cloglog', 'exp']),
        decimals: z.number().int(),
        /** Decimals that the publisher's own tool rounds to, half upwards; left out where it does not. */
        roundTo: z.number().int().nullish(),
        /** Categories of the answer in rising order, each from its lower bound on; an equation may say its own instead. */
        categories: z.array(z.object({ name: z.string(), from: z.number(), meaning: z.string().nullish() })).nullish(),
        /** From where on something is done, by whose rule; the way down from it is what a counterfactual seeks. */
        decision: z.object({ threshold: z.number(), source: z.string() }).nullish(),
        drug: z.string().nullish(),
      })
      .loose(),
    inputs: z.array(inputSchema).min(1),
    /**
     * The model reads the rows of one subject together, in the order of `time`: its rows stand next to each other in a table.
     * Background rows are each subject's last.
     */
    history: z.object({ encoder: z.enum(['hourly', 'dosing']), subject: z.string(), time: z.string() }).nullish(),
    columns: z.array(columnSchema).min(1),
    /** Groups of inputs that the explanation treats as one; exact enumeration allows at most 12. */
    players: z.array(playerSchema).min(1).max(12),
    interval: z
      .object({
        method: z.string(),
        coverage: z.number(),
        space: z.literal('margin'),
        /** The model says the half-width itself; there are no groups then. */
        from: z.literal('spread').optional(),
        groups: intervalGroups.optional(),
        /** Groups of their own for a race whose residuals differ; taken instead of `groups`. */
        byRace: z.record(z.string(), intervalGroups).nullish(),
        /** The residuals that the bounds were taken from. */
        calibration: z.object({ file: z.string(), sha256: sha256Text, n: z.number() }).optional(),
      })
      .loose()
      .nullish(),
    /** Figures by metric, on rows that the model had not seen; none where it was not tested here. */
    performance: z.object({ evaluatedOn: z.string(), n: z.number().nullable() }).loose(),
    /** Whom the groups were formed of, and how they were answered. */
    subgroupsFrom: z.string().nullish(),
    subgroups: z.array(subgroupSchema),
    /** How recorded outcomes are held against the model. */
    evaluation: z.object({ outcome: outcomeSchema, person: z.string().nullish(), groups: z.array(groupingSchema) }).nullish(),
    /** The input that a person's years are counted by, and the years between two points of a trajectory. */
    trajectory: z.object({ input: z.string(), step: z.number().positive() }).nullish(),
    /**
     * Outcomes of patient records that answers are held against: a measured number in a UCUM unit that is the answer's, or an
     * event within the years that the answer is for.
     */
    recordedOutcome: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('number'), outcomes: z.array(z.enum(OUTCOME_KINDS)).min(1), unit: z.string() }),
        z.object({ kind: z.literal('event'), outcomes: z.array(z.enum(OUTCOME_KINDS)).min(1), horizonYears: z.number().positive() }),
      ])
      .nullish(),
    trainedOn: z
      .object({
        data: z.string(),
        licence: z.string(),
        attribution: z.string(),
        rows: z.number().nullable(),
        dates: z.string().nullish(),
        inclusion: z.string().nullish(),
        exclusion: z.string().nullish(),
      })
      .loose(),
    limits: z.array(z.string()),
    reporting: reportingSchema.nullish(),
  })
  .loose();

export type ModelCard = z.infer<typeof cardSchema>;
export type CardInput = ModelCard['inputs'][number];
export type CardPlayer = ModelCard['players'][number];
export type Outcome = z.infer<typeof outcomeSchema>;
export type Grouping = z.infer<typeof groupingSchema>;
export type CardSubgroup = ModelCard['subgroups'][number];

/** Indices of the columns that each player owns. */
export function playerColumns({ columns, players }: ModelCard): number[][] {
  const owns = (player: CardPlayer, column: ModelCard['columns'][number]) =>
    player.columns ? player.columns.includes(column.name) : 'input' in column && player.inputs.includes(column.input);
  return players.map((player) => columns.flatMap((column, index) => (owns(player, column) ? [index] : [])));
}
