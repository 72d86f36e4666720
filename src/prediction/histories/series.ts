/** Series of one number an hour: a measured input as it was recorded, or something derived from the inputs. */
/** The hours of one subject without gaps; an hour without a row has nothing measured. */
export interface Hours {
  readonly length: number;
  /** What was recorded of an input, hour by hour; NaN where nothing was. */
  recorded(input: string): Float64Array;
  /** The value recorded last, hour by hour. */
  lastKnown(input: string): Float64Array;
}

interface Derived {
  /** Inputs that it reads; a card that names the series must have them. */
  readonly reads: readonly string[];
  readonly of: (hours: Hours) => Float64Array;
}

const VITALS = ['HR', 'O2Sat', 'Temp', 'SBP', 'MAP', 'DBP', 'Resp'] as const;
const BLOOD_TESTS = [
  ...['BaseExcess', 'HCO3', 'pH', 'PaCO2', 'SaO2', 'AST', 'BUN', 'Alkalinephos', 'Calcium', 'Chloride', 'Creatinine'],
  ...['Bilirubin_direct', 'Lactate', 'Magnesium', 'Phosphate', 'Potassium', 'Bilirubin_total', 'TroponinI', 'Hct', 'Hgb'],
  ...['PTT', 'WBC', 'Fibrinogen', 'Platelets'],
] as const;
const LABS = ['EtCO2', 'FiO2', 'Glucose', ...BLOOD_TESTS] as const;

type Reading = Readonly<Record<string, number>>;

/** A number for each hour from the last known values of some inputs. */
function fromLastKnown(reads: readonly string[], of: (known: Reading) => number): Derived {
  return {
    reads,
    of: (hours) => {
      const known = reads.map((input) => hours.lastKnown(input));
      return Float64Array.from({ length: hours.length }, (_, hour) =>
        of(Object.fromEntries(reads.map((input, index) => [input, known[index]?.[hour] ?? Number.NaN]))),
      );
    },
  };
}

/** How many of some inputs were recorded in each hour. */
function countNow(inputs: readonly string[]): Derived {
  return {
    reads: inputs,
    of: (hours) => {
      const all = inputs.map((input) => hours.recorded(input));
      return Float64Array.from({ length: hours.length }, (_, hour) => all.filter((values) => !Number.isNaN(values[hour])).length);
    },
  };
}

const ratio = (over: string, under: string) => fromLastKnown([over, under], (known) => (known[over] as number) / (known[under] as number));
const flag = (input: string, is: (value: number) => boolean) => fromLastKnown([input], (known) => (is(known[input] as number) ? 1 : 0));

/** Points of the first band that holds the value; 0 where it is missing, for a comparison with NaN is never true. */
function pointsOf(value: number, bands: readonly (readonly [upTo: number, points: number])[], above = 0): number {
  if (Number.isNaN(value)) return 0;
  return bands.find(([upTo]) => value <= upTo)?.[1] ?? above;
}

/**
 * The five measured parameters of NEWS2 (RCP 2017), unrounded, of the last known values; a parameter that is missing counts
 * 0, oxygen and consciousness are not recorded in the data.
 */
const news = fromLastKnown(['Resp', 'O2Sat', 'Temp', 'SBP', 'HR'], ({ Resp, O2Sat, Temp, SBP, HR }) => {
  const breathing = pointsOf(Resp as number, [[8, 3], [11, 1], [20, 0], [24, 2]], 3); // biome-ignore format: a chart
  const oxygen = pointsOf(O2Sat as number, [[91, 3], [93, 2], [95, 1]]); // biome-ignore format: a chart
  const warmth = pointsOf(Temp as number, [[35, 3], [36, 1], [38, 0], [39, 1]], 2); // biome-ignore format: a chart
  const pressure = (SBP as number) >= 220 ? 3 : pointsOf(SBP as number, [[90, 3], [100, 2], [110, 1]]); // biome-ignore format: a chart
  const pulse = pointsOf(HR as number, [[40, 3], [50, 1], [90, 0], [110, 1], [130, 2]], 3); // biome-ignore format: a chart
  return breathing + oxygen + warmth + pressure + pulse;
});

const outside = (value: number | undefined, low: number, high: number) => (value as number) < low || (value as number) > high;

/** Criteria of the systemic inflammatory response syndrome that are met (Bone 1992), of the last known values. */
const sirs = fromLastKnown(['Temp', 'HR', 'Resp', 'PaCO2', 'WBC'], ({ Temp, HR, Resp, PaCO2, WBC }) => {
  const breathing = (Resp as number) > 20 || (PaCO2 as number) < 32;
  return [outside(Temp, 36, 38), (HR as number) > 90, breathing, outside(WBC, 4, 12)].filter(Boolean).length;
});

/** Points of SOFA (Vincent 1996) for pressure without drugs, platelets, bilirubin and creatinine, of the last known values. */
const sofa = fromLastKnown(['MAP', 'Platelets', 'Bilirubin_total', 'Creatinine'], ({ MAP, Platelets, Bilirubin_total, Creatinine }) => {
  const atLeast = (value: number | undefined, limits: readonly number[]) => limits.filter((limit) => (value as number) >= limit).length;
  const platelets = [150, 100, 50, 20].filter((limit) => (Platelets as number) < limit).length;
  const pressure = (MAP as number) < 70 ? 1 : 0;
  return pressure + platelets + atLeast(Bilirubin_total, [1.2, 2, 6, 12]) + atLeast(Creatinine, [1.2, 2, 3.5, 5]);
});

/** How many of the labs were measured once at least. */
const labKinds: Derived = {
  reads: LABS,
  of: (hours) => {
    const known = LABS.map((input) => hours.lastKnown(input));
    return Float64Array.from({ length: hours.length }, (_, hour) => known.filter((values) => !Number.isNaN(values[hour])).length);
  },
};

const bloodTests: Derived = {
  reads: BLOOD_TESTS,
  of: (hours) =>
    countNow(BLOOD_TESTS)
      .of(hours)
      .map((n) => (n > 0 ? 1 : Number.NaN)),
};

/** 1 in a medical, 0 in a surgical unit; missing where the unit is not recorded. */
const medicalUnit = fromLastKnown(['Unit1', 'Unit2'], ({ Unit1, Unit2 }) => (Unit1 === 1 ? 1 : Unit2 === 1 ? 0 : Number.NaN));

const hoursInHospital = fromLastKnown(['ICULOS', 'HospAdmTime'], ({ ICULOS, HospAdmTime }) => (ICULOS as number) - (HospAdmTime as number));

export const DERIVED: Readonly<Record<string, Derived>> = {
  NEWS: news,
  SIRS: sirs,
  SOFA: sofa,
  shockIndex: ratio('HR', 'SBP'),
  spo2ToFio2: ratio('O2Sat', 'FiO2'),
  sao2ToFio2: ratio('SaO2', 'FiO2'),
  bunToCreatinine: ratio('BUN', 'Creatinine'),
  labs: countNow(LABS),
  vitals: countNow(VITALS),
  labKinds,
  bloodTests,
  fever: flag('Temp', (value) => value > 38),
  hypotension: flag('MAP', (value) => value < 65),
  tachypnoea: flag('Resp', (value) => value > 22),
  hoursInHospital,
  medicalUnit,
};
