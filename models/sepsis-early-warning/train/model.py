"""Gradient-boosted trees, put on the probability scale by Platt scaling."""
import lightgbm
import numpy as np
from sklearn.linear_model import LogisticRegression

SETTINGS = {
    "objective": "binary", "learning_rate": 0.03, "num_leaves": 31,
    "feature_fraction": 0.15, "min_data_in_leaf": 500, "lambda_l2": 50,
    "bagging_freq": 1, "pos_bagging_fraction": 1.0,
    "neg_bagging_fraction": 0.3, "max_bin": 255, "verbose": -1,
    "num_threads": 2, "deterministic": True, "force_row_wise": True}
MEMBER_SEEDS = (101, 102, 103)


class Rows:
    """What fitting and judging need of the table, row by row."""

    def __init__(self, X, label, gain, best, fold):
        self.X, self.label, self.gain = X, label, gain
        self.best, self.fold = best, fold

    def take(self, chosen):
        return Rows(*(part[chosen] for part in (
            self.X, self.label, self.gain, self.best, self.fold)))


def fit(rows, names, trees):
    """The members: the same recipe under several seeds.

    An hour weighs what an alert gains or loses there; where an alert gains
    nothing (long after onset) it weighs 1, as does a false alert.
    """
    weight = np.where(rows.gain > 0, np.abs(rows.gain), 1.0)
    members = []
    for seed in MEMBER_SEEDS:
        data = lightgbm.Dataset(rows.X, rows.label.astype(float),
                                weight=weight, feature_name=list(names))
        members.append(lightgbm.train({**SETTINGS, "seed": seed}, data,
                                      trees))
    return members


def score(members, X):
    """Mean raw score of the members."""
    return np.stack([m.predict(X, raw_score=True, num_threads=2)
                     for m in members]).mean(axis=0)


def out_of_fold(rows, names, trees):
    """The score of each row by a fit on the other folds."""
    out = np.empty(len(rows.label))
    for fold in np.unique(rows.fold):
        held = rows.fold == fold
        out[held] = score(fit(rows.take(~held), names, trees), rows.X[held])
    return out


def platt(raw, label):
    """Slope and intercept from raw score to log-odds."""
    line = LogisticRegression(C=1e6).fit(raw[:, None], label)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def sigmoid(margin):
    return 1 / (1 + np.exp(-margin))


def best_threshold(value, rows):
    """The threshold of the greatest total gain."""
    order = np.argsort(-value, kind="stable")
    return float(value[order][int(np.argmax(np.cumsum(rows.gain[order])))])


def calibrate(rows, names, trees):
    """Platt line and threshold from out-of-fold scores, and those values."""
    raw = out_of_fold(rows, names, trees)
    a, b = platt(raw, rows.label)
    value = sigmoid(a * raw + b)
    return {"a": a, "b": b,
            "threshold": best_threshold(value, rows)}, value


def margins(members, line, X):
    return line["a"] * score(members, X) + line["b"]
