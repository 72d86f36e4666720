/** Units by UCUM (unitsofmeasure.org), converted by the National Library of Medicine's library. */
import type library from '@lhncbc/ucum-lhc';

type Ucum = ReturnType<(typeof library)['UcumLhcUtils']['getInstance']>;

let loaded: Ucum | undefined;

/** The library reads 2 MB of tables: it is loaded when the first unit differs from the one kept. */
async function ucum(): Promise<Ucum> {
  if (!loaded) {
    const { default: ucumLhc } = await import('@lhncbc/ucum-lhc');
    loaded = ucumLhc.UcumLhcUtils.getInstance();
  }
  return loaded;
}

/**
 * The value in `to`, or null where the units do not convert into each other or one is not UCUM.
 * @param molarMass g/mol, where mass and amount of substance may be meant
 */
export async function convertUnit(value: number, from: string, to: string, molarMass?: number): Promise<number | null> {
  if (from === to) return value;
  const result = (await ucum()).convertUnitTo(from, value, to, { molecularWeight: molarMass ?? null });
  if (result.status !== 'succeeded' || result.toVal === null) return null;
  const converted = Number(result.toVal.toPrecision(12));
  // Beyond every number there is: JSON would keep it as null.
  return Number.isFinite(converted) ? converted : null;
}

export async function isUnit(unit: string): Promise<boolean> {
  return (await ucum()).validateUnitString(unit).status === 'valid';
}
