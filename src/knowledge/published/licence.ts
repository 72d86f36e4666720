/**
 * Which licences bind whoever passes the data on. Anything that is not plainly open counts as binding: a row under it
 * enters a release only where the user has said that its terms are accepted.
 */
const OPEN = /^(CC0( 1\.0)?|CC BY( [1-4]\.0)?|public domain|EMBL-EBI terms of use|HPO licence)$/i;

/** @param licence as the file says it; several, separated by `|`, bind together */
export function bindsWhoPassesOn(licence: string): boolean {
  return !licence.split('|').every((one) => OPEN.test(one.trim()));
}
