"""The METABRIC women with known survival: inputs, outcome and test split.

Source: clinical.tsv, the clinical table of the cBioPortal study brca_metabric
(Curtis 2012, Pereira 2016, Rueda 2019). Times in months from diagnosis, age in
years, tumour size in mm. Read with the standard library; every cell is text.
"""
import csv
import hashlib
from pathlib import Path

import numpy as np

HORIZON = 120.0  # months
AGE, SIZE = "Age at Diagnosis", "Tumor Size"
NODES, GRADE = "Lymph nodes examined positive", "Neoplasm Histologic Grade"
ER, HER2 = "ER Status", "HER2 Status"
PAM50, CLUSTER = "Pam50 + Claudin-low subtype", "Integrative Cluster"
THREE_GENE = "3-Gene classifier subtype"
PR, CHEMOTHERAPY = "PR Status", "Chemotherapy"
HORMONE, RADIOTHERAPY = "Hormone Therapy", "Radio Therapy"
NUMBERS = (AGE, SIZE, NODES)
LEVELS = {
    GRADE: ("1", "2", "3"),
    ER: ("Negative", "Positive"),
    HER2: ("Negative", "Positive"),
    PAM50: ("LumA", "LumB", "Her2", "Basal", "claudin-low", "Normal"),
    CLUSTER: ("1", "2", "3", "4ER+", "4ER-", "5", "6", "7", "8", "9", "10"),
    THREE_GENE: ("ER+/HER2- Low Prolif", "ER+/HER2- High Prolif",
                 "ER-/HER2-", "HER2+"),
}
INPUTS = (*NUMBERS, *LEVELS)
# No inputs: PREDICT, which the model is compared with, asks for them.
BESIDE = {PR: ("Negative", "Positive"), CHEMOTHERAPY: ("YES", "NO"),
          HORMONE: ("YES", "NO"), RADIOTHERAPY: ("YES", "NO")}
UNKNOWN = {PAM50: ("NC",)}  # "not classified"


def _cell(record, name):
    """Number, level, or None where nothing is known."""
    text = record[name].strip()
    if text in ("", "NA") or text in UNKNOWN.get(name, ()):
        return None
    if name in NUMBERS:
        return float(text)
    if text not in {**LEVELS, **BESIDE}[name]:
        raise ValueError(f"unexpected {name}: {text}")
    return text


class Cohort:
    """Rows (dicts of inputs) and, in the same order, arrays of the outcome."""

    def __init__(self, rows, time, died, of_disease, groups, test):
        self.rows, self.time, self.died = rows, time, died
        self.of_disease, self.groups, self.test = of_disease, groups, test

    def __len__(self):
        return len(self.rows)

    def part(self, keep):
        """The women for whom the boolean array `keep` is true."""
        at = np.flatnonzero(keep)
        groups = {k: v[at] for k, v in self.groups.items()}
        return Cohort([self.rows[i] for i in at], self.time[at],
                      self.died[at], self.of_disease[at], groups,
                      self.test[at])


def _groups(records, rows):
    """Group names for the figures by group; none of them but age and ER
    status is an input."""
    age = np.array([r[AGE] for r in rows])
    band = np.where(age < 40, "18 to under 40", np.where(
        age < 50, "40 to under 50", np.where(age < 60, "50 to under 60", np.where(
            age < 70, "60 to under 70", "70 and over"))))
    menopause = {"Pre": "before", "Post": "after"}
    return {
        "age": band,
        "oestrogen receptor": np.array([r[ER] or "not recorded" for r in rows]),
        "cohort": np.array([r["Cohort"] for r in records]),
        "menopause": np.array([menopause.get(
            r["Inferred Menopausal State"], "not recorded")
            for r in records])}


def _held_out(patient):
    """About one woman in five, by the hash of her ID."""
    return int(hashlib.sha256(patient.encode()).hexdigest(), 16) % 5 == 0


def load(folder):
    """All women of clinical.tsv with overall survival."""
    with (Path(folder) / "clinical.tsv").open(newline="") as file:
        records = [r for r in csv.DictReader(file, delimiter="\t")
                   if r["Overall Survival (Months)"] not in ("", "NA")
                   and r["Overall Survival Status"] not in ("", "NA")]
    rows = [{name: _cell(r, name) for name in (*INPUTS, *BESIDE)}
            for r in records]
    time = np.array([float(r["Overall Survival (Months)"]) for r in records])
    died = np.array([r["Overall Survival Status"] == "1:DECEASED"
                     for r in records])
    disease = died & np.array([r["Patient's Vital Status"]
                               == "Died of Disease" for r in records])
    test = np.array([_held_out(r["Patient ID"]) for r in records])
    return Cohort(rows, time, died, disease, _groups(records, rows), test)
