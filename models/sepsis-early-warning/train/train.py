"""Rebuild both sepsis models.

    python train/train.py --data DIR_WITH_hourly.csv.gz --out DIR

Writes DIR/sepsis-early-warning and DIR/sepsis-early-warning-vitals, each with
model.onnx, card.json, background.csv, vectors.json and README.md. No clock,
fixed seeds: two runs on one machine give the same bytes.
"""
import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse  # noqa: E402
import hashlib  # noqa: E402
import json  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

import card  # noqa: E402
import cohort  # noqa: E402
import columns  # noqa: E402
import evaluate  # noqa: E402
import features  # noqa: E402
import graph  # noqa: E402
import model  # noqa: E402
import readme  # noqa: E402
import synthetic  # noqa: E402
import vectors  # noqa: E402

TREES = {card.FULL: 240, card.VITALS_ONLY: 180}
BACKGROUND, EXAMPLES, CHECK_EVERY = 60, 3, 50
UNITS = {"MICU": "Unit1", "SICU": "Unit2"}


def text_of(data):
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def write(folder, name, data):
    raw = data if isinstance(data, bytes) else data.encode("utf-8")
    (folder / name).write_bytes(raw)
    print(f"{sha256(raw)} {folder.name}/{name}", flush=True)
    return sha256(raw)


def rows_of(table, variant):
    specs = [columns.spec(n) for n in card.names_of(variant)]
    X = features.matrix(table, specs)
    compared = features.check(table, specs, X, CHECK_EVERY)
    print(f"{variant}: {compared} rows as in history.py", flush=True)
    gain, best = cohort.alert_gain(table)
    return specs, model.Rows(X, table.SepsisLabel.to_numpy(), gain, best,
                             table.fold.to_numpy())


def serve(rows, variant):
    """The served file: Platt line and threshold from five folds, trees from
    all rows."""
    names, trees = card.names_of(variant), TREES[variant]
    line, _ = model.calibrate(rows, names, trees)
    members = model.fit(rows, names, trees)
    data = graph.build(members, line, len(names), variant, card.VERSION)
    some = rows.X[::37]
    ours = model.margins(members, line, some)
    margin, value = graph.run(data, some)
    worst = (np.abs(margin - ours).max(),
             np.abs(value - model.sigmoid(ours)).max())
    print(f"onnx against LightGBM: margin {worst[0]:.1e}, "
          f"value {worst[1]:.1e}", flush=True)
    if worst[0] > 1e-4 or worst[1] > 1e-5:
        raise SystemExit("ONNX differs from LightGBM")
    return data, line


def trained_and_tested(rows, table, variant, learn, test):
    """Recipe on the rows to learn from, scored once on those to test on."""
    names, trees = card.names_of(variant), TREES[variant]
    own = rows.take(learn)
    line, value = model.calibrate(own, names, trees)
    members = model.fit(own, names, trees)
    held = rows.take(test)
    patient = pd.factorize(table.patient[test])[0]
    tested = model.sigmoid(model.margins(members, line, held.X))
    scored = evaluate.Scored(tested, held, patient, line["threshold"])
    order = np.argsort(-tested, kind="stable")
    inside = evaluate.Scored(value, own,
                             pd.factorize(table.patient[learn])[0],
                             line["threshold"])
    return line, scored, order, inside


def once(scored):
    """Ranking and utility without an interval."""
    weight = np.ones(len(scored.value))
    area, precision = scored.ranking(weight)
    return {"rows": len(scored.value), "aurocAllFolds": round(area, 4),
            "auprcAllFolds": round(precision, 4),
            "utilityAllFolds": round(scored.utility(weight), 4)}


def judge(rows, table, variant):
    """Test figures of the recipe, overall, by group and by tenth of risk."""
    test = (table.fold == cohort.TEST_FOLD).to_numpy()
    line, scored, order, inside = trained_and_tested(
        rows, table, variant, ~test, test)
    size = evaluate.counts(scored)
    draws = evaluate.draws_of(size["n"])
    out = {"evaluatedOn": "fold 4 of 5 by hash of the patient identifier, "
           "scored once by the recipe fitted on folds 0 to 3; the served "
           "file is a refit on all patients by the same recipe. Intervals: "
           "200 bootstrap draws of patients. Sensitivity, specificity and "
           "predictive value are by the hour.",
           **size, **evaluate.figures(scored, draws),
           "alertedPatients": evaluate.by_patient(scored),
           "crossValidated": once(inside), "testLine": line}
    return (out, evaluate.subgroups(scored, order, table[test], draws),
            evaluate.calibration_bands(scored, draws))


