"""Figures with 95 % intervals by bootstrap of patients."""
import numpy as np

DRAWS, SEED = 200, 20190405
SMALL = 11
MARGIN = 0.05


def _figure(values):
    """Value on the rows as they are, then the interval of the draws."""
    low, high = np.nanquantile(values[1:], [0.025, 0.975])
    return {"value": round(float(values[0]), 4), "low": round(float(low), 4),
            "high": round(float(high), 4)}


def draws_of(count, seed=SEED):
    """How often each patient counts: once each, then as drawn."""
    rng = np.random.RandomState(seed)
    drawn = [np.bincount(rng.randint(0, count, count), minlength=count)
             for _ in range(DRAWS)]
    return np.vstack([np.ones(count, dtype=int), *drawn])


class Scored:
    """Rows with their predicted value, ready to be weighted many times."""

    def __init__(self, value, rows, patient, threshold):
        order = np.argsort(-value, kind="stable")
        self.value = value[order]
        self.label = rows.label[order].astype(float)
        self.gain, self.best = rows.gain[order], rows.best[order]
        self.patient = patient[order]
        self.alert = self.value >= threshold
        self.logit = np.log(self.value / (1 - self.value))
        self.ends = np.r_[np.flatnonzero(np.diff(self.value)),
                          len(value) - 1]

    def where(self, chosen):
        """The rows for which `chosen`, given by sorted row, is true."""
        out = object.__new__(Scored)
        for key in ("value", "label", "gain", "best", "patient", "alert",
                    "logit"):
            setattr(out, key, getattr(self, key)[chosen])
        out.ends = np.r_[np.flatnonzero(np.diff(out.value)),
                         len(out.value) - 1]
        return out

    def ranking(self, weight):
        """AUROC and average precision, ties taken together."""
        hits = np.cumsum(weight * self.label)[self.ends]
        falls = np.cumsum(weight * (1 - self.label))[self.ends]
        width, height = np.diff(falls, prepend=0), np.diff(hits, prepend=0)
        area = np.sum(width * (hits - height / 2)) / (hits[-1] * falls[-1])
        seen = np.maximum(hits + falls, 1e-300)
        return area, np.sum(height * hits / seen) / hits[-1]

    def utility(self, weight):
        return (np.sum((weight * self.gain)[self.alert])
                / np.sum((weight * self.gain)[self.best]))

    def alerts(self, weight):
        """Sensitivity, specificity and predictive value by the hour, and the
        share of hours with an alert."""
        sick, well = weight * self.label, weight * (1 - self.label)
        true, false = sick[self.alert].sum(), well[self.alert].sum()
        return (true / sick.sum(), 1 - false / well.sum(),
                true / (true + false), (true + false) / weight.sum())

    def calibration(self, weight):
        """Intercept and slope of the outcome on the predicted log-odds."""
        line = np.array([0.0, 1.0])
        for _ in range(6):
            p = 1 / (1 + np.exp(-(line[0] + line[1] * self.logit)))
            off, curve = weight * (self.label - p), weight * p * (1 - p)
            slope = np.array([off.sum(), (off * self.logit).sum()])
            cross = (curve * self.logit).sum()
            square = (curve * self.logit ** 2).sum()
            line = line + np.linalg.solve(
                [[curve.sum(), cross], [cross, square]], slope)
        return line


METRICS = ("auroc", "auprc", "utility", "brier", "calibrationIntercept",
           "calibrationSlope", "sensitivity", "specificity", "ppv",
           "alertHours")


def _metrics(scored, weight):
    error = np.sum(weight * (scored.value - scored.label) ** 2) / weight.sum()
    return (*scored.ranking(weight), scored.utility(weight), error,
            *scored.calibration(weight), *scored.alerts(weight))


def figures(scored, draws):
    """Every metric with its interval."""
    table = np.array([_metrics(scored, line[scored.patient].astype(float))
                      for line in draws])
    return {name: _figure(table[:, i]) for i, name in enumerate(METRICS)}


def counts(scored):
    """Patients and, of them, those with a positive hour."""
    sick = np.unique(scored.patient[scored.label == 1])
    return {"n": int(len(np.unique(scored.patient))), "septic": len(sick),
            "hours": len(scored.value)}


def by_patient(scored):
    """Shares of patients who are ever alerted, septic or not."""
    alerted = set(np.unique(scored.patient[scored.alert]).tolist())
    sick = set(np.unique(scored.patient[scored.label == 1]).tolist())
    well = set(np.unique(scored.patient).tolist()) - sick
    return {"septicAlerted": round(len(sick & alerted) / len(sick), 4),
            "othersAlerted": round(len(well & alerted) / len(well), 4)}


def _gap(scored, inside, draws):
    """Utility of a group less that of the rest, in the same draws."""
    ours, rest = scored.where(inside), scored.where(~inside)
    return _figure(np.array([
        ours.utility(line[ours.patient].astype(float))
        - rest.utility(line[rest.patient].astype(float)) for line in draws]))


def calibration_bands(scored, draws):
    """Tenths of the hours by risk, lowest first: said, and came to pass."""
    out = []
    for part in np.array_split(np.arange(len(scored.value))[::-1], 10):
        label, patient = scored.label[part], scored.patient[part]
        observed = [np.average(label, weights=line[patient])
                    for line in draws.astype(float)]
        out.append({"n": int(len(np.unique(patient))),
                    "predicted": round(float(scored.value[part].mean()), 5),
                    "observed": {k: round(float(v), 5) for k, v in zip(
                        ("value", "low", "high"),
                        (observed[0], *np.quantile(observed[1:],
                                                   [0.025, 0.975])))}})
    return out


def verdict(gap):
    if gap["low"] > 0 or gap["high"] < 0:
        return "GAP_SHOWN"
    inside = gap["low"] >= -MARGIN and gap["high"] <= MARGIN
    return "NO_GAP_SHOWN" if inside else "INCONCLUSIVE"


def groups_of(table):
    """(what it is by, level, compared with the rest?, rows)."""
    age, hour = table.Age, table.ICULOS
    unit = table.Unit1.isna() & table.Unit2.isna()
    return [
        ("sex", "female", True, table.Gender == 0),
        ("sex", "male", True, table.Gender == 1),
        ("age", "under 45", True, age < 45),
        ("age", "45 to under 65", True, (age >= 45) & (age < 65)),
        ("age", "65 to under 80", True, (age >= 65) & (age < 80)),
        ("age", "80 and over", True, age >= 80),
        ("unit", "MICU", True, table.Unit1 == 1),
        ("unit", "SICU", True, table.Unit2 == 1),
        ("unit", "not recorded", True, unit),
        ("ICU hour", "1 to under 13", False, hour <= 12),
        ("ICU hour", "13 to under 49", False, (hour > 12) & (hour <= 48)),
        ("ICU hour", "49 and over", False, hour > 48)]


def subgroups(scored, order, table, draws):
    """Figures by group; groups with few patients or few septic are hidden."""
    out = []
    for by, level, compared, rows in groups_of(table):
        inside = rows.to_numpy()[order]
        part = scored.where(inside)
        size = counts(part)
        if min(size["n"], size["septic"]) < SMALL:
            out.append({"by": by, "level": level, "n": None})
            continue
        entry = {"by": by, "level": level, **size, **figures(part, draws)}
        if compared:
            entry["utilityLessRest"] = _gap(scored, inside, draws)
            entry["verdict"] = verdict(entry["utilityLessRest"])
        out.append(entry)
    return out
