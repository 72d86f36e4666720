"""The dose model: robust ridge regression on the square root of weekly dose.

Form (after IWPC, NEJM 2009;360:753): sqrt(mg/week) is linear in age, size,
race, genotype and drugs; here also in sex, smoking, aspirin, statin,
comorbidities and indication, with body weight acting differently in ASIAN
patients. Choices, all made by cross-validation inside the development rows
(see README, "What was tried"):

* Loss: pseudo-Huber on the root scale, weighted by the root of the local slope
  of the link, so that it sits between relative and absolute error.
* Ridge: light on clinical terms, heavy on terms that mostly tell hospitals
  apart (missing-value indicators, ASIAN and UNKNOWN race intercepts).
* Target INR: within the cohort it varies almost only BETWEEN hospitals, so its
  effect is not read off there. It is estimated inside hospitals, with the
  stable patients who had other targets, and then held fixed.
* Missing height/weight: expected value for sex and race.
* Missing genotype: the intercept by race is fitted on the same patients with
  their genotypes hidden, all other coefficients held fixed.
"""
import numpy as np

import cohort
from encode import columns_for, encode

AGE, HEIGHT, WEIGHT = (64.5, 10.0), (168.0, 10.0), (79.0, 20.0)
EPS = 0.5
RIDGE = {"plain": 0.5, "weak": 20.0, "hospital": 100.0}
WEAK = {"male", "smoker", "aspirin", "statin", "diabetes", "heartFailure",
        "valveReplacement", "ASIAN", "UNKNOWN"} | {
            f"indication={c}" for c in cohort.INDICATIONS}
RACE_TERMS = ("ASIAN", "BLACK", "UNKNOWN")
GENES = ("cyp2c9", "vkorc1")
IMPUTE_BY = ("sex=male", "sex.missing", "race=ASIAN", "race=BLACK",
             "race=UNKNOWN", "race.missing")


def mask(rows, names):
    """The same patients with the given inputs hidden."""
    return [{**r, **{n: None for n in names}} for r in rows]


def mean_fills(rows):
    """Fills of the `number` columns; rounded, since the card shows them."""
    out = {"targetInr": 2.5}
    for name in ("age", "heightCm", "weightKg"):
        values = [r[name] for r in rows if r[name] is not None]
        out[name] = round(float(np.mean(values)), 1)
    return out


def ridge_of(name):
    if name in ("cyp2c9.missing", "vkorc1.missing"):
        return RIDGE["plain"]
    if name.endswith(".missing"):
        return RIDGE["hospital"]
    return RIDGE["weak"] if name in WEAK else RIDGE["plain"]


def robust_ridge(Z, s, penalty, steps=15):
    """Minimise the slope-weighted pseudo-Huber loss by reweighting."""
    P = np.diag(penalty)
    b = np.linalg.solve(Z.T @ Z + P, Z.T @ s)
    for _ in range(steps):
        fit = Z @ b
        slope = np.clip(fit, 0.5, None) + s
        w = np.sqrt(slope) / np.sqrt((s - fit) ** 2 + EPS ** 2)
        w /= w.mean()
        b = np.linalg.solve((Z * w[:, None]).T @ Z + P, Z.T @ (w * s))
    return b


