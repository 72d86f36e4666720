"""Rebuild every artefact of the warfarin dose model.

    python train/train.py --data DIR_OF_IWPC [--out DIR]

DIR_OF_IWPC holds subjects.csv. Writes model.onnx, card.json, background.csv,
calibration.json, vectors.json and README.md. Deterministic: two runs give the
same bytes (no clock, fixed seeds, one thread).
"""
import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse  # noqa: E402
import hashlib  # noqa: E402
import json  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402

import card  # noqa: E402
import cohort  # noqa: E402
import conformal  # noqa: E402
import evaluate  # noqa: E402
import graph  # noqa: E402
import readme  # noqa: E402
import study  # noqa: E402
import synthetic  # noqa: E402
import vectors  # noqa: E402
from encode import encode  # noqa: E402
from model import inr_slope_within_sites  # noqa: E402

SEED = evaluate.SEED


def text_of(data):
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def sha256(data):
    raw = data if isinstance(data, bytes) else data.encode("utf-8")
    return hashlib.sha256(raw).hexdigest()


def check_graph(data, model, rows):
    """onnxruntime against numpy, natural rows and with genotypes hidden."""
    from model import GENES, mask
    worst_m, worst_v = 0.0, 0.0
    for block in (rows, mask(rows, GENES), mask(rows, cohort.INPUTS)):
        margin, value = graph.run(data, encode(block, model.columns))
        ours = model.margin(block)
        worst_m = max(worst_m, float(np.abs(margin - ours).max()))
        worst_v = max(worst_v, float(np.abs(
            value - study.square(ours)).max()))
    if worst_m > 1e-5 or worst_v > 1e-3:
        raise SystemExit(f"ONNX differs from numpy: {worst_m}, {worst_v}")
    return worst_m, worst_v


def prepare(folder):
    rows = cohort.load_cohort(folder)
    others = cohort.load_other_targets(folder)
    held = cohort.split_test(rows)
    dev = [r for r, t in zip(rows, held) if not t]
    test = [r for r, t in zip(rows, held) if t]
    return rows, others, dev, test


def fit(dev, others):
    """The served model and its interval, from development rows only."""
    make = study.maker(others)
    folds = cohort.folds_of(dev, study.FOLDS, "calibration")
    table = conformal.residual_table(dev, folds, make)
    races = conformal.races_to_separate(table, dev)
    return make(dev), conformal.interval_from(table, dev, races), folds, races


def judge(rows, others, dev, test, model, interval, folds, races):
    overall, groups = study.crossfit(rows, others, races)
    return {**study.test_block(model, interval, dev, test),
            "development": study.development(dev, folds, others),
            "crossFitted": overall,
            "leaveOneSiteOut": study.leave_one_site_out(
                rows, others, interval),
            "learningCurve": study.learning_curve(dev, others, folds)}, groups


def interval_block(interval, calibration):
    return {"method": "cross-conformal (10 folds), 5 % and 95 % finite-sample "
            "quantiles of out-of-fold residuals per genotype group",
            "coverage": 0.9, "space": "margin", "groups": interval["groups"],
            "byRace": interval["byRace"],
            "rule": "Take byRace[race] when there is one, else groups; in it, "
            "the first group whose genes are all known. Bounds are "
            "max(0, margin + low) squared and max(0, margin + high) squared.",
            "calibration": {"file": "calibration.json",
                            "sha256": sha256(calibration),
                            "n": interval["groups"][-1]["n"]}}


def calibration_of(interval):
    return text_of({
        "about": "Quantiles of sqrt(mg/week) out-of-fold residuals of the "
        "development rows; no patient-level figure is given.",
        "alpha": conformal.ALPHA, "folds": study.FOLDS, **interval})


def trained_on(dev, others, model, slope, summary):
    return {"data": "IWPC warfarin cohort, iwpc_data_7_3_09 (the 4,124 of "
            "5,700 patients at hand)", "licence": "CC BY-SA 4.0",
            "attribution": card.ATTRIBUTION, "rows": len(dev),
            "inclusion": "stable dose reached; dose and age recorded; target "
            "INR over 2 and under 3 or, if not recorded, an estimated range "
            "of 2-3, 2-3.5, 1.7-2.8, 1.7-3.3, 3-4 or none",
            "exclusion": "the held-out 20 % of the cohort; patients with "
            "other targets, used only for the target-INR effect "
            f"({len(others)} patients)",
            "targetInrSlope": {"value": evaluate.number(slope[0]),
                               "standardError": evaluate.number(slope[1])},
            "coefficients": {n: evaluate.number(c, 5) for n, c in zip(
                ["intercept"] + model.terms + model.products,
                [model.intercept, *model.coef])},
            "scaling": "age (y-64.5)/10, height (cm-168)/10, weight "
            "(kg-79)/20, target INR minus 2.5",
            "summary": summary}


def build(folder):
    """Every file as text or bytes, by name."""
    rows, others, dev, test = prepare(folder)
    model, interval, folds, races = fit(dev, others)
    onnx = graph.build(model, card.NAME, card.VERSION)
    worst = check_graph(onnx, model, rows)
    performance, groups = judge(rows, others, dev, test, model, interval,
                                folds, races)
    summary = synthetic.summarise(dev)
    shadow = synthetic.csv_of(synthetic.background(rows, summary, 100, SEED))
    calibration = calibration_of(interval)
    slope = inr_slope_within_sites(dev, others)
    full = {**card.head(), "artifact": {
        "file": "model.onnx", "sha256": sha256(onnx), "opset": graph.OPSET,
        "ir": graph.IR, "input": "X",
        "outputs": {"margin": "margin", "value": "value"}},
        "background": {"file": "background.csv", "sha256": sha256(shadow),
                       "rows": 100, "synthetic": True,
                       "madeFrom": "trainedOn.summary, drawn with the seed; "
                       "no row equals a real one"},
        "output": {"label": "Weekly warfarin dose", "unit": "mg/week",
                   "marginUnit": "sqrt(mg/week)", "link": "square",
                   "decimals": 1, "plausible": [3, 105]},
        "inputs": card.inputs(dev, others), "columns": model.columns,
        "players": card.players(),
        "interval": interval_block(interval, calibration),
        "performance": performance,
        "subgroupsFrom": performance["crossFitted"]["evaluatedOn"],
        "subgroups": groups,
        "evaluation": card.EVALUATION,
        "recordedOutcome": card.RECORDED_OUTCOME,
        "trainedOn": trained_on(dev, others, model, slope, summary),
        "limits": card.limits(*vectors.effect_of_empty(model),
                              performance["crossFitted"]["withoutRace"]),
        "reporting": card.REPORTING,
        "trainedAt": None, "seed": SEED}
    vec = vectors.make(rows, summary, model, interval, SEED + 1)
    print(f"onnx against numpy: margin {worst[0]:.1e}, value {worst[1]:.1e}")
    return {"model.onnx": onnx, "background.csv": shadow,
            "calibration.json": calibration, "vectors.json": text_of(vec),
            "card.json": text_of(full), "README.md": readme.render(full)}


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
