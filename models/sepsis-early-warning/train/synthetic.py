"""Made-up patients, drawn from a rounded summary of the table.

Vitals follow a patient's own level plus a first-order autoregression; blood
tests come in draws, each test with its own chance in a draw and, where it is
positive and skewed, on the log scale; other labs have an hourly rate. Each
patient only ever gets some of the tests. One patient in twenty deteriorates
from a random hour on. No row with a measurement equals a real one.
"""
import numpy as np

from cohort import BLOOD_TESTS, LABS, MEASURED, VITALS

STATIC = ("Age", "Gender", "Unit1", "Unit2", "HospAdmTime", "ICULOS")
COLUMNS = ("patient", *MEASURED, *STATIC)
STRAIGHT = ("BaseExcess", "pH", "SaO2", "Chloride", "HCO3", "Calcium")
DECIMALS = {"Temp": 2, "pH": 2, "FiO2": 2, "Creatinine": 2, "Lactate": 2,
            "TroponinI": 2, "Bilirubin_direct": 2, "Calcium": 1, "WBC": 1,
            "Magnesium": 1, "Phosphate": 1, "Potassium": 1, "Hct": 1,
            "Hgb": 1, "PTT": 1, "Bilirubin_total": 1, "BaseExcess": 1,
            "HCO3": 1, "SaO2": 1}
# Change for each hour of a deteriorating course, and its largest extent.
WORSE = {"HR": (1.5, 40), "Resp": (0.7, 14), "Temp": (0.12, 2.2),
         "SBP": (-2.0, 45), "DBP": (-1.0, 22), "MAP": (-1.3, 30),
         "O2Sat": (-0.25, 6), "WBC": (0.4, 10), "Lactate": (0.15, 4),
         "Creatinine": (0.05, 2), "Platelets": (-3.0, 80)}
SHARE_WORSE = 20


def _digits(value, figures=3):
    return float(f"{value:.{figures}g}")


def _vital(table, name):
    known = table[["patient", name]].dropna()
    level = known.groupby("patient")[name].mean()
    off = table[name] - table.patient.map(level)
    before = off.groupby(table.patient).shift(1)
    both = (off.notna() & before.notna()).to_numpy()
    rho = np.corrcoef(off[both], before[both])[0, 1]
    return {"mean": _digits(level.mean(), 4), "sd": _digits(level.std()),
            "within": _digits(off.std()), "autocorrelation": _digits(rho),
            "measured": _digits(table[name].notna().mean()),
            "low": _digits(known[name].quantile(0.005), 4),
            "high": _digits(known[name].quantile(0.995), 4)}


def _lab(table, name, draw):
    known = table[name].dropna()
    ever = table.patient.isin(table.patient[known.index])
    chances = ever & draw if name in BLOOD_TESTS else ever
    values = known if name in STRAIGHT else np.log(known)
    return {"ever": _digits(table.patient[known.index].nunique()
                            / table.patient.nunique()),
            "rate": _digits(len(known) / chances.sum()),
            "scale": "plain" if name in STRAIGHT else "log",
            "mean": _digits(values.mean()), "sd": _digits(values.std()),
            "low": _digits(known.quantile(0.01), 4),
            "high": _digits(known.quantile(0.99), 4)}


def summarise(table):
    table = table.copy()
    outside = (table.FiO2 < 0.15) | (table.FiO2 > 1)
    table.loc[outside, "FiO2"] = np.nan
    draw = table[list(BLOOD_TESTS)].notna().any(axis=1)
    people = table.drop_duplicates("patient")
    unit = people.Unit1.isna().mean()
    return {"rule": " ".join(__doc__.split("\n\n", 1)[1].split()),
            "vitals": {v: _vital(table, v) for v in VITALS},
            "nothingMeasured": _digits(table[list(MEASURED)].isna().all(
                axis=1).mean()),
            "bloodDraw": _digits(draw.mean()),
            "labs": {v: _lab(table, v, draw) for v in LABS},
            "age": [_digits(people.Age.mean()), _digits(people.Age.std())],
            "male": _digits(people.Gender.mean()),
            "unitNotRecorded": _digits(unit),
            "medical": _digits(people.Unit1.mean()),
            "hoursBeforeIcu": _digits(-people.HospAdmTime.median())}


def _drift(name, hour, onset):
    if onset is None or hour < onset or name not in WORSE:
        return 0.0
    slope, most = WORSE[name]
    return float(np.clip(slope * (hour - onset), -most, most))


