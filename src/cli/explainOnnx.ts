/** `explain --onnx`: any ONNX file whose input is a table of numbers. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { AvicennaError } from '../errors.ts';
import { explainGraph, type GraphAnswer } from '../explanation/explainGraph.ts';
import { type GraphModel, readModel } from '../explanation/onnx/readModel.ts';
import { checkServed } from '../explanation/served.ts';
import { checkWidth, type NumberTable, readNumbers } from '../prediction/rows.ts';
import { type ExplainOptions, writePicture } from './explainOptions.ts';
import { line, note } from './output.ts';

/** Larger files are not read: the largest model that was tried, 2,000 trees of depth 8, has 20 MB. */
const MAX_MODEL_BYTES = 256 * 2 ** 20;
const TABLE_LIMIT = 512 * 2 ** 20;

function readFile(file: string): Uint8Array {
  try {
    const open = openSync(file, 'r');
    try {
      const size = fstatSync(open).size;
      if (size > MAX_MODEL_BYTES)
        throw new AvicennaError('MODEL_INVALID', `The file has ${size} bytes, at most ${MAX_MODEL_BYTES} are read.`, file);
      return readFileSync(open);
    } finally {
      closeSync(open);
    }
  } catch (error) {
    if (error instanceof AvicennaError) throw error;
    throw new AvicennaError(
      'FILE_UNREADABLE',
      `The file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}).`,
      file,
    );
  }
}

/** The model with its rows and its background; the header says how many columns there are where the model leaves it open. */
async function readAll(file: string, { rows: table, background: reference }: ExplainOptions) {
  if (reference === undefined)
    throw new AvicennaError('BAD_USER_INPUT', 'An ONNX file carries no reference rows: name them with --background.', '--background');
  const bytes = readFile(file);
  const rows = await readNumbers(table, null);
  const model = readModel(bytes, file, rows.names.length);
  checkWidth(rows.names, model.width, table);
  const background = await readNumbers(reference, model.width);
  const other = rows.names.findIndex((name, column) => name !== background.names[column]);
  if (other >= 0)
    throw new AvicennaError(
      'ROWS_INVALID',
      `Column ${other + 1} is '${background.names[other]?.slice(0, 60)}', in the rows it is '${rows.names[other]?.slice(0, 60)}'.`,
      `${reference}:1`,
    );
  return { model, rows, background };
}

/** The rows as the model takes them. Throws ROWS_INVALID with the place where a column of whole numbers has another. */
function rounded(model: GraphModel, { rows, at, names }: NumberTable): Float64Array[] {
  return rows.map((row, index) => {
    const broken = row.findIndex((value, column) => model.whole(column) && !Number.isInteger(value));
    if (broken >= 0) throw new AvicennaError('ROWS_INVALID', `'${names[broken]}' takes whole numbers.`, at[index]);
    return row.map(model.rounded);
  });
}

/** The whole answer as one object: rows x columns. */
function shape({ method, output }: ExplainOptions, { names }: NumberTable, answer: GraphAnswer) {
  const { games, residual, standardErrors, notes } = answer;
  const width = names.length;
  return {
    method,
    output,
    baseValue: games[0]?.base ?? 0,
    features: names,
    values: games.map(({ values }) => [...values]),
    predictions: games.map(({ full }) => full),
    residual,
    ...(games[0]?.interactions && {
      interactions: games.map(({ interactions }) =>
        names.map((_, player) => [...(interactions?.subarray(player * width, (player + 1) * width) ?? [])]),
      ),
    }),
    ...(standardErrors && { standardErrors: standardErrors.map((errors) => [...errors]) }),
    ...(notes.length > 0 && { notes }),
  };
}

const DRIVERS = 8;
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toPrecision(4)}`;

function largest({ names, rows }: NumberTable, answer: GraphAnswer, index: number) {
  const values = answer.games[index]?.values ?? new Float64Array();
  const drivers = [...values]
    .map((contribution, column) => {
      const value = rows[index]?.[column] ?? Number.NaN;
      return { label: `${names[column]}: ${Number.isNaN(value) ? 'missing' : value}`, contribution };
    })
    .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
  const listed = drivers.slice(0, DRIVERS).filter(({ contribution }) => contribution !== 0);
  return { listed, remainder: drivers.slice(DRIVERS).reduce((sum, { contribution }) => sum + contribution, 0) };
}

async function inWords(table: NumberTable, answer: GraphAnswer): Promise<void> {
  for (const [index, { base, full }] of answer.games.entries()) {
    const { listed, remainder } = largest(table, answer, index);
    const parts = listed.map(({ label, contribution }) => `${label} ${signed(contribution)}`).join('; ');
    await line(
      `${table.at[index]}: ${full.toPrecision(6)}, the background's mean is ${base.toPrecision(6)}. The model used: ${parts}; everything else ${signed(remainder)}.`,
    );
  }
}

/** Explains every row of a table, or throws; an error without a place is about the file. */
export async function explainOnnx(file: string, options: ExplainOptions): Promise<void> {
  try {
    await explainFile(file, options);
  } catch (error) {
    if (error instanceof AvicennaError && error.at === undefined) throw new AvicennaError(error.code, error.message, file);
    throw error;
  }
}

async function explainFile(file: string, options: ExplainOptions): Promise<void> {
  const { model, rows, background } = await readAll(file, options);
  const question = { model, rows: rounded(model, rows), background: rounded(model, background) };
  const answer = await explainGraph({
    ...question,
    places: { rows: rows.at, background: background.at },
    method: options.method,
    output: options.output,
    classIndex: options.class ?? null,
    interactions: options.interactions ?? false,
    tableLimit: TABLE_LIMIT,
  });
  const served = await checkServed(file, model, question.rows);
  if ('unchecked' in served) note(`${file}: not compared with onnxruntime: ${served.unchecked}`);
  else if (served.otherwise) note(`${file}: explained as the file says, which is not what is served: ${served.otherwise}`);
  for (const text of answer.notes) note(`${file}: ${text}`);
  const [first] = answer.games;
  if (options.svg !== undefined && first) {
    const { drawWaterfall } = await import('../explanation/plot.ts');
    const { listed, remainder } = largest(rows, answer, 0);
    const axis = { label: `${model.outputName} (${options.output})`, unit: '', decimals: 3, whose: 'this row' };
    writePicture(options.svg, drawWaterfall({ ...axis, baseValue: first.base, prediction: first.full, drivers: listed, remainder }));
  }
  if (!options.json) return inWords(rows, answer);
  const servedResidual = 'residual' in served ? served.residual : null;
  await line(JSON.stringify({ ...shape(options, rows, answer), servedResidual }));
}
