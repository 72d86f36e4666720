"""The fitted model as an ONNX graph of plain operators (opset 13, IR 8).

X -> clean numbers and centred terms -> log hazard of each cause -> margin,
value and spread. Written without timestamps, so the same model always gives
the same bytes.
"""
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

import cohort
import model as m
from encode import COLUMNS

OPSET, IR = 13, 8
NUMBER = {"age": 0, "size": 1, "nodes": 2}  # columns of X


class Builder:
    """Collects nodes and constants."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, name, value, kind=np.float32):
        self.constants.append(numpy_helper.from_array(
            np.asarray(value, kind), name))
        return name

    def add(self, op, inputs, output, **attributes):
        self.nodes.append(helper.make_node(op, inputs, [output],
                                           **attributes))
        return output

    def scale(self, x, by, output):
        return self.add("Mul", [x, self.constant(output + ".by", by)], output)

    def plus(self, x, what, output):
        return self.add("Add", [x, self.constant(output + ".add", what)],
                        output)

    def total(self, x, output):
        """Sum over the columns, kept as one column."""
        return self.add("ReduceSum", [x, "axis1"], output, keepdims=1)


def _columns(b, first, last, output):
    """X[:, first:last]."""
    return b.add("Slice", [
        "X", b.constant(output + ".from", [first], np.int64),
        b.constant(output + ".to", [last], np.int64), "axis1"], output)


def _number(b, name, column):
    """The clipped number, whether it is missing, and that as 0 or 1."""
    low, high = m.CLIP[cohort.NUMBERS[column]]
    raw = _columns(b, column, column + 1, name + ".raw")
    gone = b.add("IsNaN", [raw], name + ".gone")
    filled = b.add("Where", [gone, b.constant(name + ".fill", [[low]]), raw],
                   name + ".filled")
    b.add("Clip", [filled, b.constant(name + ".low", low),
                   b.constant(name + ".high", high)], name)
    b.add("Cast", [gone], name + ".missing", to=TensorProto.FLOAT)


def _centre(b, term, gone, mean):
    """The term less its mean; where the number is missing, the mean: 0."""
    moved = b.plus(term, [[-mean]], term + ".moved")
    return b.add("Where", [gone + ".gone", "nought", moved],
                 term + ".centred")


def _terms(b, model):
    """`disease.terms` and `other.terms`, as Model.terms makes them."""
    for name, column in NUMBER.items():
        _number(b, name, column)
    b.plus("age", [[-m.AGE_ZERO]], "age.from61")
    b.scale("age.from61", [[1 / m.TEN]], "age.tens")
    b.scale("size", [[1 / m.TEN]], "size.tens")
    b.plus("size", [[-m.SIZE_KNOT]], "size.over")
    b.add("Max", ["size.over", "nought"], "size.hinge")
    b.scale("size.hinge", [[1 / m.TEN]], "size.hingeTens")
    b.add("Log", [b.plus("nodes", [[1.0]], "nodes.plus1")], "nodes.log")
    sources = (("age.tens", "age"), ("size.tens", "size"),
               ("size.hingeTens", "size"), ("nodes.log", "nodes"))
    age, size, hinge, nodes = (
        _centre(b, term, gone, mean)
        for (term, gone), mean in zip(sources, model.number_means))
    raw = _columns(b, m.FIRST, len(COLUMNS), "levels.raw")
    filled = b.add("MatMul", [raw, b.constant("levels.fill", model.fill)],
                   "levels.filled")
    levels = b.plus(filled, [-model.level_means], "levels")
    b.add("Concat", [size, hinge, "size.missing", nodes, "nodes.missing",
                     levels], "disease.terms", axis=1)
    b.add("Concat", [age, "age.missing"], "other.terms", axis=1)


def _cause(b, name, cox):
    """`<name>.hazard` and `<name>.variance` of one cause."""
    terms = name + ".terms"
    weighed = b.add("MatMul", [terms, b.constant(
        name + ".weights", cox.weights.reshape(-1, 1))], name + ".weighed")
    b.add("Exp", [b.plus(weighed, [[cox.intercept]], name + ".log")],
          name + ".hazard")
    away = b.plus(terms, [-cox.q], name + ".away")
    spread = b.add("MatMul", [away, b.constant(
        name + ".factor", np.linalg.cholesky(cox.V))], name + ".spread")
    squares = b.add("Mul", [spread, spread], name + ".squares")
    b.plus(b.total(squares, name + ".quadratic"), [[cox.v0]],
           name + ".variance")


def _outputs(b):
    b.add("Add", ["disease.hazard", "other.hazard"], "hazard")
    b.add("Log", ["hazard"], "margin")
    b.add("Exp", [b.add("Neg", ["hazard"], "hazard.less")], "alive")
    b.add("Sub", [b.constant("one", [[1.0]]), "alive"], "value")
    shares = []
    for name in ("disease", "other"):
        share = b.add("Div", [name + ".hazard", "hazard"], name + ".share")
        square = b.add("Mul", [share, share], name + ".share2")
        shares.append(b.add("Mul", [square, name + ".variance"],
                            name + ".part"))
    error = b.add("Sqrt", [b.add("Add", shares, "variance")], "error")
    b.scale(error, [[m.Z * m.WIDEN]], "spread")


def build(model, name, version):
    b = Builder()
    b.constant("axis1", [1], np.int64)
    b.constant("nought", [[0.0]])
    _terms(b, model)
    _cause(b, "disease", model.disease)
    _cause(b, "other", model.other)
    _outputs(b)

    def tensor(label, width):
        return helper.make_tensor_value_info(label, TensorProto.FLOAT,
                                             ["N", width])
    graph = helper.make_graph(
        b.nodes, name, [tensor("X", len(COLUMNS))],
        [tensor(n, 1) for n in ("margin", "value", "spread")], b.constants)
    onnx_model = helper.make_model(
        graph, producer_name=name, producer_version=version, ir_version=IR,
        opset_imports=[helper.make_opsetid("", OPSET)])
    checker.check_model(onnx_model, full_check=True)
    return onnx_model.SerializeToString(deterministic=True)


def run(data, X):
    """Margin, value and spread by onnxruntime."""
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        data, options, providers=["CPUExecutionProvider"])
    outputs = session.run(["margin", "value", "spread"],
                          {"X": X.astype(np.float32)})
    return [o[:, 0].astype(float) for o in outputs]
