"""PREDICT breast 3.2 on the same women, for comparison.

Grootes I et al., npj Breast Cancer 2024;10:6; the coefficients are those of
src/prediction/equations/predictBreast.ts. What METABRIC does not record is
given as PREDICT's unknown (screening, Ki67); chemotherapy is taken as second
generation, radiation to the heart and smoking as none.

    python train/predict_published.py --data DIR --table FILE

writes the women as a table for `avicenna evaluate predict-breast`.
"""
import argparse
import csv
from pathlib import Path

import numpy as np

import cohort

AGES = (25, 85)
YEARS = np.arange(1, 11)
CALENDAR_YEAR = 17
NEGATIVE = {"age": (1.7560679383953317, 4.555274634880487),
            "size": 0.7443277265210039, "nodes": 0.6308590364310884,
            "grade": 0.3462287839000938, "screen": -0.2110969326598672,
            "year": -0.045504610416172736,
            "baseline": (-3.0153139765165835, -0.5755380524044251,
                         -0.1028439317178058), "power": -1.0,
            "her2": {1: [0.2316] * 10, 0: [-0.08589] * 10},
            "pr": {1: -0.2231, 0: 0.0296}, "radio": 0.55}
POSITIVE = {"age": (0.1958986203588129, 2.929125051895787),
            "size": 2.27417420673498, "nodes": 0.6724828209061207,
            "grade": 0.7050339629739382, "screen": -0.32039363353015476,
            "year": -0.048251370712776756,
            "baseline": (-2.3193510039281637, -3.622538332641392,
                         -0.542240944493945), "power": -0.5,
            "her2": {1: [.608, .532, .457, .382, .307, .231, .156, .081, .006,
                         0],
                     0: [-.053, -.046, -.04, -.033, -.027, -.02, -.014, -.007,
                         0, 0]},
            "pr": {1: -0.0619, 0: 0.2624}, "radio": 0.7}
OTHER = {"age": (4.211443507724736, -31.41202815365277),
         "year": -0.021186462111818898, "radio": -0.062,
         "baseline": (-4.845654758283992, 1.341348310005262,
                      0.49539394353046057)}
UNKNOWN_SCREEN, UNKNOWN_GRADE = 0.204, 2.13
SECOND_GENERATION, HORMONE = -0.248, -0.3857
RADIOTHERAPY, OTHER_CHEMOTHERAPY = np.log(0.82), np.log(1.2)
NOT_SMOKING = -np.log(0.9 + 0.1 * (0.25 * 2 + 0.75))
SIGN = {"Negative": 0, "Positive": 1, None: 9}


def answerable(women):
    """PREDICT asks for age, size, nodes and oestrogen receptor."""
    return np.array([AGES[0] <= r[cohort.AGE] <= AGES[1] and all(
        r[n] is not None for n in (cohort.SIZE, cohort.NODES, cohort.ER))
        and r[cohort.SIZE] >= 1 for r in women.rows])


def columns(row):
    """A woman by the names of predict-breast's inputs."""
    given = {name: int(row[text] == "YES") for name, text in (
        ("chemo", cohort.CHEMOTHERAPY), ("horm", cohort.HORMONE),
        ("radio", cohort.RADIOTHERAPY))}
    return {"age": row[cohort.AGE], "screen": 2, "size": row[cohort.SIZE],
            "grade": int(row[cohort.GRADE] or 9), "nodes": row[cohort.NODES],
            "er": SIGN[row[cohort.ER]], "her2": SIGN[row[cohort.HER2]],
            "ki67": 9, "pr": SIGN[row[cohort.PR]],
            "generation": 2 * given["chemo"], "horm": given["horm"],
            "traz": 0, "bis": 0, "radio": given["radio"], "heart.gy": 0,
            "smoker": 0}


def _breast(w):
    """Cumulative hazard of breast cancer death by year, as treated."""
    p = POSITIVE if w["er"] == 1 else NEGATIVE
    age = (w["age"] - 24) / 100
    powers = ((age ** -0.5, age ** 2) if w["er"] == 1
              else (age, age * np.log(age)))
    size = (1 - np.exp(-w["size"] / 20) if w["er"] == 1
            else np.log(w["size"]))
    index = (np.dot(p["age"], powers) + p["size"] * size
             + p["nodes"] * np.log(w["nodes"] + 1)
             + p["grade"] * (UNKNOWN_GRADE if w["grade"] == 9 else w["grade"])
             + p["screen"] * UNKNOWN_SCREEN + p["year"] * CALENDAR_YEAR
             + p["pr"].get(w["pr"], 0) + p["radio"]
             + RADIOTHERAPY * w["radio"]
             + HORMONE * (w["horm"] and w["er"] == 1)
             + SECOND_GENERATION * (w["generation"] == 2))
    at, power, log_power = p["baseline"]
    scaled = (YEARS / 10) ** p["power"]
    total = np.exp(at + power * scaled
                   + log_power * scaled * np.log(YEARS / 10))
    return np.cumsum(np.diff(total, prepend=0)
                     * np.exp(index + p["her2"].get(w["her2"], 0)))


def _other(w):
    """Cumulative hazard of death of anything else by year."""
    age = (w["age"] - 24) / 100
    index = (np.dot(OTHER["age"], (age ** 3, age ** 3 * np.log(age)))
             + OTHER["year"] * CALENDAR_YEAR + OTHER["radio"] + NOT_SMOKING
             + OTHER_CHEMOTHERAPY * (w["generation"] > 0))
    at, log, linear = OTHER["baseline"]
    return np.exp(index + at + log * np.log(YEARS / 10)
                  + linear * YEARS / 10)


def probability(women):
    """Death from any cause within 10 years, as treated."""
    found = [columns(r) for r in women.rows]
    return np.array([-np.expm1(-_breast(w)[-1] - _other(w)[-1])
                     for w in found])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--table", required=True, type=Path)
    args = parser.parse_args()
    women = cohort.load(args.data)
    women = women.part(answerable(women))
    with args.table.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        for i, row in enumerate(women.rows):
            cells = columns(row)
            if i == 0:
                out.writerow([*cells, "years", "died", "site"])
            out.writerow([*cells.values(), women.time[i] / 12,
                          int(women.died[i]), women.groups["cohort"][i]])


if __name__ == "__main__":
    main()
