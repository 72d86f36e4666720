"""Raw inputs -> the columns of the model's input tensor `X`.

Three encodings, so that any runtime can repeat them from card.json: `number`
(the value, NaN when empty), `is` (1 when equal to `level`), `missing` (1 when
empty). Clipping, logarithm and centring live in the graph.
"""
import numpy as np

import cohort


def _columns():
    out = [{"name": n, "input": n, "encode": "number", "fill": None}
           for n in cohort.NUMBERS]
    for name, levels in cohort.LEVELS.items():
        out += [{"name": f"{name}={v}", "input": name, "encode": "is",
                 "level": v} for v in levels]
        out.append({"name": f"{name}.missing", "input": name,
                    "encode": "missing"})
    return out


COLUMNS = _columns()


def _cell(row, column):
    value = row[column["input"]]
    if column["encode"] == "number":
        return np.nan if value is None else float(value)
    if column["encode"] == "missing":
        return float(value is None)
    return float(value == column["level"])


def encode(rows):
    """Matrix [rows, columns], float64."""
    return np.array([[_cell(r, c) for c in COLUMNS] for r in rows])


def hide(X, names):
    """A copy of X in which the named inputs are missing."""
    X = X.copy()
    fill = {"number": np.nan, "is": 0.0, "missing": 1.0}
    for i, column in enumerate(COLUMNS):
        if column["input"] in names:
            X[:, i] = fill[column["encode"]]
    return X
