"""All columns of all rows at once, by numpy. `history.py` is the slow
reading of the same grammar, one patient at a time; `check` compares them."""
import numpy as np

import history
import series
from cohort import FIO2_RANGE, MEASURED


class Hours:
    """Rows of many patients under each other, one row an hour."""

    def __init__(self, table):
        self.table = table
        ids = table.patient.to_numpy()
        self.size = len(ids)
        new = np.r_[True, ids[1:] != ids[:-1]]
        self.index = np.arange(self.size)
        self.start = np.maximum.accumulate(np.where(new, self.index, 0))
        self.hour = self.index - self.start
        self.edges = np.r_[np.flatnonzero(new), self.size]
        self.memo = {}

    def once(self, key, make):
        if key not in self.memo:
            self.memo[key] = make()
        return self.memo[key]

    def recorded(self, name):
        values = self.table[name].to_numpy(dtype=float).copy()
        if name == "FiO2":
            low, high = FIO2_RANGE
            values[(values < low) | (values > high)] = np.nan
        return values

    def shift(self, values, hours):
        """The value so many hours before; missing before the first row."""
        if hours == 0:
            return values
        out = np.full(self.size, np.nan)
        out[hours:] = values[:-hours]
        out[self.hour < hours] = np.nan
        return out

    def latest(self, known):
        """Index of the latest row so far that is known; -1 if none."""
        at = np.maximum.accumulate(np.where(known, self.index, -1))
        return np.where(at >= self.start, at, -1)

    def carry(self, values):
        at = self.latest(~np.isnan(values))
        return np.where(at >= 0, values[at], np.nan)

    def running(self, values, accumulate):
        out = np.empty(self.size)
        for a, b in zip(self.edges[:-1], self.edges[1:]):
            out[a:b] = accumulate(values[a:b])
        return out

    def series(self, name):
        return self.once(("series", name), lambda: self._series(name))

    def known(self, name):
        return ~np.isnan(self.series(name))

    def _series(self, name):
        if name in series.FROM_LAST:
            inputs, function = series.FROM_LAST[name]
            return function({i: self.once(("last", i), lambda i=i: self.carry(
                self.series(i))) for i in inputs})
        if name not in series.FROM_MEASURING:
            return self.recorded(name)
        known = [self.known(i) for i in series.FROM_MEASURING[name]]
        if name == "labKinds":
            known = [self.latest(k) >= 0 for k in known]
        total = np.sum(known, axis=0).astype(float)
        return np.where(total > 0, 1.0, np.nan) if name == "bloodTests" \
            else total


def window_sum(h, values, hours):
    """Sum of what is known in the window, the newest added first."""
    total = np.zeros(h.size)
    for back in range(hours):
        total = total + np.nan_to_num(h.shift(values, back))
    return total


def window_extreme(h, values, hours, better):
    out = values.copy()
    for back in range(1, hours):
        out = better(out, h.shift(values, back))
    return out


def count(h, x, hours):
    known = (~np.isnan(x)).astype(float)
    return window_sum(h, known, hours) if hours else h.running(
        known, np.cumsum)


def total(h, x, hours):
    return window_sum(h, x, hours) if hours else h.running(
        np.nan_to_num(x), np.cumsum)


def mean(h, x, hours):
    n = count(h, x, hours)
    return np.where(n > 0, total(h, x, hours) / np.maximum(n, 1), np.nan)


def deviation(h, x, hours):
    """Population standard deviation of two values at least, two passes."""
    n, centre = count(h, x, hours), mean(h, x, hours)
    squares = np.zeros(h.size)
    for back in range(hours):
        off = h.shift(x, back) - centre
        squares = squares + np.nan_to_num(off * off)
    return np.where(n > 1, np.sqrt(squares / np.maximum(n, 1)), np.nan)


def lowest(h, x, hours):
    return window_extreme(h, x, hours, np.fmin) if hours else h.running(
        x, np.fmin.accumulate)


def highest(h, x, hours):
    return window_extreme(h, x, hours, np.fmax) if hours else h.running(
        x, np.fmax.accumulate)


def hours_since(h, x, hours):
    at = h.latest(~np.isnan(x))
    return np.where(at >= 0, h.index - at, np.nan)


def step(h, x, hours):
    """The last measured value less the measured value before it."""
    before = h.shift(h.carry(x), 1)
    at = h.latest(~np.isnan(x))
    return np.where(at >= 0, (x - before)[at], np.nan)


def since_first(h, x, hours):
    first = np.where(h.running((~np.isnan(x)).astype(float), np.cumsum) == 1,
                     x, np.nan)
    return h.carry(x) - h.carry(first)


def change(h, x, hours):
    last = h.carry(x)
    return last - h.shift(last, hours)


TAKE = {
    "last": lambda h, x, hours: h.carry(x), "hoursSince": hours_since,
    "count": count, "min": lowest, "max": highest, "mean": mean,
    "sd": deviation, "sum": total, "change": change, "step": step,
    "range": lambda h, x, n: highest(h, x, n) - lowest(h, x, n),
    "sinceFirst": since_first,
    "fromMean": lambda h, x, n: h.carry(x) - mean(h, x, n)}


def column(h, spec):
    if spec["encode"] == "number":
        return h.recorded(spec["input"])
    if spec["take"] == "rows":
        return h.hour
    return TAKE[spec["take"]](h, h.series(spec["of"]), spec.get("hours"))


def matrix(table, specs):
    """float32, a row for each row of the table, a column for each spec."""
    h = Hours(table)
    out = np.empty((h.size, len(specs)), dtype=np.float32)
    with np.errstate(all="ignore"):
        for j, spec in enumerate(specs):
            out[:, j] = column(h, spec)
    return out


def check(table, specs, X, every):
    """Compare with history.py on every so manieth patient; rows compared."""
    names = (*MEASURED, "Age", "Gender", "Unit1", "Unit2", "HospAdmTime",
             "ICULOS")
    starts = Hours(table).edges
    compared = 0
    for a, b in list(zip(starts[:-1], starts[1:]))[::every]:
        rows = table.iloc[a:b][list(names)].to_dict("records")
        slow = history.columns_of(rows, specs)
        if not np.array_equal(slow, X[a:b], equal_nan=True):
            raise SystemExit(f"features differ: {table.patient.iloc[a]}")
        compared += b - a
    return compared
