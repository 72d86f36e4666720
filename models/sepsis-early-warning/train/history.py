"""Reference reading of the column grammar for one patient, in plain loops.

Hours without a row are inserted as hours in which nothing was measured. A
row sees itself and the hours before it. `hours` counts back and includes the
row's own hour; without it everything since the first row counts. Windows are
added up from the newest value back, everything else from the oldest on.
"""
import math

import numpy as np

import series
from cohort import FIO2_RANGE

NAN = math.nan


def _number(name, value):
    value = NAN if value is None or value == "" else float(value)
    outside = name == "FiO2" and not FIO2_RANGE[0] <= value <= FIO2_RANGE[1]
    return NAN if outside else value


def _last(values):
    """Each hour's last known value."""
    out, carried = [], NAN
    for value in values:
        carried = carried if math.isnan(value) else value
        out.append(carried)
    return out


class Patient:
    """The hours of one patient; `at` tells the hour of each row."""

    def __init__(self, rows):
        first = int(rows[0]["ICULOS"])
        self.at = [int(row["ICULOS"]) - first for row in rows]
        self.hours = [{} for _ in range(self.at[-1] + 1)]
        for hour, row in zip(self.at, rows):
            self.hours[hour] = row
        self.memo = {}

    def series(self, name):
        if name not in self.memo:
            self.memo[name] = self._series(name)
        return self.memo[name]

    def _series(self, name):
        if name in series.FROM_LAST:
            return self._from_last(*series.FROM_LAST[name])
        if name in series.FROM_MEASURING:
            return self._from_measuring(name)
        return [_number(name, row.get(name)) for row in self.hours]

    def _from_last(self, inputs, function):
        known = {i: _last(self.series(i)) for i in inputs}
        with np.errstate(all="ignore"):
            return [float(function({i: np.float64(known[i][k])
                                    for i in inputs}))
                    for k in range(len(self.hours))]

    def _from_measuring(self, name):
        inputs = series.FROM_MEASURING[name]
        out, seen = [], set()
        for k in range(len(self.hours)):
            now = {i for i in inputs if not math.isnan(self.series(i)[k])}
            seen |= now
            if name == "bloodTests":
                out.append(1.0 if now else NAN)
            else:
                out.append(float(len(seen if name == "labKinds" else now)))
        return out


def _mean(known):
    return sum_in_order(known) / len(known) if known else NAN


def _sd(known):
    if len(known) < 2:
        return NAN
    centre, squares = _mean(known), 0.0
    for value in known:
        squares += (value - centre) * (value - centre)
    return math.sqrt(squares / len(known))


def _change(values, k, hours):
    if k < hours:
        return NAN
    known = _last(values[:k + 1])
    return known[k] - known[k - hours]


def take(values, k, what, hours):
    """A statistic of a series at hour k."""
    if what == "change":
        return _change(values, k, hours)
    start = 0 if hours is None else max(0, k - hours + 1)
    at = [i for i in range(start, k + 1) if not math.isnan(values[i])]
    known = [values[i] for i in (at if hours is None else reversed(at))]
    if what == "count":
        return len(known)
    if what == "sum":
        return sum_in_order(known)
    if not known:
        return NAN
    return {
        "last": lambda: values[at[-1]], "hoursSince": lambda: k - at[-1],
        "min": lambda: min(known), "max": lambda: max(known),
        "range": lambda: max(known) - min(known),
        "mean": lambda: _mean(known),
        "sd": lambda: _sd(known),
        "sinceFirst": lambda: values[at[-1]] - values[at[0]],
        "step": lambda: (values[at[-1]] - values[at[-2]]
                         if len(at) > 1 else NAN),
        "fromMean": lambda: values[at[-1]] - _mean(known),
    }[what]()


def sum_in_order(values):
    """Plain floating-point addition in the given order (Python's own `sum`
    compensates from 3.12 on)."""
    total = 0.0
    for value in values:
        total += value
    return total


def _cell(patient, spec, row, k):
    if spec["encode"] == "number":
        return _number(spec["input"], row[spec["input"]])
    if spec["take"] == "rows":
        return k
    return take(patient.series(spec["of"]), k, spec["take"],
                spec.get("hours"))


def columns_of(rows, specs):
    """float32 columns of one patient's rows, which are in time order."""
    patient = Patient(rows)
    return np.array([[_cell(patient, spec, row, k) for spec in specs]
                     for k, row in zip(patient.at, rows)], dtype=np.float32)
