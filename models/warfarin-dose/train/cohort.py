"""Read the IWPC file and build the study cohort in the model's raw input names.

Source: International Warfarin Pharmacogenetics Consortium, N Engl J Med
2009;360:753-64, data set "iwpc_data_7_3_09" (PharmGKB submission PS206767,
CC BY-SA 4.0). The rules below are those of the paper and its appendix:

* stable dose reached (= 1), dose present, age present;
* target INR strictly between 2 and 3; where it is not recorded, the estimated
  range must be one of 2-3, 2-3.5, 1.7-2.8, 1.7-3.3, 3-4 or not recorded;
* race: the OMB category; where that is Unknown, the reported race decides
  (White/Caucasian -> WHITE, Black... -> BLACK), otherwise it stays UNKNOWN;
* CYP2C9 *1/*11 -> *1/*2, *1/{*5,*6,*13,*14} -> *1/*3, anything else unknown;
* VKORC1 -1639 (rs9923231), if not typed, from linked SNPs in this order:
  2255 (not BLACK/UNKNOWN), 1173 (any race), 1542 (not BLACK/UNKNOWN).
"""
import csv
import hashlib
import re
from pathlib import Path

FLAGS = ("amiodarone", "enzymeInducer", "smoker", "aspirin", "statin",
         "diabetes", "heartFailure", "valveReplacement")
NUMBERS = ("age", "heightCm", "weightKg", "targetInr")
INPUTS = ("age", "heightCm", "weightKg", "sex", "race", "cyp2c9", "vkorc1",
          "amiodarone", "enzymeInducer", "smoker", "aspirin", "statin",
          "diabetes", "heartFailure", "valveReplacement", "indication",
          "targetInr")
RACES = ("ASIAN", "BLACK", "WHITE", "UNKNOWN")
SEXES = ("male", "female")
CYP2C9 = ("*1/*1", "*1/*2", "*1/*3", "*2/*2", "*2/*3", "*3/*3")
CYP2C9_ALIASES = {"*1/*11": "*1/*2", "*1/*5": "*1/*3", "*1/*6": "*1/*3",
                  "*1/*13": "*1/*3", "*1/*14": "*1/*3"}
VKORC1 = ("A/A", "A/G", "G/G")
INDICATIONS = {"1": "deep vein thrombosis", "2": "pulmonary embolism",
               "3": "atrial fibrillation or flutter",
               "4": "heart valve disease or replacement",
               "5": "cardiomyopathy or left ventricular dilation",
               "6": "stroke", "7": "after orthopaedic surgery", "8": "other"}
INR_RANGES = ("2-3", "2-3.5", "1.7-2.8", "1.7-3.3", "3-4", "3.0-4.0", "")
STATINS = ("Simvastatin (Zocor)", "Atorvastatin (Lipitor)",
           "Fluvastatin (Lescol)", "Lovastatin (Mevacor)",
           "Pravastatin (Pravachol)", "Rosuvastatin (Crestor)",
           "Cerivastatin (Baycol)")
INDUCERS = ("Carbamazepine (Tegretol)", "Phenytoin (Dilantin)",
            "Rifampin or Rifampicin")


def _cell(row, column):
    value = row[column].strip()
    return "" if value in ("NA", "-99") else value


def _number(text):
    return float(text) if text else None


def age_of_band(text):
    """Midpoint of a decade band: '60 - 69' -> 64.5; '90+' -> 94.5."""
    if not text:
        return None
    return int(re.match(r"\d+", text).group()) + 4.5


def race_of(row):
    omb, told = _cell(row, "Race (OMB)"), _cell(row, "Race (Reported)").lower()
    if omb == "Asian":
        return "ASIAN"
    if omb == "White" or (omb == "Unknown" and told in ("white", "caucasian")):
        return "WHITE"
    if omb.startswith("Black") or (omb == "Unknown" and "black" in told):
        return "BLACK"
    return "UNKNOWN"


def cyp2c9_of(row):
    value = _cell(row, "CYP2C9 consensus")
    value = CYP2C9_ALIASES.get(value, value)
    return value if value in CYP2C9 else None


def vkorc1_of(row, race):
    """-1639 genotype, typed or read off the linked SNPs in the IWPC order."""
    linked = race not in ("BLACK", "UNKNOWN")
    steps = (("VKORC1 -1639 consensus", True, "A", "G"),
             ("VKORC1 2255 consensus", linked, "T", "C"),
             ("VKORC1 1173 consensus", True, "T", "C"),
             ("VKORC1 1542 consensus", linked, "C", "G"))
    for column, allowed, low, high in steps:
        value = _cell(row, column) if allowed else ""
        names = {f"{low}/{low}": "A/A", f"{high}/{high}": "G/G",
                 f"{low}/{high}": "A/G", f"{high}/{low}": "A/G"}
        if value in names:
            return names[value]
    return None


