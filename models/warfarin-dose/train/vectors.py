"""Test vectors: 25 synthetic patients with what the model must say."""
import numpy as np

import cohort
import conformal
import synthetic
from encode import encode

TYPICAL = {"age": 63, "heightCm": 170.0, "weightKg": 80.0, "sex": "male",
           "race": "WHITE", "cyp2c9": "*1/*1", "vkorc1": "A/G",
           "amiodarone": 0, "enzymeInducer": 0, "smoker": 0, "aspirin": 0,
           "statin": 0, "diabetes": 0, "heartFailure": 0,
           "valveReplacement": 0, "indication": "3", "targetInr": 2.5}
UNANSWERED = {n: None for n in (*cohort.FLAGS, "indication")}
EDITS = (
    ("typical", {}),
    ("nothing known", {n: None for n in cohort.INPUTS}),
    ("no genotype", {"cyp2c9": None, "vkorc1": None}),
    ("CYP2C9 only", {"vkorc1": None, "race": "ASIAN"}),
    ("VKORC1 only", {"cyp2c9": None, "race": "BLACK"}),
    ("race not given, no genotype", {"race": None, "vkorc1": None,
                                     "cyp2c9": None}),
    ("size and sex not given", {"heightCm": None, "weightKg": None,
                                "sex": None}),
    ("size not given, Asian woman", {"heightCm": None, "weightKg": None,
                                     "sex": "female", "race": "ASIAN"}),
    ("sensitive genotype, amiodarone, old", {
        "cyp2c9": "*3/*3", "vkorc1": "A/A", "amiodarone": 1, "age": 92,
        "weightKg": 45.0, "heightCm": 150.0, "sex": "female",
        "race": "ASIAN"}),
    ("high requirement", {"vkorc1": "G/G", "enzymeInducer": 1, "smoker": 1,
                          "age": 28, "weightKg": 140.0, "heightCm": 195.0,
                          "race": "BLACK", "indication": "1;2"}),
    ("drugs and conditions not given", UNANSWERED),
    ("rare allele *1/*11 read as *1/*2", {"cyp2c9": "*1/*11"}),
    ("diplotype in the other order", {"cyp2c9": "*3/*2"}),
    ("target INR 3", {"targetInr": 3.0, "valveReplacement": 1,
                      "indication": "4"}),
)


def canonical(row):
    """What the product does before encoding: order and aliases of CYP2C9."""
    value = row["cyp2c9"]
    if value:
        value = "/".join(sorted(value.split("/"), key=lambda a: int(a[1:])))
        value = cohort.CYP2C9_ALIASES.get(value, value)
    return {**row, "cyp2c9": value}


def effect_of_empty(model):
    """mg/week lost or gained when drugs and conditions are left empty rather
    than answered (no drug, no condition, atrial fibrillation)."""
    empty, full = model.dose([{**TYPICAL, **UNANSWERED}, TYPICAL])
    return float(empty), float(full)


def make(rows, summary, model, interval, seed, count=25):
    patients = [(note, {**TYPICAL, **edit}) for note, edit in EDITS]
    drawn = synthetic.background(rows, summary, count - len(patients), seed)
    patients += [("drawn from the training summary", r) for r in drawn]
    clean = [canonical(r) for _, r in patients]
    margins = model.margin(clean)
    low, high = conformal.bounds(clean, margins, interval)
    low0, high0 = conformal.bounds(clean, margins, interval, by_race=False)
    X = encode(clean, model.columns)
    out = []
    for i, (note, row) in enumerate(patients):
        out.append({
            "note": note,
            "input": {n: synthetic.text_of(row[n]) for n in cohort.INPUTS},
            "x": [float(v) for v in X[i]], "margin": float(margins[i]),
            "value": float(np.clip(margins[i], 0, None) ** 2),
            "interval": {"low": float(low[i]), "high": float(high[i]),
                         "group": conformal.group_of(clean[i],
                                                     interval)["name"]},
            "intervalWithoutByRace": {"low": float(low0[i]),
                                      "high": float(high0[i])}})
    return {"about": "Synthetic patients. Expected figures in float64; the "
            "float32 file agrees to about 1e-4 mg/week.",
            "toleranceMargin": 1e-5, "toleranceValue": 1e-3, "rows": out}
