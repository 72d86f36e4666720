"""The figures of the card: held-out fifth, cross-validation, cohorts left
out, groups, calibration bands, hidden inputs.

Intervals: 95 %, patients drawn with replacement, models not refitted. With
several repeats of cross-validation a figure is the mean over the repeats, in
every draw.
"""
import numpy as np

import baselines
import cohort
import predict_published
import survival
from encode import encode, hide
from model import fit

SEED = 20240
FOLDS, DEV_REPEATS, ALL_REPEATS, HIDDEN_REPEATS = 5, 10, 5, 2
TEST_DRAWS, DRAWS = 1000, 500
SMALL = 11
SMALL_GAP = 0.05  # of Harrell's C
MOLECULAR = (cohort.PAM50, cohort.CLUSTER, cohort.THREE_GENE)
HIDDEN = (
    ("nothing more hidden", ()),
    ("PAM50, Integrative Cluster and 3-Gene hidden", MOLECULAR),
    ("these and HER2 hidden", (*MOLECULAR, cohort.HER2)),
    ("these, HER2 and grade hidden", (*MOLECULAR, cohort.HER2, cohort.GRADE)),
    ("these, HER2 and size hidden", (*MOLECULAR, cohort.HER2, cohort.SIZE)),
    ("these, HER2 and nodes hidden", (*MOLECULAR, cohort.HER2, cohort.NODES)),
    ("all but age hidden", cohort.INPUTS[1:]))


def number(value, decimals=4):
    return round(float(value), decimals)


def _counts(n, draws):
    """Once everyone, then `draws` bootstrap samples, as counts."""
    rng = np.random.default_rng(SEED)
    yield np.ones(n)
    for _ in range(draws):
        yield np.bincount(rng.integers(0, n, n), minlength=n).astype(float)


def measure(repeats, women, draws):
    """Arrays [1 + draws] of every metric; the first entry is the figure."""
    pairs = [survival.Concordance(p, women.time, women.died)
             for p in repeats]
    constant = all(np.ptp(p) == 0 for p in repeats)
    rows = []
    for count in _counts(len(women), draws):
        outcome = survival.known_outcome(women.time, women.died, count)
        seen = survival.observed(women.time, women.died, count)
        for p, pair in zip(repeats, pairs):
            intercept, slope = ((np.nan, np.nan) if constant else
                                survival.calibration(p, outcome))
            rows.append([survival.brier(p, outcome, count),
                         pair.value(count), intercept, slope,
                         seen / np.average(p, weights=count)])
    table = np.array(rows).reshape(draws + 1, len(repeats), -1).mean(1)
    names = ("brier", "cIndex", "calibrationIntercept", "calibrationSlope",
             "observedToExpected")
    return {n: column for n, column in zip(names, table.T)
            if not np.isnan(column).any()}


def figure(column):
    low, high = np.percentile(column[1:], [2.5, 97.5])
    return {"value": number(column[0]), "low": number(low),
            "high": number(high)}


def figures(measured, names=None):
    return {n: figure(measured[n]) for n in names or measured}


def _compare(ours, other, names):
    """The other's figures and the paired gains of ours over it."""
    out = figures(other, names)
    out["brierGain"] = figure(other["brier"] - ours["brier"])
    if "cIndex" in names:
        out["cIndexGain"] = figure(ours["cIndex"] - other["cIndex"])
    return out


def test_block(women, X):
    """Fitted on four fifths, scored on the held-out fifth."""
    held, seen = women.part(women.test), women.part(~women.test)
    Xh, Xs = X[women.test], X[~women.test]
    mine = fit(Xs, seen).probability(Xh)
    ours = measure([mine], held, TEST_DRAWS)
    flat = measure([baselines.kaplan_meier(seen)(Xh)], held, TEST_DRAWS)
    linear = measure([baselines.linear_cox(Xs, seen)(Xh)], held, TEST_DRAWS)
    return {
        "evaluatedOn": "held-out fifth of the women (by the hash of the "
        "patient ID), predicted by the same recipe fitted on the other four "
        "fifths; looked at twice, nothing changed after. This fifth is "
        "easier than the rest: see crossValidated",
        "n": len(held), "deaths": int(held.died.sum()), **figures(ours),
        "baselines": [
            {"name": "Kaplan-Meier, the same probability for everyone",
             **_compare(ours, flat, ("brier", "observedToExpected"))},
            {"name": "linear Cox regression on age, nodes, size, grade and "
             "ER status", **_compare(ours, linear, tuple(linear))},
            against_predict(held, [mine], TEST_DRAWS)]}


def against_predict(women, ours, draws):
    """Beside PREDICT 3.2, on the women whom PREDICT can answer."""
    same = predict_published.answerable(women)
    held = women.part(same)
    mine = measure([p[same] for p in ours], held, draws)
    other = measure([predict_published.probability(held)], held, draws)
    return {"name": "PREDICT breast 3.2", "n": len(held),
            "ours": figures(mine, ("brier", "cIndex")),
            **_compare(mine, other, tuple(other))}


def out_of_fold(women, X, repeats, make=fit):
    """Predictions [repeats, women], each by models that never saw her."""
    out = np.zeros((repeats, len(women)))
    for i in range(repeats):
        rng = np.random.default_rng(SEED + i)
        fold = rng.permutation(len(women)) % FOLDS
        for k in range(FOLDS):
            rest, these = fold != k, fold == k
            one = make(X[rest], women.part(rest))
            predict = getattr(one, "probability", one)
            out[i, these] = predict(X[these])
    return out


