"""Figures with intervals: MAE, share within 20 %, bias, coverage, gains.

Bootstrap: percentile, patients drawn with replacement, seeded. Shares: Wilson.
"""
import numpy as np

BOOT = 2000
SEED = 20090219  # the date of the IWPC paper
SMALL = 11  # people below which a group is not shown
NEAREST = 10  # what counts beside a hidden group are rounded to
SMALL_GAP = 0.1  # gap that does not matter, as a share of the overall error


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


def genotype_verdict(gain_block):
    helps = gain_block["low"] > 0
    return "GENOTYPE_HELPS" if helps else "NO_GENOTYPE_BENEFIT_SHOWN"


def gap(errors, pick):
    """The group's mean error less that of everyone else, drawn apart."""
    own, rest = _means(errors[pick]), _means(errors[~pick], SEED + 1)
    low, high = np.percentile(own - rest, [2.5, 97.5])
    return {"value": number(errors[pick].mean() - errors[~pick].mean()),
            "low": number(low), "high": number(high)}


def gap_verdict(block, overall):
    """As `avicenna evaluate` judges a gap in the error."""
    if block["low"] > 0 or block["high"] < 0:
        return "GAP_SHOWN"
    small = SMALL_GAP * overall
    within = -small <= block["low"] and block["high"] <= small
    return "NO_GAP_SHOWN" if within else "INCONCLUSIVE"


def _blurred(block):
    """What sits beside a hidden group: its exact count would tell the hidden
    one, and so would a share to four decimals."""
    shares = {k: {e: round(v, 2) for e, v in block[k].items()}
              for k in ("within20", "coverage")}
    return {**block, "n": NEAREST * round(block["n"] / NEAREST),
            "nearest": NEAREST, **shares}


def subgroups(rows, dose, ours, clinical, covered, published):
    """One block per subgroup; below 11 patients nothing but the fact."""
    out, errors = [], np.abs(ours - dose)
    for by, labels in _levels(rows):
        labels = np.array(labels)
        levels, sizes = np.unique(labels, return_counts=True)
        beside_hidden = bool((sizes < SMALL).any())
        for level, n in zip(levels.tolist(), sizes.tolist()):
            if n < SMALL:
                out.append({"by": by, "level": level, "n": None})
                continue
            pick = labels == level
            y, p = dose[pick], ours[pick]
            gain_block, gap_block = (gain(y, p, clinical[pick]),
                                     gap(errors, pick))
            block = {"by": by, "level": level, "n": n, **basics(y, p),
                     "coverage": wilson(covered[pick]), "maeLessRest": gap_block,
                     "verdict": gap_verdict(gap_block, errors.mean()),
                     "genotypeGain": gain_block,
                     "genotypeVerdict": genotype_verdict(gain_block),
                     "gainOverPublished": gain(y, p, published[pick])}
            out.append(_blurred(block) if beside_hidden else block)
    return out


def without_race(rows, dose, ours, hidden):
    """The answer with race left empty, by the race that was recorded."""
    race = np.array([r["race"] for r in rows])
    return [{"level": level, "n": int((race == level).sum()),
             "mae": interval(np.abs(hidden - dose)[race == level]),
             "bias": interval((hidden - dose)[race == level]),
             "maeGain": gain(dose[race == level], ours[race == level],
                             hidden[race == level])}
            for level in sorted(set(race))]
