"""How well held-out pairs are ranked among all pairs that are not known."""
import numpy as np


def average_precision(score, right):
    order = np.argsort(-score, kind="stable")
    hit = right[order]
    return float((np.cumsum(hit)[hit] / (np.flatnonzero(hit) + 1)).mean())


def auroc(score, right):
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    # Equal scores share the mean of their ranks.
    values, inverse, counts = np.unique(score, return_inverse=True, return_counts=True)
    sums = np.bincount(inverse, weights=ranks)
    ranks = (sums / counts)[inverse]
    n, m = int(right.sum()), int((~right).sum())
    return float((ranks[right].sum() - n * (n + 1) / 2) / (n * m))


def within(score, right, known, first):
    """Share of held-out pairs within the first so many of their disease, known ones left out."""
    hits = 0
    for row, truth, left_out in zip(score, right, known):
        if truth.any():
            best = np.argsort(-np.where(left_out, -np.inf, row), kind="stable")[:first]
            hits += int(truth[best].sum())
    return hits / int(right.sum())


def mean_of_diseases(score, right, known, first=100):
    """Of each disease the share of its held-out pairs within the first so many; then the mean of the diseases that have any."""
    each = [within(score[[row]], right[[row]], known[[row]], first) for row in np.flatnonzero(right.any(axis=1))]
    return float(np.mean(each))


def figures(score, right, known, firsts):
    """score, right, known: diseases x starts. Known pairs are not ranked."""
    asked = ~known
    out = {"auroc": auroc(score[asked], right[asked]),
           "averagePrecision": average_precision(score[asked], right[asked]),
           "meanOfDiseases": mean_of_diseases(score, right, known)}
    for first in firsts:
        out[f"within{first}"] = within(score, right, known, first)
    return out