def _vitals(rng, summary, hours, onset):
    """A value of each vital for each hour, measured or not."""
    out = {}
    for name in VITALS:
        s = summary["vitals"][name]
        level, off = rng.normal(s["mean"], 0.9 * s["sd"]), 0.0
        rho = s["autocorrelation"]
        out[name] = []
        for hour in range(hours):
            fresh = s["within"] * np.sqrt(1 - rho ** 2) * rng.normal()
            off = rho * off + fresh
            value = level + off + _drift(name, hour, onset)
            out[name].append(float(np.clip(value, s["low"], s["high"])))
    # Mean pressure belongs to the other two.
    for hour in range(hours):
        high, low = sorted((out["SBP"][hour], out["DBP"][hour]))[::-1]
        out["SBP"][hour], out["DBP"][hour] = max(high, low + 15), low
        out["MAP"][hour] = float(np.clip(
            low + (out["SBP"][hour] - low) / 3 + rng.normal(0, 3),
            low, out["SBP"][hour]))
    return out


def _lab_value(rng, s, name, own, hour, onset):
    value = s["mean"] + s["sd"] * (0.85 * own + 0.5 * rng.normal())
    value = value if s["scale"] == "plain" else float(np.exp(value))
    return float(np.clip(value + _drift(name, hour, onset), s["low"],
                         s["high"]))


def _person(rng, summary):
    age = int(np.clip(round(rng.normal(*summary["age"])), 18, 95))
    medical = int(rng.random() < summary["medical"])
    known = rng.random() >= summary["unitNotRecorded"]
    before = rng.lognormal(np.log(summary["hoursBeforeIcu"]), 1.5)
    return {"Age": age, "Gender": int(rng.random() < summary["male"]),
            "Unit1": medical if known else None,
            "Unit2": 1 - medical if known else None,
            "HospAdmTime": -round(min(before, 2000.0), 2)}


def _rounded(name, value):
    digits = DECIMALS.get(name, 0)
    return round(value, digits) if digits else int(round(value))


def patient(rng, summary, ident, worse):
    """All hourly rows of one made-up patient."""
    hours = int(rng.integers(6, 61))
    onset = int(rng.integers(0, max(1, hours // 2))) if worse else None
    vitals, person = _vitals(rng, summary, hours, onset), _person(rng, summary)
    labs = {n: rng.normal() for n in LABS
            if rng.random() < summary["labs"][n]["ever"]}
    rows = []
    for hour in range(hours):
        row = {**dict.fromkeys(COLUMNS), "patient": ident, **person,
               "ICULOS": hour + 1}
        rows.append(row)
        if rng.random() < summary["nothingMeasured"]:
            continue
        for name in VITALS:
            share = summary["vitals"][name]["measured"] / (
                1 - summary["nothingMeasured"])
            if rng.random() < share:
                row[name] = _rounded(name, vitals[name][hour])
        draw = rng.random() < summary["bloodDraw"] * (2 if worse else 1)
        for name, own in labs.items():
            s = summary["labs"][name]
            if (draw or name not in BLOOD_TESTS) and rng.random() < s["rate"]:
                row[name] = _rounded(name, _lab_value(rng, s, name, own,
                                                      hour, onset))
    return rows


class Real:
    """Rows of the table, to refuse a made-up row that equals one."""

    SHORT = (*VITALS, "Age", "Gender", "ICULOS")
    LONG = COLUMNS[1:]

    def __init__(self, table):
        some = table[table[list(VITALS)].notna().any(axis=1)]
        self.short = self._keys(some, self.SHORT)
        self.long = self._keys(table, self.LONG)

    @staticmethod
    def _keys(table, names):
        filled = table[list(names)].astype(float).fillna(-1e9)
        return set(filled.itertuples(index=False, name=None))

    def holds(self, row):
        def key(names):
            return tuple(-1e9 if row[n] is None else float(row[n])
                         for n in names)
        measured = any(row[n] is not None for n in VITALS)
        return (key(self.LONG) in self.long
                or measured and key(self.SHORT) in self.short)


def draw(real, summary, count, seed, prefix="s"):
    """Rows of so many patients, one list for each."""
    rng, out = np.random.default_rng(seed), []
    while len(out) < count:
        worse = len(out) % SHARE_WORSE == 0
        rows = patient(rng, summary, f"{prefix}{len(out) + 1:03d}", worse)
        if not any(real.holds(row) for row in rows):
            out.append(rows)
    return out


def text_of(value):
    return "" if value is None else str(value)


def csv_of(patients, names):
    lines = [",".join(names)]
    lines += [",".join(text_of(row[n]) for n in names)
              for rows in patients for row in rows]
    return "\n".join(lines) + "\n"
