/** Operators that work on each column by itself, or choose and join columns. */
import { floatOf, integerOf, integersOf, invalid, numbersOf, textsOf, unsupported } from '../attributes.ts';
import { type ColumnForm, combined, scaled, scoresOf, type Tensor, through } from '../forms.ts';
import { ELEMENT, type OnnxNode, WHOLE_ELEMENTS } from '../modelFile.ts';
import { type Known, type Program, rowOf } from '../program.ts';
import type { Operator } from './operator.ts';

const forwards = (program: Program, node: OnnxNode, from: Tensor) => program.add(node, from.width, from, (tensors) => rowOf(tensors, from));

/** Identity, Dropout and ZipMap change no number. */
export const same: Operator = (program, node) => forwards(program, node, program.need(node));

/** Reshape and Flatten keep a row a row, or are refused. */
export const reshape: Operator = (program, node) => {
  const from = program.need(node);
  const shape = node.operator === 'Reshape' ? program.needConstant(node, 1).values : [-1, from.width];
  const width = shape.length === 2 ? shape[1] : shape.length === 1 && from.width === 1 ? 1 : undefined;
  if (width !== from.width && !(width === -1 && shape[0] === 0))
    if (!(width === -1 && from.width === 1)) throw unsupported(node, 'it changes how many numbers a row has');
  return forwards(program, node, from);
};

/** Columns that are finer than float32 are rounded to it, as the runtime does; what is float32 already stays in double precision. */
const narrowed = (program: Program, node: OnnxNode, from: Tensor, columns: readonly ColumnForm[]) =>
  program.add(
    node,
    from.width,
    { columns: columns.map((column) => (column.wide ? { ...through(column, Math.fround), wide: false } : column)) },
    (tensors) => rowOf(tensors, from).map((value, index) => (columns[index]?.wide ? Math.fround(value) : value)),
  );

export const cast: Operator = (program, node) => {
  const from = program.need(node);
  const to = integerOf(node, 'to', 0);
  if (to === ELEMENT.FLOAT && from.columns?.some(({ wide }) => wide)) return narrowed(program, node, from, from.columns);
  if (to === ELEMENT.FLOAT || to === ELEMENT.DOUBLE) return forwards(program, node, from);
  if (!WHOLE_ELEMENTS.has(to)) throw unsupported(node, `it makes elements of type ${to}`);
  const columns = from.columns?.map((column) => through(column, Math.trunc)) ?? null;
  return program.add(node, from.width, { columns }, (tensors) => rowOf(tensors, from).map(Math.trunc));
};

/** One value for all columns, or one for each. */
function perColumn(node: OnnxNode, name: string, values: readonly number[], width: number, otherwise: number): number[] {
  if (values.length !== 1 && values.length !== width && values.length !== 0)
    throw invalid(node, `'${name}' has ${values.length} entries for ${width} columns`);
  return Array.from({ length: width }, (_, index) => (values.length === 1 ? values[0] : values[index]) ?? otherwise);
}

/** (x - offset) x scale */
export const scaler: Operator = (program, node) => {
  const from = program.need(node);
  const offset = perColumn(node, 'offset', numbersOf(node, 'offset'), from.width, 0);
  const scale = perColumn(node, 'scale', numbersOf(node, 'scale'), from.width, 1);
  const at = (list: readonly number[], index: number) => list[index] as number;
  const columns =
    from.columns?.map((column, index) =>
      through(
        column,
        (value) => (value - at(offset, index)) * at(scale, index),
        (value) => Math.fround(value - at(offset, index)) * at(scale, index),
      ),
    ) ?? null;
  const scores =
    from.scores?.map((score, index) =>
      combined(-at(offset, index) * at(scale, index), [{ score: scaled(score, at(scale, index)), weight: 1 }]),
    ) ?? null;
  return program.add(node, from.width, { columns, scores }, (tensors) =>
    rowOf(tensors, from).map((value, index) => (value - at(offset, index)) * at(scale, index)),
  );
};

