"""The published IWPC 2009 equations, the comparator that must be beaten.

Klein TE et al., N Engl J Med 2009;360:753-64, supplementary appendix S1e/S1f:
square root of the weekly dose (mg) is linear; age is in decades (10-19 = 1);
height in cm, weight in kg. Missing height or weight, which the equation does
not provide for, are filled with the means of the training rows, by race group
and sex if both are known.
"""
import numpy as np

PGX = {"intercept": 5.6044, "age": -0.2614, "height": 0.0087, "weight": 0.0128,
       "A/G": -0.8677, "A/A": -1.6974, "vkUnknown": -0.4854,
       "*1/*2": -0.5211, "*1/*3": -0.9357, "*2/*2": -1.0616, "*2/*3": -1.9206,
       "*3/*3": -2.3312, "cypUnknown": -0.2188, "ASIAN": -0.1092,
       "BLACK": -0.2760, "UNKNOWN": -0.1032, "inducer": 1.1816,
       "amiodarone": -0.5503}
CLINICAL = {"intercept": 4.0376, "age": -0.2546, "height": 0.0118,
            "weight": 0.0134, "ASIAN": -0.6752, "BLACK": 0.4060,
            "UNKNOWN": 0.0443, "inducer": 1.2799, "amiodarone": -0.5695}


def fill_means(rows, name):
    """Mean by (race, sex), with ('', '') for everyone."""
    groups = {}
    for r in rows:
        if r[name] is not None:
            for key in ((r["race"], r["sex"]), ("", "")):
                groups.setdefault(key, []).append(r[name])
    return {k: float(np.mean(v)) for k, v in groups.items()}


def _root_dose(row, c, fills, genetic):
    def size(name):
        if row[name] is not None:
            return row[name]
        return fills[name].get((row["race"], row["sex"]), fills[name]["", ""])
    total = (c["intercept"] + c["age"] * (row["age"] // 10)
             + c["height"] * size("heightCm") + c["weight"] * size("weightKg")
             + c.get(row["race"] or "UNKNOWN", 0.0)
             + c["inducer"] * (row["enzymeInducer"] or 0)
             + c["amiodarone"] * (row["amiodarone"] or 0))
    if genetic:
        total += c.get(row["vkorc1"] or "vkUnknown", 0.0)
        total += c.get(row["cyp2c9"] or "cypUnknown", 0.0)
    return total


def predict(rows, training_rows, genetic=True):
    """Weekly dose in mg by the published equation."""
    fills = {n: fill_means(training_rows, n) for n in ("heightCm", "weightKg")}
    c = PGX if genetic else CLINICAL
    root = np.array([_root_dose(r, c, fills, genetic) for r in rows])
    return np.clip(root, 0, None) ** 2
