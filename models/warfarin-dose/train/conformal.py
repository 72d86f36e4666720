"""90 % prediction intervals by cross-conformal calibration on the root scale.

Residual = sqrt(true weekly dose) - out-of-fold margin, development rows only,
each scored by a model that never saw the patient. The low and high ends are
the finite-sample corrected 5 % and 95 % quantiles, per genotype group
(Mondrian). Groups with a hidden genotype are calibrated on the SAME patients
with that genotype hidden, since too few patients truly lack it (76 lack
VKORC1): this assumes genotypes are missing for reasons unrelated to dose.
"""
import math

import numpy as np

from model import GENES, mask

ALPHA = 0.10
GROUPS = (("genotyped", ["cyp2c9", "vkorc1"]),
          ("partly genotyped: VKORC1 only", ["vkorc1"]),
          ("partly genotyped: CYP2C9 only", ["cyp2c9"]),
          ("not genotyped", []))


def quantiles(residuals):
    """Split-conformal ranks at each end: ceil((n + 1)(1 - alpha / 2))."""
    r = np.sort(np.asarray(residuals, float))
    n = len(r)
    k = min(n, math.ceil((n + 1) * (1 - ALPHA / 2)))
    return float(r[n - k]), float(r[k - 1])


def out_of_fold(rows, folds, make, hide=()):
    """Margins of every row from the models that did not train on it."""
    folds, out = np.array(folds), np.zeros(len(rows))
    for k in sorted(set(folds.tolist())):
        model = make([r for r, f in zip(rows, folds) if f != k])
        out[folds == k] = model.margin(
            mask([r for r, f in zip(rows, folds) if f == k], hide))
    return out


def residual_table(rows, folds, make):
    """Per group: residual of every row, and which rows count for the group."""
    root, models, table = np.sqrt([r["dose"] for r in rows]), {}, {}

    def cached(train):
        key = tuple(r["id"] for r in train)
        if key not in models:
            models[key] = make(train)
        return models[key]
    for name, known in GROUPS:
        hide = [g for g in GENES if g not in known]
        have = np.array([all(r[g] for g in known) for r in rows])
        table[name] = (root - out_of_fold(rows, folds, cached, hide), have)
    return table


def _groups(table, pick):
    out = []
    for name, known in GROUPS:
        residuals, have = table[name]
        low, high = quantiles(residuals[have & pick])
        out.append({"name": name, "known": known, "low": round(low, 5),
                    "high": round(high, 5), "n": int((have & pick).sum())})
    return out


def interval_from(table, rows, races, pick=None):
    """Groups for everyone, and own groups for the races that need them."""
    pick = np.ones(len(rows), bool) if pick is None else pick
    race = np.array([r["race"] or "" for r in rows])
    return {"groups": _groups(table, pick),
            "byRace": {v: _groups(table, pick & (race == v)) for v in races}}


def races_to_separate(table, rows):
    """Races of at least 100 patients that the common interval covers < 88 %."""
    common = interval_from(table, rows, ())
    dose = np.array([r["dose"] for r in rows])
    margins = np.sqrt(dose) - table[GROUPS[0][0]][0]
    hit, out = covered(rows, dose, margins, common), []
    for race in sorted({r["race"] for r in rows}):
        pick = np.array([r["race"] == race for r in rows])
        if pick.sum() >= 100 and hit[pick].mean() < 0.88:
            out.append(race)
    return tuple(out)


def group_of(row, interval, by_race=True):
    """First group whose genes are all known, from the race's own list if any."""
    own = interval["byRace"].get(row["race"]) if by_race else None
    return next(g for g in own or interval["groups"]
                if all(row[k] for k in g["known"]))


def bounds(rows, margins, interval, by_race=True):
    """Interval ends in mg/week."""
    ends = [group_of(r, interval, by_race) for r in rows]
    low = margins + np.array([g["low"] for g in ends])
    high = margins + np.array([g["high"] for g in ends])
    return np.clip(low, 0, None) ** 2, np.clip(high, 0, None) ** 2


def covered(rows, dose, margins, interval, by_race=True):
    low, high = bounds(rows, margins, interval, by_race)
    return (dose >= low) & (dose <= high)
