"""vectors.json: made-up patients with what the product must compute."""
import numpy as np

import graph
import history

DROPPED_HOURS = (5, 6)


def _cells(columns):
    return [None if np.isnan(v) else float(v) for v in columns]


def _thinned(patients):
    """The last patient has no rows for two hours: they must be inserted."""
    return [*patients[:-1], [row for row in patients[-1]
                             if row["ICULOS"] not in DROPPED_HOURS]]


def make(patients, inputs, specs, model):
    out = []
    for rows in _thinned(patients):
        X = history.columns_of(rows, specs)
        margin, value = graph.run(model, X)
        out.append({"patient": rows[0]["patient"], "rows": [
            {"input": {n: "" if row[n] is None else str(row[n])
                       for n in inputs},
             "x": _cells(x), "margin": float(m), "value": float(v)}
            for row, x, m, v in zip(rows, X, margin, value)]})
    return {"about": "Synthetic patients, all their rows in time order; x is "
            "float32 in the order of the columns, null where missing. The "
            "last patient has no rows for two hours.",
            "columns": [s["name"] for s in specs],
            "toleranceMargin": 1e-4, "toleranceValue": 1e-5, "patients": out}
