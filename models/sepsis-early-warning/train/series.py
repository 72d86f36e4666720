"""Derived series: one number an hour from the last known values.

Every function takes a mapping from input name to its last known value (a
number or an array) and works for both. A comparison with a missing value is
false, so what is missing scores nothing.
"""
import numpy as np

from cohort import BLOOD_TESTS, LABS, VITALS


def _flag(condition):
    return np.asarray(condition).astype(float)


def _points(value, bands, above=0):
    """Points of the first band (upper bound, points) that holds the value."""
    out = np.where(np.isnan(value), 0, above)
    for bound, points in reversed(bands):
        out = np.where(value <= bound, points, out)
    return out.astype(float)


def news(last):
    """The five measured items of NEWS; no oxygen or consciousness item."""
    pressure = np.where(last["SBP"] >= 220, 3.0, _points(
        last["SBP"], [(90, 3), (100, 2), (110, 1)]))
    return (_points(last["Resp"], [(8, 3), (11, 1), (20, 0), (24, 2)], 3)
            + _points(last["O2Sat"], [(91, 3), (93, 2), (95, 1)])
            + _points(last["Temp"], [(35, 3), (36, 1), (38, 0), (39, 1)], 2)
            + pressure
            + _points(last["HR"], [(40, 3), (50, 1), (90, 0), (110, 1),
                                   (130, 2)], 3))


def sirs(last):
    return (_flag((last["Temp"] > 38) | (last["Temp"] < 36))
            + _flag(last["HR"] > 90)
            + _flag((last["Resp"] > 20) | (last["PaCO2"] < 32))
            + _flag((last["WBC"] > 12) | (last["WBC"] < 4)))


def sofa(last):
    """SOFA points for pressure (no drugs), platelets, bilirubin, creatinine."""
    points = _flag(last["MAP"] < 70)
    for limit in (150, 100, 50, 20):
        points = points + _flag(last["Platelets"] < limit)
    for limit in (1.2, 2, 6, 12):
        points = points + _flag(last["Bilirubin_total"] >= limit)
    for limit in (1.2, 2, 3.5, 5):
        points = points + _flag(last["Creatinine"] >= limit)
    return points


def medical_unit(last):
    return np.where(last["Unit1"] == 1, 1.0,
                    np.where(last["Unit2"] == 1, 0.0, np.nan))


# Name: (inputs that it reads, function of their last known values).
FROM_LAST = {
    "NEWS": (("Resp", "O2Sat", "Temp", "SBP", "HR"), news),
    "SIRS": (("Temp", "HR", "Resp", "PaCO2", "WBC"), sirs),
    "SOFA": (("MAP", "Platelets", "Bilirubin_total", "Creatinine"), sofa),
    "shockIndex": (("HR", "SBP"), lambda v: v["HR"] / v["SBP"]),
    "spo2ToFio2": (("O2Sat", "FiO2"), lambda v: v["O2Sat"] / v["FiO2"]),
    "sao2ToFio2": (("SaO2", "FiO2"), lambda v: v["SaO2"] / v["FiO2"]),
    "bunToCreatinine": (("BUN", "Creatinine"),
                        lambda v: v["BUN"] / v["Creatinine"]),
    "fever": (("Temp",), lambda v: _flag(v["Temp"] > 38)),
    "hypotension": (("MAP",), lambda v: _flag(v["MAP"] < 65)),
    "tachypnoea": (("Resp",), lambda v: _flag(v["Resp"] > 22)),
    "hoursInHospital": (("ICULOS", "HospAdmTime"),
                        lambda v: v["ICULOS"] - v["HospAdmTime"]),
    "medicalUnit": (("Unit1", "Unit2"), medical_unit),
}
# Series that say what was measured, not what was found.
FROM_MEASURING = {"labs": LABS, "vitals": VITALS, "labKinds": LABS,
                  "bloodTests": BLOOD_TESTS}


def reads(of):
    """Inputs behind a series name (an input is its own series)."""
    if of in FROM_LAST:
        return FROM_LAST[of][0]
    return FROM_MEASURING.get(of, (of,))
