import type { Tensor } from '../forms.ts';
import type { OnnxNode } from '../modelFile.ts';
import type { Program } from '../program.ts';

/** Reads a node: the tensor that its output stands for. Throws where the node is wrong or cannot be explained. */
export type Operator = (program: Program, node: OnnxNode) => Tensor;