def any_of(row, columns):
    """1 if any is 1; 0 if at least one is 0 and none is 1; else missing."""
    values = [_cell(row, c) for c in columns]
    if "1" in values:
        return 1
    return 0 if "0" in values else None


def indication_of(row):
    """All codes, ascending, joined by ';'. '1 or 2' (site unsure) -> '1;2'."""
    codes = sorted(set(re.findall(r"[1-8]", _cell(
        row, "Indication for Warfarin Treatment"))))
    return ";".join(codes) or None


def target_inr_of(row):
    """The recorded target; else the middle of the estimated range."""
    value = _number(_cell(row, "Target INR"))
    if value is not None:
        return value
    ends = _cell(row, "Estimated Target INR Range Based on Indication")
    return sum(map(float, ends.split("-"))) / 2 if ends else None


def has_outcome(row):
    return bool(_cell(row, "Subject Reached Stable Dose of Warfarin") == "1"
                and _cell(row, "Therapeutic Dose of Warfarin")
                and _cell(row, "Age"))


def in_cohort(row):
    if not has_outcome(row):
        return False
    target = _number(_cell(row, "Target INR"))
    if target is not None:
        return 2 < target < 3
    span = _cell(row, "Estimated Target INR Range Based on Indication")
    return span.replace(" ", "") in INR_RANGES


def subject_of(row):
    """One row of the file in the model's raw input names."""
    race = race_of(row)
    sex = _cell(row, "Gender").lower()
    return {
        "id": _cell(row, "PharmGKB Subject ID"),
        "site": _cell(row, "Project Site"),
        "dose": float(_cell(row, "Therapeutic Dose of Warfarin")),
        "age": age_of_band(_cell(row, "Age")),
        "heightCm": _number(_cell(row, "Height (cm)")),
        "weightKg": _number(_cell(row, "Weight (kg)")),
        "sex": sex if sex in SEXES else None, "race": race,
        "cyp2c9": cyp2c9_of(row), "vkorc1": vkorc1_of(row, race),
        "amiodarone": any_of(row, ["Amiodarone (Cordarone)"]),
        "enzymeInducer": any_of(row, INDUCERS),
        "smoker": any_of(row, ["Current Smoker"]),
        "aspirin": any_of(row, ["Aspirin"]), "statin": any_of(row, STATINS),
        "diabetes": any_of(row, ["Diabetes"]),
        "heartFailure": any_of(row, [
            "Congestive Heart Failure and/or Cardiomyopathy"]),
        "valveReplacement": any_of(row, ["Valve Replacement"]),
        "indication": indication_of(row), "targetInr": target_inr_of(row),
    }


def load_cohort(folder):
    """The cohort, ordered by subject ID so that nothing depends on file order."""
    with open(Path(folder) / "subjects.csv", newline="", encoding="utf-8") as f:
        rows = [subject_of(r) for r in csv.DictReader(f) if in_cohort(r)]
    return sorted(rows, key=lambda r: r["id"])


def load_other_targets(folder):
    """Stable patients left out of the cohort only for their target INR.

    Used for one thing: the within-hospital effect of the target INR.
    """
    with open(Path(folder) / "subjects.csv", newline="", encoding="utf-8") as f:
        rows = [subject_of(r) for r in csv.DictReader(f)
                if not in_cohort(r) and has_outcome(r)]
    return sorted(rows, key=lambda r: r["id"])


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def split_test(rows, share=0.2):
    """Per site, the `share` of subjects with the smallest hash are the test set."""
    test = set()
    for site in {r["site"] for r in rows}:
        ids = sorted((r["id"] for r in rows if r["site"] == site),
                     key=lambda i: digest("test|" + i))
        test.update(ids[:round(share * len(ids))])
    return [r["id"] in test for r in rows]


def folds_of(rows, k, salt):
    """Site-stratified fold numbers from the hash of the subject ID."""
    fold = {}
    for site in sorted({r["site"] for r in rows}):
        ids = sorted((r["id"] for r in rows if r["site"] == site),
                     key=lambda i: digest(f"{salt}|{i}"))
        start = int(digest(f"{salt}|site|{site}"), 16)
        fold.update({i: (start + n) % k for n, i in enumerate(ids)})
    return [fold[r["id"]] for r in rows]
