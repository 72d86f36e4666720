"""The fitted model as an ONNX graph of plain operators (opset 13, IR 8).

X -> products of raw columns -> scaled terms -> products of terms -> margin;
value = max(margin, 0) squared. Written without timestamps, so the same model
always gives the same bytes.
"""
import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper

OPSET, IR = 13, 8


def _initializers(model):
    column = model.coef.reshape(-1, 1)
    floats = {"A": model.A, "shift": model.shift.reshape(1, -1),
              "coef": column, "intercept": np.array([[model.intercept]])}
    ints = {}
    for stage, pairs in (("1", model.pairs1), ("2", model.pairs2)):
        ints["left" + stage] = [i for i, _ in pairs]
        ints["right" + stage] = [j for _, j in pairs]
    return [numpy_helper.from_array(np.asarray(v, np.float32), n)
            for n, v in floats.items()] + [
        numpy_helper.from_array(np.asarray(v, np.int64), n)
        for n, v in ints.items()]


def _products(source, stage):
    node = helper.make_node
    return [node("Gather", [source, "left" + stage], ["l" + stage], axis=1),
            node("Gather", [source, "right" + stage], ["r" + stage], axis=1),
            node("Mul", ["l" + stage, "r" + stage], ["p" + stage]),
            node("Concat", [source, "p" + stage], ["c" + stage], axis=1)]


def build(model, name, version):
    node = helper.make_node
    nodes = _products("X", "1") + [
        node("MatMul", ["c1", "A"], ["scaled"]),
        node("Add", ["scaled", "shift"], ["terms"])] + _products("terms", "2")
    nodes += [node("MatMul", ["c2", "coef"], ["linear"]),
              node("Add", ["linear", "intercept"], ["margin"]),
              node("Relu", ["margin"], ["positive"]),
              node("Mul", ["positive", "positive"], ["value"])]

    def tensor(label, width):
        return helper.make_tensor_value_info(label, TensorProto.FLOAT,
                                             ["N", width])
    graph = helper.make_graph(
        nodes, name, [tensor("X", len(model.columns))],
        [tensor("margin", 1), tensor("value", 1)], _initializers(model))
    onnx_model = helper.make_model(
        graph, producer_name=name, producer_version=version, ir_version=IR,
        opset_imports=[helper.make_opsetid("", OPSET)])
    checker.check_model(onnx_model, full_check=True)
    return onnx_model.SerializeToString(deterministic=True)


def run(data, X):
    """Margin and value by onnxruntime."""
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        data, options, providers=["CPUExecutionProvider"])
    margin, value = session.run(["margin", "value"],
                                {"X": X.astype(np.float32)})
    return margin[:, 0], value[:, 0]
