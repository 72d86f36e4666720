"""The model: p = 1 - exp(-(Hd + Ho)) at 120 months.

Hd, death of the disease: ridge Cox on the tumour. Ho, death of anything else:
ridge Cox on age alone. Each cause censors the other, so that the sum of the
two cumulative hazards is the all-cause one. Every term is centred at the mean
of the training women in whom it is recorded; missing = 0 plus an indicator.
"""
import numpy as np

import cohort
from cox import Cox
from encode import COLUMNS

RIDGE_DISEASE, RIDGE_OTHER = 20.0, 3.0
WIDEN, Z = 1.15, 1.96  # see README, Interval
CLIP = {cohort.AGE: (25.0, 90.0), cohort.SIZE: (5.0, 100.0),
        cohort.NODES: (0.0, 20.0)}  # years, mm, count
AGE_ZERO, SIZE_KNOT, TEN = 61.0, 30.0, 10.0
FIRST = len(cohort.NUMBERS)  # first column of the categories
CATEGORIES = COLUMNS[FIRST:]
DISEASE_TERMS = (["Tumor Size/10", "max(Tumor Size-30,0)/10",
                  "Tumor Size.missing", "ln(1+nodes)", "nodes.missing"]
                 + [c["name"] for c in CATEGORIES])
OTHER_TERMS = ["(age-61)/10", "age.missing"]


def raw_terms(X):
    """Terms of the numbers before centring: age, size, hinge, log nodes."""
    age, size, nodes = (np.clip(X[:, i], *CLIP[n])
                        for i, n in enumerate(cohort.NUMBERS))
    return np.column_stack([(age - AGE_ZERO) / TEN, size / TEN,
                            np.maximum(size - SIZE_KNOT, 0) / TEN,
                            np.log1p(nodes)])


class Model:
    def __init__(self, X, time, died, of_disease):
        self._learn_means(X)
        disease, other = self.terms(X)
        self.disease = Cox(disease, time, of_disease, RIDGE_DISEASE)
        self.other = Cox(other, time, died & ~of_disease, RIDGE_OTHER)

    def _learn_means(self, X):
        self.number_means = np.nanmean(raw_terms(X), axis=0)
        C = X[:, FIRST:]
        self.level_means = np.zeros(len(CATEGORIES))
        self.fill = np.eye(len(CATEGORIES))  # one-hot -> missing is the mean
        for name in cohort.LEVELS:
            at = [i for i, c in enumerate(CATEGORIES) if c["input"] == name]
            levels, gone = at[:-1], at[-1]
            means = C[C[:, gone] == 0][:, levels].mean(0)
            self.level_means[levels] = self.fill[gone, levels] = means

    def terms(self, X):
        """Centred terms of the disease part and of the other part."""
        T = np.nan_to_num(raw_terms(X) - self.number_means)
        age, size, nodes = np.isnan(X[:, :FIRST]).astype(float).T
        C = X[:, FIRST:] @ self.fill - self.level_means
        return (np.column_stack([T[:, 1:3], size, T[:, 3], nodes, C]),
                np.column_stack([T[:, 0], age]))

    def predict(self, X):
        """Margin log(Hd + Ho), probability, half-width on the margin."""
        disease, other = self.terms(X)
        hd = np.exp(self.disease.log_hazard(disease))
        ho = np.exp(self.other.log_hazard(other))
        h = hd + ho
        s = np.sqrt((hd / h) ** 2 * self.disease.variance(disease)
                    + (ho / h) ** 2 * self.other.variance(other))
        return np.log(h), -np.expm1(-h), Z * WIDEN * s

    def probability(self, X):
        return self.predict(X)[1]


def fit(X, women):
    return Model(X, women.time, women.died, women.of_disease)
