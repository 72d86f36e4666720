"""The baseline of bench/explain.mjs: shap's C++ over synthetic models, on request.

make FOLDER NAMES...  trains gradient-boosted models on synthetic data and writes each as ONNX with its rows
serve FOLDER          answers lines of JSON on stdin, {"model", "method", "rows": [from, to], "background": n}, with the time that
                      shap's C++ took and its values
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

# trees, depth: the sizes of research on TreeSHAP's speed
MODELS = {"T100-D4": (100, 4), "T500-D6": (500, 6), "T500-D8": (500, 8), "T200-D12": (200, 12)}
FEATURES, TRAINING, ROWS = 20, 16_000, 512


def data():
    rng = np.random.default_rng(20260601)
    x = rng.normal(size=(TRAINING + ROWS, FEATURES)).astype(np.float32).astype(np.float64)
    y = x[:, 0] * x[:, 1] + np.sin(2 * x[:, 2]) + 0.5 * x[:, 3] ** 2 + x[:, 4:12] @ rng.normal(size=8) + rng.normal(size=len(x))
    return x, y


def arrays(nodes):
    """A tree of scikit-learn's histogram boosting as shap's arrays; thresholds rounded down to float32, so that both decide alike."""
    leaf = nodes["is_leaf"].astype(bool)
    threshold = nodes["num_threshold"].astype(np.float32)
    threshold = np.where(threshold > nodes["num_threshold"], np.nextafter(threshold, np.float32(-np.inf)), threshold).astype(np.float32)
    return {
        "children_left": np.where(leaf, -1, nodes["left"]).astype(np.int32),
        "children_right": np.where(leaf, -1, nodes["right"]).astype(np.int32),
        "children_default": np.where(leaf, -1, nodes["left"]).astype(np.int32),
        "features": np.where(leaf, -1, nodes["feature_idx"]).astype(np.int32),
        "thresholds": np.where(leaf, 0, threshold).astype(np.float64),
        "values": np.where(leaf, nodes["value"], 0).astype(np.float32).astype(np.float64)[:, None],
        "node_sample_weight": nodes["count"].astype(np.float64),
    }


def counted(tree, x):
    """Rows of the training data at every node."""
    count = np.zeros(len(tree["features"]))
    stack = [(0, np.arange(len(x)))]
    while stack:
        node, rows = stack.pop()
        count[node] = len(rows)
        if tree["children_left"][node] < 0:
            continue
        yes = x[rows, tree["features"][node]] <= tree["thresholds"][node]
        stack += [(tree["children_left"][node], rows[yes]), (tree["children_right"][node], rows[~yes])]
    return count


def to_onnx(trees, path):
    from onnx import TensorProto, helper

    names = ["treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids"]
    nodes = {name: [] for name in names}
    leaves = {name: [] for name in ["treeids", "nodeids", "ids", "weights"]}
    for at, tree in enumerate(trees):
        for node, left in enumerate(tree["children_left"]):
            row = (at, node, max(tree["features"][node], 0), "LEAF" if left < 0 else "BRANCH_LEQ", tree["thresholds"][node],
                   max(left, 0), max(tree["children_right"][node], 0))
            for name, value in zip(names, row):
                nodes[name].append(value if isinstance(value, str) else value.item() if hasattr(value, "item") else value)
            if left < 0:
                for name, value in zip(leaves, (at, node, 0, tree["values"][node, 0].item())):
                    leaves[name].append(value)
    ensemble = helper.make_node(
        "TreeEnsembleRegressor", ["X"], ["Y"], domain="ai.onnx.ml", n_targets=1,
        **{f"nodes_{name}": values for name, values in nodes.items()}, **{f"target_{name}": values for name, values in leaves.items()},
    )
    graph = helper.make_graph(
        [ensemble], "synthetic", [helper.make_tensor_value_info("X", TensorProto.FLOAT, [None, FEATURES])],
        [helper.make_tensor_value_info("Y", TensorProto.FLOAT, [None, 1])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("ai.onnx.ml", 1), helper.make_opsetid("", 15)], ir_version=8)
    path.write_bytes(model.SerializeToString())


def make(folder, *names):
    from sklearn.ensemble import HistGradientBoostingRegressor

    x, y = data()
    folder.mkdir(parents=True, exist_ok=True)
    x.astype("<f8").tofile(folder / "rows.f64")
    for name in names:
        count, depth = MODELS[name]
        if (folder / f"{name}.onnx").exists():
            continue
        model = HistGradientBoostingRegressor(max_iter=count, max_depth=depth, max_leaf_nodes=None, min_samples_leaf=5, learning_rate=0.05)
        model.fit(x[:TRAINING], y[:TRAINING])
        trees = [arrays(one[0].nodes) for one in model._predictors]
        for tree in trees:
            tree["node_sample_weight"] = counted(tree, x[:TRAINING])
        np.savez(folder / f"{name}.npz", **{f"{at}.{key}": value for at, tree in enumerate(trees) for key, value in tree.items()})
        to_onnx(trees, folder / f"{name}.onnx")
        print(f"{name}: {sum(len(tree['features']) for tree in trees)} nodes", file=sys.stderr)


def serve(folder):
    import shap

    x, _ = data()
    known = {}

    def explainer(model, method, background):
        key = (model, method, background)
        if key not in known:
            stored = np.load(folder / f"{model}.npz")
            count = 1 + max(int(name.split(".")[0]) for name in stored.files)
            trees = [{key: stored[f"{at}.{key}"] for key in ("children_left", "children_right", "children_default", "features", "thresholds", "values", "node_sample_weight")} for at in range(count)]
            # Without a masker of its own shap cuts the background to 100 rows.
            reference = None if method == "path-dependent" else shap.maskers.Independent(x[:background], max_samples=background)
            perturbation = "tree_path_dependent" if reference is None else "interventional"
            known[key] = shap.TreeExplainer({"trees": trees, "base_offset": 0.0}, reference, feature_perturbation=perturbation)
        return known[key]

    for line in sys.stdin:
        asked = json.loads(line)
        own = explainer(asked["model"], asked["method"], asked.get("background", 0))
        rows = x[TRAINING + asked["rows"][0] : TRAINING + asked["rows"][1]]
        began = time.perf_counter()
        values = own.shap_values(rows, check_additivity=False)
        print(json.dumps({"ms": 1000 * (time.perf_counter() - began), "values": np.asarray(values).reshape(len(rows), -1).tolist()}), flush=True)


if __name__ == "__main__":
    {"make": make, "serve": serve}[sys.argv[1]](Path(sys.argv[2]), *sys.argv[3:])