/** Fills in missing values, or those equal to a given one. */
export const imputer: Operator = (program, node) => {
  const from = program.need(node);
  const floats = numbersOf(node, 'imputed_value_floats');
  const given = floats.length > 0 ? floats : integersOf(node, 'imputed_value_int64s');
  const fill = perColumn(node, 'imputed_value', given, from.width, 0);
  const replaced = floats.length > 0 ? floatOf(node, 'replaced_value_float', 0) : integerOf(node, 'replaced_value_int64', 0);
  const isReplaced = (value: number) => value === replaced || (Number.isNaN(replaced) && Number.isNaN(value));
  const filled = (value: number, index: number) => (isReplaced(value) ? (fill[index] as number) : value);
  const columns = from.columns?.map((column, index) => through(column, (value) => filled(value, index))) ?? null;
  return program.add(node, from.width, { columns }, (tensors) => rowOf(tensors, from).map(filled));
};

/** One column of 0 and 1 for each category of each column. */
export const oneHot: Operator = (program, node) => {
  const from = program.need(node);
  if (textsOf(node, 'cats_strings').length > 0) throw unsupported(node, 'its categories are texts');
  const categories = integersOf(node, 'cats_int64s');
  if (categories.length === 0) throw invalid(node, 'it has no categories');
  const is = (value: number, category: number) => (Math.trunc(value) === category ? 1 : 0);
  const columns = from.columns?.flatMap((column) => categories.map((category) => through(column, (value) => is(value, category)))) ?? null;
  return program.add(node, from.width * categories.length, { columns }, (tensors) =>
    Float64Array.from([...rowOf(tensors, from)].flatMap((value) => categories.map((category) => is(value, category)))),
  );
};

/** 1 above the threshold, else 0. */
export const binarizer: Operator = (program, node) => {
  const from = program.need(node);
  const threshold = floatOf(node, 'threshold', 0);
  const above = (value: number) => (value > threshold ? 1 : 0);
  const columns = from.columns?.map((column) => through(column, above)) ?? null;
  return program.add(node, from.width, { columns }, (tensors) => rowOf(tensors, from).map(above));
};

function joinedForms(inputs: readonly Tensor[]): Known {
  const columns = inputs.map((input) => input.columns);
  if (columns.every((list) => list !== null)) return { columns: columns.flat() as ColumnForm[] };
  const scores = inputs.map(scoresOf);
  return scores.every((list) => list !== null) ? { scores: scores.flat() } : {};
}

/** Tensors side by side. */
export const concat: Operator = (program, node) => {
  const axis = integerOf(node, 'axis', 1);
  if (node.operator === 'Concat' && axis !== 1 && axis !== -1) throw unsupported(node, `it joins along axis ${axis}`);
  const inputs = node.inputs.map((_, index) => program.need(node, index));
  const width = inputs.reduce((sum, input) => sum + input.width, 0);
  return program.add(node, width, joinedForms(inputs), (tensors) => {
    const row = new Float64Array(width);
    let at = 0;
    for (const input of inputs) {
      row.set(rowOf(tensors, input), at);
      at += input.width;
    }
    return row;
  });
};

/** Some of the columns, by number. */
export const choose: Operator = (program, node) => {
  const from = program.need(node);
  if (node.operator === 'Gather' && integerOf(node, 'axis', 0) !== 1) throw unsupported(node, 'it takes rows, not columns');
  const chosen = program.needConstant(node, 1).values.map((index) => (index < 0 ? index + from.width : index));
  const wrong = chosen.find((index) => !(index >= 0 && index < from.width));
  if (wrong !== undefined) throw invalid(node, `it takes column ${wrong}, there are ${from.width}`);
  const pick = <T>(list: readonly T[] | null) => list && chosen.map((index) => list[index] as T);
  const known = { ...from, columns: pick(from.columns), scores: pick(from.scores), raw: pick(from.raw) };
  return program.add(node, chosen.length, known, (tensors) => {
    const row = rowOf(tensors, from);
    return Float64Array.from(chosen, (index) => row[index] as number);
  });
};
