declare module '@lhncbc/ucum-lhc' {
  interface UcumLhcUtils {
    convertUnitTo(
      from: string,
      value: number,
      to: string,
      /** `molecularWeight` in g/mol, for conversions between mass and amount of substance. */
      options?: { readonly molecularWeight?: number | null },
    ): { status: 'succeeded' | 'failed' | 'error'; toVal: number | null; msg: string[] };
    validateUnitString(unit: string): { status: 'valid' | 'invalid' | 'error' };
  }
  const library: { UcumLhcUtils: { getInstance(): UcumLhcUtils } };
  export = library;
}
