declare module '@lhncbc/ucum-lhc' {
  interface UcumLhcUtils {
    convertUnitTo(
      from: string,
      value: number,
      to: string,
    ): { status: 'succeeded' | 'failed' | 'error'; toVal: number | null; msg: string[] };
    validateUnitString(unit: string): { status: 'valid' | 'invalid' | 'error' };
  }
  const library: { UcumLhcUtils: { getInstance(): UcumLhcUtils } };
  export = library;
}
