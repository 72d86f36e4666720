/** Units by UCUM (unitsofmeasure.org), converted by the National Library of Medicine's library. */
import type { UcumLhcUtils } from '@lhncbc/ucum-lhc';

let loaded: UcumLhcUtils | undefined;

/** The library reads 2 MB of tables: it is loaded when the first unit differs from the one kept. */
async function ucum(): Promise<UcumLhcUtils> {
  if (!loaded) {
    const { default: library } = await import('@lhncbc/ucum-lhc');
    loaded = library.UcumLhcUtils.getInstance();
  }
  return loaded;
}

/** The value in `to`, or null where the units do not convert into each other or one is not UCUM. */
export async function convertUnit(value: number, from: string, to: string): Promise<number | null> {
  if (from === to) return value;
  const result = (await ucum()).convertUnitTo(from, value, to);
  if (result.status !== 'succeeded' || result.toVal === null) return null;
  return Number(result.toVal.toPrecision(12));
}

export async function isUnit(unit: string): Promise<boolean> {
  return (await ucum()).validateUnitString(unit).status === 'valid';
}
