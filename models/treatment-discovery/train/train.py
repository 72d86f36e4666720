"""Fits the models of discovery and measures them:

    npm run build
    npx avicenna release build --from PUBLISHERS... --name R --accept-licence --data DATA
    pip install -r requirements.txt
    python train.py DATA R [treatments|targets]

Measured on pairs that are in no network: parts of a fifth by pair, and by disease, where all pairs of a disease are held out
together. The files served are fitted on all pairs by the same recipe.
"""
import csv
import hashlib
import json
import sys
import tempfile
from pathlib import Path

import lightgbm
import numpy as np

import card
import data
from measure import figures

MODELS = Path(__file__).parents[2]
sys.path.append(str(MODELS / "sepsis-early-warning" / "train"))
import graph  # noqa: E402  (the same trees-to-ONNX as the sepsis models)

# How many parts are measured, and of how many: a part of the pairs of genes takes minutes. Of genes a twentieth is held out at a
# time: the publishers' files lack a fifth of the pairs already.
MEASURED = {("treatments", "pair"): (5, 5), ("treatments", "disease"): (3, 5), ("targets", "pair"): (3, 20), ("targets", "disease"): (1, 5)}
PART = {5: "a fifth", 20: "a twentieth"}
SEEDS = (101, 102, 103)
SETTINGS = {"objective": "binary", "num_leaves": 15, "learning_rate": 0.03, "min_data_in_leaf": 20, "lambda_l2": 5,
            "feature_fraction": 0.5, "bagging_fraction": 0.5, "bagging_freq": 1, "verbose": -1, "num_threads": 2,
            "deterministic": True, "force_row_wise": True}
TREES = 200
FIRST = {"treatments": (50, 100), "targets": (50, 100)}
PRIOR = {"treatments": ("diseases treated", "treatments"), "targets": ("diseases", "genes")}


def fit(X, y):
    return [lightgbm.train({**SETTINGS, "seed": seed}, lightgbm.Dataset(X, y), TREES) for seed in SEEDS]


def margin(members, X):
    return np.mean([member.predict(X, raw_score=True) for member in members], axis=0)


def variants(question, said):
    yield {"treatments": "treatment-discovery", "targets": "target-discovery"}[question], said["columns"], False
    if question == "treatments":
        yield "treatment-discovery-without-classes", said["withoutClasses"], True


def measured(question, source, by):
    """By variant, and for the prior, the figures of each part."""
    found = {}
    parts, of_parts = MEASURED[question, by]
    for part in range(parts):
        with tempfile.TemporaryDirectory() as out:
            rows = data.make(*source, question, out, part, of_parts, by)
            right, known = rows.mask("heldOut"), rows.mask("known")
            ends = [np.expm1(np.asarray(rows.ranked[:, at], dtype=float)) for at in rows.places(PRIOR[question])]
            # The prior of a pair is the product of its two degrees; a half where there is none, so that ties are broken by the other.
            scores = {"priorOfDegrees": np.prod([np.maximum(end, 0.5) for end in ends], axis=0)}
            for name, columns, _ in variants(question, rows.said):
                at = rows.places(columns)
                members = fit(rows.X[:, at], rows.y)
                scores[name] = np.concatenate([margin(members, np.asarray(block[:, at]))
                                               for block in np.array_split(rows.ranked, 50)])
            for name, score in scores.items():
                of = figures(score.reshape(rows.shape), right, known, FIRST[question])
                found.setdefault(name, []).append({**of, "n": int(right.sum())})
                print(question, by, part, int(right.sum()), name, {k: round(v, 4) for k, v in of.items()}, flush=True)
    return found


def wilson(hits, n, z=1.96):
    """95 % interval of a share of n pairs, taken as independent."""
    share, wide = hits / n, z * z / n
    middle, half = (share + wide / 2) / (1 + wide), z * np.sqrt(share * (1 - share) / n + wide / (4 * n)) / (1 + wide)
    return {"value": round(share, 4), "low": round(float(middle - half), 4), "high": round(float(middle + half), 4)}


def summed(parts):
    """Shares of all held-out pairs of the parts with their intervals; of the rest, which has none here, the mean over the parts."""
    n = sum(part["n"] for part in parts)
    shares = [key for key in parts[0] if key.startswith("within")]
    out = {key: wilson(sum(part[key] * part["n"] for part in parts), n) for key in shares}
    return {**out, **{key: round(float(np.mean([part[key] for part in parts])), 4) for key in ("auroc", "averagePrecision", "meanOfDiseases")},
            "heldOut": n, "parts": len(parts)}


def performance(question, by_pair, by_disease, name):
    own = summed(by_pair[name])
    part = PART[MEASURED[question, "pair"][1]]
    return {
        "evaluatedOn": f"pairs held out of every network, {own['parts']} parts of {part} by hash of the pair, ranked among all pairs "
                       "that are not known. within50 and within100: share of held-out pairs among the first so many of their "
                       "disease, with the interval of a share of so many pairs; meanOfDiseases: within100 of each disease, then their "
                       "mean; auroc and averagePrecision: means of the parts. byDisease: all pairs of a disease held out together.",
        "n": own["heldOut"], **own, "priorOfDegrees": summed(by_pair["priorOfDegrees"]),
        "byDisease": summed(by_disease[name]), "byDiseasePriorOfDegrees": summed(by_disease["priorOfDegrees"])}


def write(question, source):
    by_pair, by_disease = measured(question, source, "pair"), measured(question, source, "disease")
    with tempfile.TemporaryDirectory() as out:
        rows = data.make(*source, question, out)
    # Pairs that are not known are sampled: the intercept gives their number back.
    offset = float(np.log(rows.said["sampled"]))
    for name, columns, without in variants(question, rows.said):
        at = rows.places(columns)
        members = fit(rows.X[:, at], rows.y)
        model = graph.build(members, {"a": 1.0, "b": offset}, len(columns), name, card.VERSIONS[question][0]["version"])
        got, _ = graph.run(model, rows.X[:2000, at])
        assert np.abs(got - offset - margin(members, rows.X[:2000, at])).max() < 1e-4
        folder = MODELS / name
        folder.mkdir(exist_ok=True)
        (folder / "model.onnx").write_bytes(model)
        with open(folder / "background.csv", "w", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([columns, [0] * len(columns)])
        digests = {key: hashlib.sha256((folder / f).read_bytes()).hexdigest()
                   for key, f in (("model", "model.onnx"), ("background", "background.csv"))}
        pairs = int(rows.y.sum())
        recipe = {"members": len(SEEDS), "memberSeeds": list(SEEDS), "trees": TREES, "settings": SETTINGS, "folds": 8}
        made = card.build(question, name, rows.said, columns, digests, performance(question, by_pair, by_disease, name), recipe,
                          {"rows": len(rows.y), "positives": pairs}, without)
        (folder / "card.json").write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n")
        print(name, made["performance"], flush=True)


if __name__ == "__main__":
    for asked in sys.argv[3:] or ["treatments", "targets"]:
        write(asked, (sys.argv[1], sys.argv[2]))
