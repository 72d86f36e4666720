"""What the model is compared with, fitted on the same women.

`kaplan-meier`: the same probability for everyone. `linear Cox`: one Cox
regression for death from any cause on age, nodes, size, grade and ER status,
full follow-up, practically unpenalised, missing = a typical value plus an
indicator.
"""
import numpy as np

import cohort
from cox import Cox
from encode import COLUMNS
from model import CLIP
from survival import observed

RIDGE = 0.01
TYPICAL = {cohort.AGE: 61.0, cohort.SIZE: 22.0, cohort.NODES: 0.0}
LINEAR_LEVELS = (f"{cohort.GRADE}=1", f"{cohort.GRADE}=3",
                 f"{cohort.GRADE}.missing", f"{cohort.ER}=Negative",
                 f"{cohort.ER}.missing")
AT = {c["name"]: i for i, c in enumerate(COLUMNS)}


def kaplan_meier(women):
    """A function of X that gives everyone the observed risk of `women`."""
    risk = observed(women.time, women.died, np.ones(len(women)))
    return lambda X: np.full(len(X), risk)


def _linear_terms(X):
    out = []
    for name in cohort.NUMBERS:
        value = X[:, AT[name]]
        filled = np.where(np.isnan(value), TYPICAL[name], value)
        out += [np.clip(filled, *CLIP[name]) / 10, np.isnan(value)]
    return np.column_stack(out + [X[:, AT[n]] for n in LINEAR_LEVELS])


def linear_cox(X, women):
    """A function of X that gives the linear Cox model's probability."""
    fitted = Cox(_linear_terms(X), women.time, women.died, RIDGE, cut=False)
    return lambda new: -np.expm1(
        -np.exp(fitted.log_hazard(_linear_terms(new))))