def cross_validated(women, X):
    """Four fifths only: what the choice of the recipe rested on."""
    seen, Xs = women.part(~women.test), X[~women.test]
    ours = measure(out_of_fold(seen, Xs, DEV_REPEATS), seen, DRAWS)
    linear = measure(out_of_fold(seen, Xs, DEV_REPEATS,
                                 baselines.linear_cox), seen, DRAWS)
    return {"evaluatedOn": f"the other four fifths, {DEV_REPEATS} repeats of "
            f"{FOLDS}-fold cross-validation; the recipe was chosen on these "
            "women among about 100, so slightly optimistic",
            "n": len(seen), "deaths": int(seen.died.sum()), **figures(ours),
            "baselines": [
                {"name": "linear Cox regression on age, nodes, size, grade "
                 "and ER status", **_compare(ours, linear, tuple(linear))}]}


def leave_cohort_out(women, X):
    """Each of the five cohorts predicted from the other four."""
    ours, linear = np.zeros(len(women)), np.zeros(len(women))
    cohorts, each = women.groups["cohort"], []
    for name in sorted(set(cohorts)):
        rest, these = cohorts != name, cohorts == name
        seen, held = women.part(rest), women.part(these)
        ours[these] = fit(X[rest], seen).probability(X[these])
        linear[these] = baselines.linear_cox(X[rest], seen)(X[these])
        each.append({"cohort": name, "n": len(held), **figures(
            measure([ours[these]], held, DRAWS))})
    pooled = measure([ours], women, DRAWS)
    other = measure([linear], women, DRAWS)
    return {"evaluatedOn": "all women, each cohort predicted by a model "
            "fitted on the other four", "n": len(women), **figures(pooled),
            "baselines": [
                {"name": "linear Cox regression on age, nodes, size, grade "
                 "and ER status", **_compare(pooled, other, tuple(other))}],
            "perCohort": each}


def verdict(gap):
    """Of Harrell's C less that of the rest, as `avicenna evaluate` judges."""
    if gap["low"] > 0 or gap["high"] < 0:
        return "GAP_SHOWN"
    within = -SMALL_GAP <= gap["low"] and gap["high"] <= SMALL_GAP
    return "NO_GAP_SHOWN" if within else "INCONCLUSIVE"


def hidden_levels(names):
    """Levels under 11 women and, where that is a single one, the smallest
    other: it could be told from the total."""
    sizes = sorted((int((names == n).sum()), n) for n in set(names))
    hidden = [n for size, n in sizes if size < SMALL]
    return hidden + [n for _, n in sizes if n not in hidden][:len(hidden) == 1]


def subgroups(women, repeats):
    out = []
    for by, names in women.groups.items():
        hidden = hidden_levels(names)
        for level in sorted(set(names)):
            these = names == level
            if level in hidden:
                out.append({"by": by, "level": level, "n": None})
                continue
            held, rest = women.part(these), women.part(~these)
            own = measure(list(repeats[:, these]), held, DRAWS)
            others = measure(list(repeats[:, ~these]), rest, DRAWS)
            found = figures(own, ("brier", "cIndex", "observedToExpected"))
            gap = figure(own["cIndex"] - others["cIndex"])
            out.append({"by": by, "level": level, "n": len(held), **found,
                        "cIndexLessRest": gap, "verdict": verdict(gap)})
    return out


def calibration_bands(women, repeats):
    """Fifths of predicted risk, with what was observed (Kaplan-Meier)."""
    p = repeats.mean(0)
    cuts = np.r_[0, np.quantile(p, [0.2, 0.4, 0.6, 0.8]), 1]
    out = []
    for low, high in zip(cuts[:-1], cuts[1:]):
        held = women.part((p >= low) & (p < high))
        value, least, most = survival.observed_interval(held.time, held.died)
        early = held.died & (held.time <= cohort.HORIZON)
        out.append({"from": number(low), "to": number(high), "n": len(held),
                    "deaths": int(early.sum()),
                    "predicted": number(p[(p >= low) & (p < high)].mean()),
                    "observed": {"value": number(value),
                                 "low": number(least),
                                 "high": number(most)}})
    return out


def inputs_hidden(women, X):
    """Inputs hidden at prediction only, out of fold, all women."""
    out = []
    for note, names in HIDDEN:
        def make(Xs, seen, names=names):
            fitted = fit(Xs, seen)
            return lambda new: fitted.probability(hide(new, names))
        repeats = out_of_fold(women, X, HIDDEN_REPEATS, make)
        found = measure(list(repeats), women, 1)
        out.append({"hidden": note, "brier": number(found["brier"][0]),
                    "cIndex": number(found["cIndex"][0]),
                    "meanPredicted": number(repeats.mean()),
                    "observed": number(survival.observed(
                        women.time, women.died, np.ones(len(women))))})
    return out


def everything(women):
    """Performance, subgroups and calibration bands."""
    X = encode(women.rows)
    repeats = out_of_fold(women, X, ALL_REPEATS)
    source = (f"all women, {ALL_REPEATS} repeats of {FOLDS}-fold "
              "cross-validation (each woman scored by models that never saw "
              "her)")
    performance = {
        **test_block(women, X),
        "crossValidated": cross_validated(women, X),
        "crossFitted": {"evaluatedOn": source, "n": len(women),
                        **figures(measure(list(repeats), women, DRAWS)),
                        "baselines": [against_predict(women, list(repeats),
                                                      DRAWS)]},
        "leaveCohortOut": leave_cohort_out(women, X),
        "withInputsHidden": inputs_hidden(women, X)}
    return (performance, source, subgroups(women, repeats),
            calibration_bands(women, repeats))
