"""Synthetic patients drawn from a published summary of the training rows.

No real row is copied: per race group the summary holds level frequencies,
missing rates, and the means (by sex) and covariance of age, height and weight.
Where a frequency or missing rate would rest on fewer than 11 patients of the
group, the figure for 5 patients stands in its place; levels with fewer than 11
patients in all are left out. A group under 100 patients uses the summary of
all patients. Inputs are drawn independently but for age, height and weight,
and for what race and sex explain.
"""
from collections import Counter

import numpy as np

import cohort

SIZE = ("age", "heightCm", "weightKg")
CATEGORIES = ("cyp2c9", "vkorc1", *cohort.FLAGS, "indication", "targetInr")
LIMITS = {"age": (18, 95), "heightCm": (130, 205), "weightKg": (35, 190)}
SMALL, STAND_IN, THIN = 11, 5, 100


def _frequencies(rows, name, everyone=None):
    values = Counter(str(r[name]) for r in rows if r[name] is not None)
    total, out = sum(values.values()), {}
    for level in sorted(everyone or values):
        n = values[level]
        if n >= SMALL:
            out[level] = round(n / total, 4)
        elif everyone:
            out[level] = round(STAND_IN / total, 4)
    return out


def _missing_rate(rows, name):
    n = sum(r[name] is None for r in rows)
    return round((STAND_IN if 0 < n < SMALL else n) / len(rows), 4)


def _body(rows):
    """Means by sex and the covariance within sex of complete rows."""
    full = [r for r in rows if r["sex"] and all(r[n] for n in SIZE)]
    means, parts = {}, []
    for sex in cohort.SEXES:
        block = np.array([[r[n] for n in SIZE] for r in full
                          if r["sex"] == sex])
        means[sex] = [round(float(v), 1) for v in block.mean(axis=0)]
        parts.append(block - block.mean(axis=0))
    spread = np.cov(np.vstack(parts).T)
    return means, [[round(float(v), 1) for v in line] for line in spread]


def _group(rows, everyone=None):
    missing = {n: _missing_rate(rows, n) for n in (*SIZE, *CATEGORIES)}
    means, spread = _body(rows)
    males = sum(r["sex"] == "male" for r in rows) / len(rows)
    levels = {n: _frequencies(rows, n, everyone and everyone["levels"][n])
              for n in CATEGORIES}
    return {"male": round(males, 4), "missing": missing, "levels": levels,
            "means": means, "covariance": spread, "order": list(SIZE)}


def summarise(rows):
    pooled = _group(rows)
    groups, shares = {"ALL": pooled}, {}
    for race in cohort.RACES:
        block = [r for r in rows if r["race"] == race]
        shares[race] = round(len(block) / len(rows), 4)
        if len(block) >= THIN:
            groups[race] = _group(block, pooled)
    return {"rule": __doc__.split("\n\n", 1)[1].replace("\n", " ").strip(),
            "raceShares": shares, "groups": groups}


def _pick(rng, frequencies):
    names = list(frequencies)
    weights = np.array([frequencies[n] for n in names])
    return names[int(rng.choice(len(names), p=weights / weights.sum()))]


def _typed(name, text):
    if name in cohort.FLAGS:
        return int(text)
    return float(text) if name == "targetInr" else text


def draw(rng, summary):
    """One synthetic patient in raw input names (None = empty)."""
    race = _pick(rng, summary["raceShares"])
    g = summary["groups"].get(race, summary["groups"]["ALL"])
    sex = "male" if rng.random() < g["male"] else "female"
    row = {"sex": sex, "race": race}
    body = rng.multivariate_normal(g["means"][sex], np.array(g["covariance"]),
                                   method="cholesky")
    for name, value in zip(SIZE, body):
        low, high = LIMITS[name]
        value = min(max(float(value), low), high)
        value = int(round(value)) if name == "age" else round(value, 1)
        row[name] = None if rng.random() < g["missing"][name] else value
    for name in CATEGORIES:
        gone = rng.random() < g["missing"][name] or not g["levels"][name]
        row[name] = None if gone else _typed(
            name, _pick(rng, g["levels"][name]))
    return {n: row[n] for n in cohort.INPUTS}


def likeness(row):
    """What two rows must share to be called the same: sizes to the unit."""
    out = [cohort.age_of_band(str(int(row["age"] // 10 * 10)))]
    out += [None if row[n] is None else round(row[n]) for n in SIZE[1:]]
    return tuple(out + [row[n] for n in cohort.INPUTS if n not in SIZE])


def background(rows, summary, count, seed):
    """`count` synthetic rows, none of them like a real one."""
    rng = np.random.default_rng(seed)
    real, out = {likeness(r) for r in rows}, []
    while len(out) < count:
        row = draw(rng, summary)
        if likeness(row) not in real:
            out.append(row)
    return out


def text_of(value):
    if value is None:
        return ""
    return format(value, "g") if isinstance(value, float) else str(value)


def csv_of(rows):
    lines = [",".join(cohort.INPUTS)]
    lines += [",".join(text_of(r[n]) for n in cohort.INPUTS) for r in rows]
    return "\n".join(lines) + "\n"
