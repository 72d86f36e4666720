"""The hourly table: its columns, its folds, and what an alert is worth."""
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

VITALS = ("HR", "O2Sat", "Temp", "SBP", "MAP", "DBP", "Resp")
LABS = (
    "EtCO2", "BaseExcess", "HCO3", "FiO2", "pH", "PaCO2", "SaO2", "AST", "BUN",
    "Alkalinephos", "Calcium", "Chloride", "Creatinine", "Bilirubin_direct",
    "Glucose", "Lactate", "Magnesium", "Phosphate", "Potassium",
    "Bilirubin_total", "TroponinI", "Hct", "Hgb", "PTT", "WBC", "Fibrinogen",
    "Platelets")
BLOOD_TESTS = tuple(n for n in LABS if n not in ("EtCO2", "FiO2", "Glucose"))
MEASURED = (*VITALS, *LABS)
FIO2_RANGE = (0.15, 1.0)
FOLDS, TEST_FOLD = 5, 4


def fold_of(patient):
    """Fold 0 to 4 of a patient, by the hash of the identifier."""
    return int(hashlib.sha256(patient.encode()).hexdigest(), 16) % FOLDS


def load(folder):
    """Rows by patient and hour, with the fold of each; FiO2 as published."""
    table = pd.read_csv(Path(folder) / "hourly.csv.gz")
    gaps = table.groupby("patient").ICULOS.diff().dropna()
    if not table.patient.is_monotonic_increasing or (gaps != 1).any():
        raise SystemExit("rows must be sorted by patient, one row an hour")
    folds = {p: fold_of(p) for p in table.patient.unique()}
    return table.assign(fold=table.patient.map(folds))


def alert_gain(table):
    """What an alert gains over silence in each hour, and the hours in which
    the best possible alerts stand (PhysioNet 2019 utility).

    SepsisLabel turns 1 six hours before onset. An alert earns 0 at 12 hours
    before onset, rises to 1 at 6 hours before and falls to 0 at 3 hours after;
    silence then costs up to 2. A false alert costs 0.05. Later hours of a
    septic patient count nothing.
    """
    first = table[table.SepsisLabel == 1].groupby("patient").ICULOS.min()
    onset = table.patient.map(first + 6).to_numpy(dtype=float)
    hour = table.ICULOS.to_numpy(dtype=float) - onset
    septic = ~np.isnan(onset)
    gain = np.full(len(table), -0.05)
    early = septic & (hour <= -6)
    gain[early] = np.maximum((hour[early] + 12) / 6, -0.05)
    late = septic & (hour > -6) & (hour <= 3)
    gain[late] = 1 - (hour[late] + 6) / 9 + 2 * (hour[late] + 6) / 9
    gain[septic & (hour > 3)] = 0
    return gain, septic & (hour >= -12) & (hour <= 3)
