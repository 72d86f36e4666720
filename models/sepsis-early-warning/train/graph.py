"""The trees of all members as one ONNX graph (opset 17, ai.onnx.ml 3, IR 8).

X -> TreeEnsembleRegressor -> margin (log-odds) -> Sigmoid -> value. Leaves
carry the Platt slope divided by the number of members, the base its
intercept. Written without timestamps: the same trees give the same bytes.
"""
import numpy as np
from onnx import TensorProto, checker, helper

OPSET, ML_OPSET, IR = 17, 3, 8
LARGEST = float(np.finfo(np.float32).max)


def float32_below(value):
    """The largest float32 not above the value: x <= value is then the same
    for every float32 x. LightGBM's huge bounds become the largest float32."""
    value = min(max(value, -LARGEST), LARGEST)
    near = np.float32(value)
    if float(near) > value:
        near = np.nextafter(near, np.float32(-np.inf))
    return float(near)


class Nodes:
    """Attributes of the operator, one entry for each node or leaf."""

    def __init__(self, scale):
        self.scale = scale
        self.tree = 0
        self.node = {k: [] for k in (
            "treeids", "nodeids", "featureids", "modes", "values",
            "truenodeids", "falsenodeids", "missing_value_tracks_true")}
        self.leaf = {k: [] for k in ("treeids", "nodeids", "ids", "weights")}

    def _append(self, ident, feature, mode, value):
        for key, item in zip(self.node, (
                self.tree, ident, feature, mode, value, 0, 0, 0)):
            self.node[key].append(item)
        return len(self.node["modes"]) - 1

    def add_tree(self, root):
        self._first = len(self.node["modes"])
        self._walk(root)
        self.tree += 1

    def _walk(self, node):
        ident = len(self.node["modes"]) - self._first
        if "split_index" not in node:
            self._append(ident, 0, "LEAF", 0.0)
            for key, item in zip(self.leaf, (
                    self.tree, ident, 0, node["leaf_value"] * self.scale)):
                self.leaf[key].append(item)
            return ident
        if node["decision_type"] != "<=":
            raise ValueError("only numeric splits are expected")
        at = self._append(ident, node["split_feature"], "BRANCH_LEQ",
                          float32_below(node["threshold"]))
        # A column never missing in training reads a missing value as 0.
        left = (node["default_left"] if node["missing_type"] == "NaN"
                else node["threshold"] >= 0)
        self.node["missing_value_tracks_true"][at] = int(left)
        self.node["truenodeids"][at] = self._walk(node["left_child"])
        self.node["falsenodeids"][at] = self._walk(node["right_child"])
        return ident

    def attributes(self):
        return {**{f"nodes_{k}": v for k, v in self.node.items()},
                **{f"target_{k}": v for k, v in self.leaf.items()}}


def build(members, line, width, name, version):
    nodes = Nodes(line["a"] / len(members))
    for member in members:
        for tree in member.dump_model()["tree_info"]:
            nodes.add_tree(tree["tree_structure"])
    trees = helper.make_node(
        "TreeEnsembleRegressor", ["X"], ["margin"], domain="ai.onnx.ml",
        n_targets=1, aggregate_function="SUM", post_transform="NONE",
        base_values=[line["b"]], **nodes.attributes())

    def tensor(label, columns):
        return helper.make_tensor_value_info(label, TensorProto.FLOAT,
                                             ["N", columns])
    graph = helper.make_graph(
        [trees, helper.make_node("Sigmoid", ["margin"], ["value"])], name,
        [tensor("X", width)], [tensor("margin", 1), tensor("value", 1)])
    model = helper.make_model(
        graph, producer_name=name, producer_version=version, ir_version=IR,
        opset_imports=[helper.make_opsetid("", OPSET),
                       helper.make_opsetid("ai.onnx.ml", ML_OPSET)])
    checker.check_model(model, full_check=True)
    return model.SerializeToString(deterministic=True)


def run(data, X):
    """Margin and value by onnxruntime."""
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        data, options, providers=["CPUExecutionProvider"])
    margin, value = session.run(["margin", "value"], {"X": X})
    return margin[:, 0], value[:, 0]
