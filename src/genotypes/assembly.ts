/** Which assembly a VCF's header speaks of. */
import { AvicennaError } from '../errors.ts';

/** Lengths of GRCh38's chromosomes (GCA_000001405.15): another length is another assembly. */
const LENGTHS: Readonly<Record<string, number>> = {
  '1': 248956422,
  '2': 242193529,
  '3': 198295559,
  '4': 190214555,
  '5': 181538259,
  '6': 170805979,
  '7': 159345973,
  '8': 145138636,
  '9': 138394717,
  '10': 133797422,
  '11': 135086622,
  '12': 133275309,
  '13': 114364328,
  '14': 107043718,
  '15': 101991189,
  '16': 90338345,
  '17': 83257441,
  '18': 80373285,
  '19': 58617616,
  '20': 64444167,
  '21': 46709983,
  '22': 50818468,
  X: 156040895,
};

const OTHER = /(GRCh3[67]|hg1[89]|(^|[^a-z])b3[67]|hs37|v37|NCBI3[67]|assembly1[89]|T2T|CHM13|GRCm\d|(^|[^a-z])mm\d)/i;
const RIGHT = /(GRCh38|hg38|hs38)/i;

/** What a line calls the assembly: the name of a file first, then the folders that it lies in. */
function named(line: string): readonly string[] {
  const reference = /^##(?:reference|assembly)=(.*)$/i.exec(line)?.[1] ?? /^##contig=.*[<,]assembly="?([^,>"]*)/i.exec(line)?.[1];
  return reference?.split(/[/\\]/).reverse() ?? [];
}

function isOther(line: string): boolean {
  const telling = named(line).find((name) => RIGHT.test(name) || OTHER.test(name));
  if (telling !== undefined) return !RIGHT.test(telling);
  const [, id = ''] = /^##contig=<(?:.*,)?ID=(?:chr)?([^,>]+)/i.exec(line) ?? [];
  const [, length] = /^##contig=<.*[<,]length=(\d+)/i.exec(line) ?? [];
  const own = LENGTHS[id];
  return own !== undefined && length !== undefined && Number(length) !== own;
}

/** Refuses an assembly other than GRCh38, where the header names one or gives its lengths. Throws VCF_INVALID with the line. */
export function checkAssembly(header: readonly string[], at: string): void {
  const index = header.findIndex(isOther);
  if (index < 0) return;
  const message = 'The file says another assembly than GRCh38; positions would be read at the wrong place.';
  throw new AvicennaError('VCF_INVALID', message, `${at}:${index + 1}`);
}
