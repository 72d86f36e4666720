"""Raw inputs -> the float columns of the model's input tensor `X`.

Only four encodings exist, so that any runtime can repeat them from card.json:
`number` (the value, or `fill` when empty), `is` (1 when equal to `level`),
`has` (1 when the ;-separated code list holds `level`), `missing` (1 when
empty). Scaling, imputation by sex and race, and products live in the graph.
"""
import numpy as np

import cohort


def columns_for(fills):
    """The ordered column list of card.json, given the number fills."""
    out = []

    def number(name, fill):
        out.append({"name": name, "input": name, "encode": "number",
                    "fill": fill})

    def level(name, value, how="is"):
        out.append({"name": f"{name}={value}", "input": name, "encode": how,
                    "level": value})

    def missing(name):
        out.append({"name": f"{name}.missing", "input": name,
                    "encode": "missing"})
    number("age", fills["age"])
    for name in ("heightCm", "weightKg"):
        number(name, fills[name])
        missing(name)
    groups = (("sex", ["male"]), ("race", ["ASIAN", "BLACK", "UNKNOWN"]),
              ("cyp2c9", cohort.CYP2C9[1:]), ("vkorc1", cohort.VKORC1[:2]))
    for name, levels in groups:
        for value in levels:
            level(name, value)
        missing(name)
    for name in cohort.FLAGS:
        number(name, 0)
        missing(name)
    for code in cohort.INDICATIONS:
        level("indication", code, "has")
    missing("indication")
    number("targetInr", fills["targetInr"])
    return out


def cell(row, column):
    """One encoded value."""
    value, how = row[column["input"]], column["encode"]
    empty = value is None or value == ""
    if how == "number":
        return float(column["fill"] if empty else value)
    if how == "missing":
        return float(empty)
    if how == "is":
        return float(value == column["level"])
    return float(not empty and column["level"] in str(value).split(";"))


def encode(rows, columns):
    return np.array([[cell(r, c) for c in columns] for r in rows], float)
