"""README.md, from the card."""


def _figure(f, digits=3):
    return (f"{f['value']:.{digits}f} ({f['low']:.{digits}f} to "
            f"{f['high']:.{digits}f})")


NAMES = (("brier", "Brier score at 10 years (IPCW)"), ("cIndex", "Harrell's C"),
         ("calibrationIntercept", "Calibration intercept"),
         ("calibrationSlope", "Calibration slope"),
         ("observedToExpected", "Observed to expected"))


def _row(label, block):
    cells = [_figure(block[n]) if n in block else "" for n, _ in NAMES]
    return f"| {label} | {block.get('n', '')} | " + " | ".join(cells) + " |"


def _baselines(block):
    """Comparators on the same women; on fewer where they cannot answer all,
    with ours on those few."""
    lines = []
    for b in block["baselines"]:
        name = f"same women: {b['name']}"
        if "ours" in b:
            lines.append(_row(f"ours, on the women whom {b['name']} answers",
                              {"n": b["n"], **b["ours"]}))
            name = f"these women: {b['name']}"
        lines.append(_row(name, b))
    return lines


def _ahead_of_predict(p):
    said = [f"{_figure(b['brierGain'])} on the {b['n']} {where}"
            for where, block in (("held-out women", p),
                                 ("women of all", p["crossFitted"]))
            for b in block["baselines"] if "ours" in b]
    return ("PREDICT's Brier score less ours, on the same women: "
            + ", ".join(said) + ". PREDICT was not made from these women; "
            "what METABRIC does not record is given to it as unknown.")


def _figures(p):
    lines = ["| | women | " + " | ".join(t for _, t in NAMES) + " |",
             "|---" * (2 + len(NAMES)) + "|",
             _row("Held-out fifth", p)]
    lines += _baselines(p)
    lines += [_row("Other four fifths, cross-validated", p["crossValidated"])]
    lines += _baselines(p["crossValidated"])
    lines += [_row("All, cross-fitted", p["crossFitted"]),
              *_baselines(p["crossFitted"]),
              _row("Each cohort by the other four", p["leaveCohortOut"])]
    return lines


NOT_SHOWN = "not shown: under 11 women, or the total would tell such a group"


def _groups(groups):
    names = [(n, t) for n, t in NAMES if "alibration" not in n]
    names.append(("cIndexLessRest", "C less that of the rest"))
    lines = ["| group | women | " + " | ".join(t for _, t in names)
             + " | verdict |", "|---" * (3 + len(names)) + "|"]
    for g in groups:
        if g["n"] is None:
            lines.append(f"| {g['by']}: {g['level']} | {NOT_SHOWN} | | | | "
                         "| |")
            continue
        cells = [_figure(g[n]) if n in g else "" for n, _ in names]
        lines.append(f"| {g['by']}: {g['level']} | {g['n']} | "
                     + " | ".join(cells) + f" | {g.get('verdict') or ''} |")
    return lines


def _hidden(found):
    return ["| hidden at prediction | Brier | C | mean predicted | observed |",
            "|---|---|---|---|---|"] + [
        f"| {h['hidden']} | {h['brier']:.3f} | {h['cIndex']:.3f} | "
        f"{h['meanPredicted']:.3f} | {h['observed']:.3f} |" for h in found]


METHOD = """Death of the disease: ridge Cox regression (penalty 20) on tumour
size (with a bend at 30 mm), nodes, grade, receptors and molecular subtypes.
Death of another cause: ridge Cox regression (penalty 3) on age. Each cause
censors the other; follow-up is cut at 120 months; the two cumulative hazards
add up to the all-cause one. Missing is the average of the women in whom it is
recorded, plus an indicator. Treatment, surgery, stage, NPI (damaged in the
table), cohort and laterality (an artefact of collection) are left out.

The half-width of the interval is in the file too (`spread`): the delta method
from the coefficients' penalised information, widened by 1.15, which covered
the true probability in 97 to 98 % of simulations that assume the model's form.

The served file is fitted on all women; figures are of the recipe on women it
had not seen. The held-out fifth is easier than the rest (the same holds for
the linear Cox regression): expect about 0.20 and 0.695 on other women, not
0.186. A C over 0.70 is not assured."""


def render(card):
    p, trained = card["performance"], card["trainedOn"]
    return "\n".join([
        f"# {card['title']} ({card['name']} {card['version']})", "",
        card["summary"], "", f"For: {card['intendedUse']}", "",
        "Not for:", "", *(f"- {n}" for n in card["notFor"]), "",
        "## Data", "", f"{trained['data']}: {trained['rows']} women, "
        f"{trained['deaths']} deaths. {trained['attribution']}", "",
        "## Method", "", METHOD, "", "## Figures", "",
        "95 % intervals in brackets: bootstrap of women, models not "
        "refitted.", "", *_figures(p), "", _ahead_of_predict(p), "",
        "## By group", "",
        card["subgroupsFrom"] + ". The verdict is on Harrell's C less that of "
        "all others: GAP_SHOWN where its interval leaves out 0, NO_GAP_SHOWN "
        "where it lies within 0.05 of 0. An interval of observed to expected "
        "that leaves out 1 is a fault of calibration in that group.", "", *_groups(card["subgroups"]), "",
        "## With inputs missing", "", *_hidden(p["withInputsHidden"]), "",
        "## Limits", "", *(f"- {n}" for n in card["limits"]), "",
        "## Rebuild", "", "Python 3.11, `pip install -r "
        "train/requirements.txt`, then `python train/train.py --data DIR`; "
        "DIR holds clinical.tsv. Two runs on one machine give the same "
        "bytes.", ""])