def other_units(rows, table, variant):
    """Fitted in one kind of unit alone, tested in the other."""
    out = []
    for learn, test in (("MICU", "SICU"), ("SICU", "MICU")):
        _, scored, _, _ = trained_and_tested(
            rows, table, variant, (table[UNITS[learn]] == 1).to_numpy(),
            (table[UNITS[test]] == 1).to_numpy())
        size = evaluate.counts(scored)
        out.append({"trainedOn": learn, "testedOn": test, **size,
                    **evaluate.figures(scored, evaluate.draws_of(size["n"]))})
    return out


def trained_on(table, line, summary, variant):
    sick = table.patient[table.SepsisLabel == 1].nunique()
    return {"data": "PhysioNet/CinC Challenge 2019, training set B (one "
            "hospital), the patients at hand", "licence": "CC BY 4.0",
            "attribution": card.ATTRIBUTION, "rows": len(table),
            "patients": int(table.patient.nunique()),
            "septicPatients": int(sick),
            "labelledHours": int(table.SepsisLabel.sum()),
            "recipe": {"members": len(model.MEMBER_SEEDS),
                       "memberSeeds": list(model.MEMBER_SEEDS),
                       "trees": TREES[variant],
                       "settings": model.SETTINGS}, "servedLine": line,
            "summary": summary}


def artefacts(folder, table, shared, variant, specs, rows):
    """model.onnx, background.csv and vectors.json; what the card says."""
    inputs = card.input_names(variant)
    data, line = serve(rows, variant)
    shadow = synthetic.csv_of(shared["background"], inputs)
    write(folder, "vectors.json", text_of(vectors.make(
        shared["examples"], inputs, specs, data)))
    return line, {
        "artifact": {"file": "model.onnx",
                     "sha256": write(folder, "model.onnx", data),
                     "opset": graph.OPSET, "ir": graph.IR, "input": "X",
                     "outputs": {"margin": "margin", "value": "value"}},
        "background": {"file": "background.csv",
                       "sha256": write(folder, "background.csv", shadow),
                       "rows": BACKGROUND, "synthetic": True,
                       "madeFrom": "hourly rows of 60 made-up patients, drawn "
                       "with the seed from trainedOn.summary; rows are "
                       "patients, each by its last row. No row with a "
                       "measurement equals a real one."},
        "output": card.output(line["threshold"]),
        "inputs": [card.input_entry(n, table, variant)
                   for n in inputs],
        "history": {"encoder": "hourly", "subject": "patient",
                    "time": "ICULOS"},
        "columns": specs, "players": card.players(specs, inputs),
        "interval": None}


def build(folder, table, shared, variant):
    folder.mkdir(parents=True, exist_ok=True)
    specs, rows = rows_of(table, variant)
    line, middle = artefacts(folder, table, shared, variant, specs, rows)
    performance, groups, bands = judge(rows, table, variant)
    performance["otherUnit"] = other_units(rows, table, variant)
    full = {**card.head(variant), **middle, "performance": performance,
            "subgroups": groups, "calibrationBands": bands,
            "evaluation": card.evaluation(variant),
            "trainedOn": trained_on(table, line, shared["summary"], variant),
            "limits": card.limits(variant, performance, groups),
            "reporting": card.REPORTING,
            "trainedAt": None, "seed": card.SEED}
    write(folder, "card.json", text_of(full))
    write(folder, "README.md", readme.render(full, variant))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--only", choices=list(TREES))
    args = parser.parse_args()
    start, table = time.perf_counter(), cohort.load(args.data)
    card.check_ranges(table)
    summary, real = synthetic.summarise(table), synthetic.Real(table)
    shared = {"summary": summary,
              "background": synthetic.draw(real, summary, BACKGROUND,
                                           card.SEED),
              "examples": synthetic.draw(real, summary, EXAMPLES,
                                         card.SEED + 1, "v")}
    del real
    for variant in TREES:
        if args.only in (None, variant):
            build(args.out / variant, table, shared, variant)
    print(f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
