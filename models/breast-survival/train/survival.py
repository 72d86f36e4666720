"""Measures of a predicted probability of death within the horizon.

Every function takes `count`, how often each woman is in the sample (ones, or
the counts of a bootstrap draw). Censoring weights: Kaplan-Meier of censoring,
marginal, estimated on the very sample that is scored (Graf 1999).
"""
import numpy as np

from cohort import HORIZON

LEAST_WEIGHT = 0.05  # floor of the probability of not being censored
Z = 1.959964


def kaplan_meier(time, event, count):
    """Distinct times, survival after each, events and numbers at risk."""
    times, at = np.unique(time, return_inverse=True)
    events = np.bincount(at, event * count, len(times))
    leaving = np.bincount(at, count, len(times))
    at_risk = leaving[::-1].cumsum()[::-1]
    survival = np.cumprod(1 - events / np.maximum(at_risk, 1))
    return times, survival, events, at_risk


def observed(time, died, count):
    """Kaplan-Meier probability of death by the horizon."""
    times, survival, _, _ = kaplan_meier(time, died, count)
    return 1 - survival[times <= HORIZON][-1]


def observed_interval(time, died):
    """The same with its 95 % log-log interval (Greenwood)."""
    times, survival, events, at_risk = kaplan_meier(
        time, died, np.ones(len(time)))
    early = times <= HORIZON
    s, d, r = survival[early][-1], events[early], at_risk[early]
    error = np.sqrt((d / np.maximum(r * (r - d), 1e-9)).sum()) / -np.log(s)
    return (1 - s, 1 - s ** np.exp(-Z * error), 1 - s ** np.exp(Z * error))


def _step(times, survival, at, side):
    i = np.searchsorted(times, at, side=side) - 1
    return np.where(i < 0, 1.0, survival[np.maximum(i, 0)])


def known_outcome(time, died, count):
    """Death by the horizon (0/1) and the weight of each woman; women
    censored before the horizon weigh nothing."""
    times, free, _, _ = kaplan_meier(time, ~died, count)
    at_death = np.maximum(_step(times, free, time, "left"), LEAST_WEIGHT)
    at_end = max(float(_step(times, free, HORIZON, "right")), LEAST_WEIGHT)
    dead = died & (time <= HORIZON)
    weight = np.where(dead, 1 / at_death,
                      np.where(time > HORIZON, 1 / at_end, 0))
    return dead.astype(float), weight * count


def brier(p, outcome, count):
    """Weighted mean squared error; `outcome` from known_outcome."""
    dead, weight = outcome
    return (weight * (dead - p) ** 2).sum() / count.sum()


def _logit(p):
    p = np.clip(p, 1e-4, 1 - 1e-4)
    return np.log(p / (1 - p))


def _weighted_logistic(A, offset, outcome):
    """Coefficients of a weighted logistic regression, by Newton steps."""
    dead, weight = outcome
    b = np.zeros(A.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-(A @ b + offset)))
        slope = A.T @ (weight * (dead - p))
        curve = (A * (weight * p * (1 - p))[:, None]).T @ A
        step = np.linalg.solve(curve + 1e-9 * np.eye(len(b)), slope)
        largest = np.abs(step).max()
        b = b + step * min(1.0, 3 / max(largest, 1e-12))
        if largest < 1e-7:
            break
    return b


def calibration(p, outcome):
    """Intercept (slope held at 1) and slope on the logit scale."""
    x, one = _logit(p), np.ones((len(p), 1))
    slope = _weighted_logistic(np.c_[one, x], 0.0, outcome)[1]
    return _weighted_logistic(one, x, outcome)[0], slope


class Concordance:
    """Harrell's C over the full follow-up, for fast repeated weighting."""

    def __init__(self, p, time, died):
        self.dead = np.flatnonzero(died)
        t, r = time[self.dead, None], p[self.dead, None]
        later = (time > t) | ((time == t) & ~died)
        right = (p < r) + 0.5 * (p == r)
        self.pairs = later.astype(np.float32)
        self.right = (later * right).astype(np.float32)

    def value(self, count):
        w = count.astype(np.float32)
        first = w[self.dead].astype(float)
        return (first @ (self.right @ w)) / (first @ (self.pairs @ w))