class Model:
    """fit(rows) then margin(rows); `terms` and `products` feed the graph."""

    def __init__(self, genetic=True, inr_slope=0.0):
        self.genetic, self.inr_slope = genetic, inr_slope

    # -- stage 1: clean, scaled terms, linear in the columns and a few products
    def _impute(self, rows, name):
        """Offset of the expected value from the fill, by sex and race."""
        known = [r for r in rows if r[name] is not None and r["sex"]]
        D = np.array([[1.0, r["sex"] == "male"] + [r["race"] == t for t in
                      RACE_TERMS] for r in known], float)
        y = np.array([r[name] for r in known]) - self.fills[name]
        b = np.linalg.solve(D.T @ D + 1e-6 * np.eye(5), D.T @ y)
        one, male, asian, black, unknown = (float(v) for v in b)
        return one, [male, male * self.male_share, asian, black, unknown,
                     unknown]

    def _learn_fills(self, rows):
        sexes = [r["sex"] for r in rows if r["sex"]]
        self.male_share = sexes.count("male") / len(sexes)
        self.fills = mean_fills(rows)
        self.columns = columns_for(self.fills)

    def _size_terms(self, rows, at):
        """Height and weight, imputed by sex and race where empty."""
        out = []
        for k, (n, (mid, unit)) in enumerate((("heightCm", HEIGHT),
                                              ("weightKg", WEIGHT))):
            one, offsets = self._impute(rows, n)
            first = len(self.columns) + k * len(IMPUTE_BY)
            parts = [(at[n], 1 / unit), (at[f"{n}.missing"], one / unit)]
            parts += [(first + j, o / unit) for j, o in enumerate(offsets)]
            out.append((n, parts, -mid / unit))
            out.append((f"{n}.missing", [(at[f"{n}.missing"], 1.0)], 0.0))
        return out

    def _term_list(self, rows, at):
        """(name, [(column, weight)], shift) of every term."""
        out = [("age", [(at["age"], 1 / AGE[1])], -AGE[0] / AGE[1])]
        out += self._size_terms(rows, at)
        out.append(("male", [(at["sex=male"], 1.0),
                             (at["sex.missing"], self.male_share)], 0.0))
        out.append(("ASIAN", [(at["race=ASIAN"], 1.0)], 0.0))
        out.append(("BLACK", [(at["race=BLACK"], 1.0)], 0.0))
        out.append(("UNKNOWN", [(at["race=UNKNOWN"], 1.0),
                                (at["race.missing"], 1.0)], 0.0))
        for c in self.columns:
            own = c["input"] in GENES and self.genetic
            if own or c["input"] in cohort.FLAGS or c["input"] == "indication":
                out.append((c["name"], [(at[c["name"]], 1.0)], 0.0))
        return out + [("targetInr", [(at["targetInr"], 1.0)], -2.5)]

    def _build_stage_1(self, rows):
        self._learn_fills(rows)
        at = {c["name"]: i for i, c in enumerate(self.columns)}
        self.pairs1 = [(at[f"{n}.missing"], at[c]) for n in
                       ("heightCm", "weightKg") for c in IMPUTE_BY]
        terms = self._term_list(rows, at)
        self.terms = [name for name, _, _ in terms]
        self.A = np.zeros((len(self.columns) + len(self.pairs1), len(terms)))
        for i, (_, parts, _) in enumerate(terms):
            for column, weight in parts:
                self.A[column, i] += weight
        self.shift = np.array([shift for _, _, shift in terms])

    def _build_stage_2(self):
        at = {n: i for i, n in enumerate(self.terms)}
        names = [("weightKg", "ASIAN")]
        if self.genetic:
            names += [(f"{g}.missing", r) for g in GENES for r in RACE_TERMS]
        self.products = [f"{a} x {b}" for a, b in names]
        self.pairs2 = [(at[a], at[b]) for a, b in names]

    def stage_1(self, X):
        P = np.column_stack([X[:, i] * X[:, j] for i, j in self.pairs1])
        return np.hstack([X, P]) @ self.A + self.shift

    def design(self, rows):
        U = self.stage_1(encode(rows, self.columns))
        P = np.column_stack([U[:, i] * U[:, j] for i, j in self.pairs2])
        return np.hstack([U, P])

    # -- fitting
    def fit(self, rows):
        self._build_stage_1(rows)
        self._build_stage_2()
        names = self.terms + self.products
        s = np.sqrt([r["dose"] for r in rows])
        Z = self.design(rows)
        inr = names.index("targetInr")
        late = [i for i, n in enumerate(names) if n.split(" x ")[0] in
                ("cyp2c9.missing", "vkorc1.missing")]
        main = [i for i in range(len(names)) if i not in late and i != inr]
        full = [i for i, r in enumerate(rows) if not self.genetic
                or (r["cyp2c9"] and r["vkorc1"])]
        self.coef = np.zeros(len(names))
        self.coef[inr] = self.inr_slope
        D = np.column_stack([np.ones(len(full)), Z[np.ix_(full, main)]])
        pen = np.array([0.0] + [ridge_of(names[i]) for i in main])
        b = robust_ridge(D, s[full] - Z[full, inr] * self.inr_slope, pen)
        self.intercept, self.coef[main] = float(b[0]), b[1:]
        if self.genetic:
            self._fit_missing_genotype(rows, late, names)
        return self

    def _fit_missing_genotype(self, rows, late, names):
        """Race intercepts for hidden genotypes, everything else held fixed."""
        parts = [mask(rows, g) for g in (GENES[:1], GENES[1:], GENES)]
        hidden = [r for part in parts for r in part]
        Z = self.design(hidden)
        s = np.sqrt([r["dose"] for r in hidden])
        rest = s - self.intercept - Z @ self.coef
        pen = np.array([ridge_of(names[i]) for i in late])
        self.coef[late] = robust_ridge_offset(Z[:, late], rest, s, pen)

    def margin(self, rows):
        return self.intercept + self.design(rows) @ self.coef

    def dose(self, rows):
        return np.clip(self.margin(rows), 0, None) ** 2


def robust_ridge_offset(Z, rest, s, penalty, steps=15):
    """robust_ridge for what is left after a fixed part (s - rest)."""
    P = np.diag(penalty)
    b = np.linalg.solve(Z.T @ Z + P, Z.T @ rest)
    for _ in range(steps):
        left = rest - Z @ b
        slope = np.clip(s - left, 0.5, None) + s
        w = np.sqrt(slope) / np.sqrt(left ** 2 + EPS ** 2)
        w /= w.mean()
        b = np.linalg.solve((Z * w[:, None]).T @ Z + P, Z.T @ (w * rest))
    return b


def inr_slope_within_sites(rows, other_targets):
    """Effect of one INR unit on sqrt(mg/week), compared inside hospitals.

    Ordinary least squares on development rows plus stable patients outside
    the cohort only because of their target; one intercept per hospital.
    Returns (slope, standard error). Gage 2008 found +0.2029 on log dose, about
    +0.5 on the root scale at 28 mg/week.
    """
    both = list(rows) + list(other_targets)
    m = Model()
    m._build_stage_1(both)
    U = m.stage_1(encode(both, m.columns))
    sites = sorted({r["site"] for r in both})
    S = np.array([[r["site"] == q for q in sites] for r in both], float)
    D, s = np.hstack([U, S]), np.sqrt([r["dose"] for r in both])
    inverse = np.linalg.inv(D.T @ D + 0.01 * np.eye(D.shape[1]))
    b = inverse @ (D.T @ s)
    j = m.terms.index("targetInr")
    spread = np.var(s - D @ b)
    return float(b[j]), float(np.sqrt(inverse[j, j] * spread))
