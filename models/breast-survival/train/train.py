"""Rebuild every artefact of the breast survival model.

    python train/train.py --data DIR_OF_CLINICAL_TSV [--out DIR]

Writes model.onnx, card.json, background.csv, vectors.json and README.md.
Deterministic: two runs give the same bytes (no clock, fixed seeds, one
thread).
"""
import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse  # noqa: E402
import hashlib  # noqa: E402
import json  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402

import card  # noqa: E402
import cohort  # noqa: E402
import graph  # noqa: E402
import readme  # noqa: E402
import study  # noqa: E402
import synthetic  # noqa: E402
from encode import COLUMNS, encode  # noqa: E402
from model import DISEASE_TERMS, OTHER_TERMS, fit  # noqa: E402

BACKGROUND, VECTORS = 100, 12


def text_of(data):
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def sha256(data):
    raw = data if isinstance(data, bytes) else data.encode("utf-8")
    return hashlib.sha256(raw).hexdigest()


def check_graph(data, model, X):
    """onnxruntime against numpy in float64: value within 1e-5."""
    session = onnxruntime.InferenceSession(data)
    found = session.run(["margin", "value", "spread"],
                        {"X": X.astype(np.float32)})
    worst = [float(np.abs(a[:, 0] - b).max())
             for a, b in zip(found, model.predict(X))]
    if worst[1] > 1e-5 or worst[0] > 1e-4 or worst[2] > 1e-4:
        raise SystemExit(f"ONNX differs from numpy: {worst}")
    return worst


def vectors(model, drawn):
    X = encode(drawn)
    margin, value, spread = model.predict(X)
    return text_of({"about": "Synthetic women with the model's answers in "
                    "float64.", "rows": [
                        {"input": row, "margin": float(m), "value": float(v),
                         "spread": float(s)}
                        for row, m, v, s in zip(drawn, margin, value, spread)]})


def _part(cox, terms):
    return {"intercept": round(float(cox.intercept), 5),
            "weights": {n: round(float(w), 5)
                        for n, w in zip(terms, cox.weights)}}


def trained_on(women, model, summary):
    return {"data": "METABRIC, clinical table of cBioPortal's brca_metabric",
            "licence": "ODbL 1.0", "attribution": card.ATTRIBUTION,
            "rows": len(women), "deaths": int(women.died.sum()),
            "inclusion": "overall survival recorded",
            "coefficients": {"disease": _part(model.disease, DISEASE_TERMS),
                             "other": _part(model.other, OTHER_TERMS)},
            "summary": summary}


def build(folder):
    """Every file as text or bytes, by name."""
    women = cohort.load(folder)
    X = encode(women.rows)
    model = fit(X, women)
    onnx = graph.build(model, card.NAME, card.VERSION)
    print("onnx against numpy:", check_graph(onnx, model, X))
    performance, source, groups, bands = study.everything(women)
    summary = synthetic.summarise(women)
    shadow = synthetic.csv_of(
        synthetic.rows(women, summary, BACKGROUND, card.SEED))
    full = {
        **card.head(),
        "artifact": {"file": "model.onnx", "sha256": sha256(onnx),
                     "opset": graph.OPSET, "ir": graph.IR, "input": "X",
                     "outputs": {"margin": "margin", "value": "value",
                                 "spread": "spread"}},
        "background": {"file": "background.csv", "sha256": sha256(shadow),
                       "rows": BACKGROUND, "synthetic": True,
                       "madeFrom": "trainedOn.summary, drawn with the seed; "
                       "no row equals a real one"},
        "output": card.output(), "inputs": card.inputs(), "columns": COLUMNS,
        "players": card.players(), "interval": card.interval(),
        "performance": performance, "subgroupsFrom": source,
        "subgroups": groups, "calibrationBands": bands,
        "evaluation": card.evaluation(),
        "trainedOn": trained_on(women, model, summary),
        "limits": card.LIMITS,
        "reporting": card.REPORTING,
        "trainedAt": None, "seed": card.SEED}
    drawn = synthetic.rows(women, summary, VECTORS, card.SEED + 1)
    return {"model.onnx": onnx, "background.csv": shadow,
            "vectors.json": vectors(model, drawn), "card.json": text_of(full),
            "README.md": readme.render(full)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--out", type=Path,
                        default=Path(__file__).resolve().parent.parent)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for name, data in build(args.data).items():
        raw = data if isinstance(data, bytes) else data.encode("utf-8")
        (args.out / name).write_bytes(raw)
        print(sha256(raw), name)


if __name__ == "__main__":
    main()
