"""Made-up women, drawn by seed from rounded marginals of the cohort; grade,
receptors and subtypes hang together through the intrinsic subtype only."""
import csv
import io

import numpy as np

import cohort


def summarise(women):
    """Rounded marginals: nothing in it is of one woman."""
    def known(name):
        return [r[name] for r in women.rows if r[name] is not None]

    def shares(values, levels):
        return {v: round(values.count(v) / len(values), 2) for v in levels}

    age, size = (np.array(known(n)) for n in (cohort.AGE, cohort.SIZE))
    nodes = np.array(known(cohort.NODES))
    by_subtype = {}
    for subtype in cohort.LEVELS[cohort.PAM50]:
        rows = [r for r in women.rows if r[cohort.PAM50] == subtype]
        by_subtype[subtype] = {
            name: shares([r[name] for r in rows if r[name] is not None],
                         cohort.LEVELS[name])
            for name in cohort.LEVELS if name != cohort.PAM50}
    return {
        "age": [round(age.mean()), round(age.std())],
        "logSize": [round(np.log(size + 1).mean(), 1),
                    round(np.log(size + 1).std(), 1)],
        "noNodes": round(float((nodes == 0).mean()), 2),
        "nodesWhereAny": round(float(nodes[nodes > 0].mean())),
        "subtype": shares(known(cohort.PAM50), cohort.LEVELS[cohort.PAM50]),
        "missing": {n: round(sum(r[n] is None for r in women.rows)
                             / len(women), 2) for n in cohort.INPUTS[1:]},
        "bySubtype": by_subtype}


def _level(rng, shares):
    levels, p = list(shares), np.array(list(shares.values()), float)
    return levels[rng.choice(len(levels), p=p / p.sum())]


def _woman(rng, summary):
    subtype = _level(rng, summary["subtype"])
    nodes = (0 if rng.random() < summary["noNodes"]
             else min(30, 1 + rng.geometric(1 / summary["nodesWhereAny"])))
    size = round(float(np.exp(rng.normal(*summary["logSize"])) - 1))
    row = {cohort.AGE: round(float(np.clip(rng.normal(*summary["age"]),
                                           25, 95)), 1),
           cohort.SIZE: int(np.clip(size, 3, 120)), cohort.NODES: int(nodes)}
    for name in cohort.LEVELS:
        row[name] = (subtype if name == cohort.PAM50
                     else _level(rng, summary["bySubtype"][subtype][name]))
    for name, share in summary["missing"].items():
        if rng.random() < share:
            row[name] = None
    return row


def rows(women, summary, count, seed):
    """`count` rows, none of them equal to a real one."""
    rng = np.random.default_rng(seed)
    real = {tuple(r[n] for n in cohort.INPUTS) for r in women.rows}
    out = []
    while len(out) < count:
        row = _woman(rng, summary)
        if tuple(row[n] for n in cohort.INPUTS) not in real:
            out.append(row)
    return out


def csv_of(drawn):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(cohort.INPUTS)
    for row in drawn:
        writer.writerow(["" if row[n] is None else row[n]
                         for n in cohort.INPUTS])
    return text.getvalue()
