"""Figures with intervals: MAE, share within 20 %, bias, coverage, gains.

Bootstrap: percentile, patients drawn with replacement, seeded. Shares: Wilson.
"""
import numpy as np

BOOT = 2000
SEED = 20090219  # the date of the IWPC paper


def _means(values, seed=SEED):
    """Bootstrap means of a per-patient quantity."""
    values = np.asarray(values, float)
    rng = np.random.default_rng(seed)
    n = len(values)
    return np.array([values[rng.integers(0, n, n)].mean()
                     for _ in range(BOOT)])


def number(x, digits=4):
    return round(float(x), digits)


def interval(values):
    """Mean with its 95 % bootstrap interval."""
    low, high = np.percentile(_means(values), [2.5, 97.5])
    return {"value": number(np.mean(values)), "low": number(low),
            "high": number(high)}


def wilson(hits, z=1.959963984540054):
    """Share with its 95 % Wilson interval."""
    hits = np.asarray(hits, bool)
    n, p = len(hits), float(hits.mean())
    mid = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return {"value": number(p), "low": number(mid - half),
            "high": number(mid + half)}


def within20(dose, guess):
    return np.abs(guess - dose) <= 0.2 * dose


def basics(dose, guess):
    return {"mae": interval(np.abs(guess - dose)),
            "within20": wilson(within20(dose, guess)),
            "bias": interval(guess - dose)}


def gain(dose, ours, theirs):
    """Paired gain in MAE (positive: ours is better), mg/week and per cent."""
    a, b = np.abs(theirs - dose), np.abs(ours - dose)
    out = interval(a - b)
    out["percent"] = number(100 * (a.mean() - b.mean()) / a.mean(), 2)
    return out


def clustered_gain(dose, ours, theirs, sites):
    """The same gain with whole hospitals drawn: the stricter interval."""
    diff = np.abs(theirs - dose) - np.abs(ours - dose)
    names = sorted(set(sites))
    place = np.array([names.index(s) for s in sites])
    sums = np.bincount(place, weights=diff)
    counts = np.bincount(place)
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, len(names), (BOOT, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return {"value": number(diff.mean()), "low": number(low),
            "high": number(high), "hospitals": len(names)}


def within20_gain(dose, ours, theirs):
    """Paired gain in the share within 20 %, as a fraction of patients."""
    return interval(within20(dose, ours).astype(float)
                    - within20(dose, theirs).astype(float))


def against(dose, ours, theirs, name, sites):
    """The block that compares one comparator with ours on the same rows."""
    return {"name": name, **basics(dose, theirs),
            "maeGain": gain(dose, ours, theirs),
            "maeGainByHospital": clustered_gain(dose, ours, theirs, sites),
            "within20Gain": within20_gain(dose, ours, theirs)}


def dose_groups(dose, ours, theirs):
    groups = (("<=21", dose <= 21), ("21-49", (dose > 21) & (dose < 49)),
              (">=49", dose >= 49))
    out = []
    for name, pick in groups:
        y = dose[pick]
        out.append({"group": name + " mg/week", "n": int(pick.sum()),
                    **basics(y, ours[pick]), "published": {
                        "mae": interval(np.abs(theirs[pick] - y)),
                        "within20": wilson(within20(y, theirs[pick]))}})
    return out


def _levels(rows):
    race = [r["race"] for r in rows]
    sex = [r["sex"] or "not recorded" for r in rows]
    yield "race", race
    yield "sex", sex
    yield "race+sex", [f"{a}+{b}" for a, b in zip(race, sex)]
    yield "genotype", [genotype_group(r) for r in rows]


def genotype_group(row):
    known = [g for g in ("cyp2c9", "vkorc1") if row[g]]
    return {2: "genotyped", 1: "partly genotyped",
            0: "not genotyped"}[len(known)]


def verdict(gain_block):
    helps = gain_block["low"] > 0
    return "GENOTYPE_HELPS" if helps else "NO_GENOTYPE_BENEFIT_SHOWN"


def subgroups(rows, dose, ours, clinical, covered, published):
    """One block per subgroup; below 11 patients nothing but the fact."""
    out = []
    for by, labels in _levels(rows):
        floor = 30 if by == "race+sex" else 11
        for level in sorted(set(labels)):
            pick = np.array([v == level for v in labels])
            n, block = int(pick.sum()), {"by": by, "level": level}
            if n < 11:
                out.append({**block, "n": None, "suppressed": "fewer than 11"})
                continue
            if n < floor:
                out.append({**block, "n": n, "suppressed": "fewer than 30"})
                continue
            y, p = dose[pick], ours[pick]
            g = gain(y, p, clinical[pick])
            out.append({**block, "n": n, **basics(y, p),
                        "coverage": wilson(covered[pick]), "genotypeGain": g,
                        "gainOverPublished": gain(y, p, published[pick]),
                        "verdict": verdict(g)})
    return out
