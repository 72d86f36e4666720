"""README.md, written from the card so that no figure is typed by hand."""
import card as texts

SHOWN = (("auroc", "AUROC", 3, 1), ("auprc", "AUPRC", 3, 1),
         ("utility", "Utility", 3, 1), ("brier", "Brier score", 4, 1),
         ("calibrationIntercept", "Calibration intercept", 3, 1),
         ("calibrationSlope", "Calibration slope", 3, 1),
         ("sensitivity", "Sensitivity, % of labelled hours", 1, 100),
         ("specificity", "Specificity, % of other hours", 1, 100),
         ("ppv", "Predictive value, % of alert hours", 1, 100),
         ("alertHours", "Hours with an alert, %", 1, 100))
METHOD = """\
The patients are split in five folds by the hash of their identifier. Trees
(LightGBM, {members} seeds, {trees} trees of 31 leaves each) are fitted on all
hours; an hour weighs what an alert would gain there by the PhysioNet 2019
utility, hours without gain weigh 1. Platt scaling and the alert threshold
(greatest utility) come from out-of-fold scores only.

- Figures: folds 0 to 3 for everything learnt, fold 4 scored once.
- Served file: Platt line and threshold from five-fold scores, trees from all
  patients. The figures are thus of the recipe on unseen patients of the same
  hospital, not of the very file.

Columns are read from all hours of a patient up to the row, an hour without a
row being one in which nothing was measured (`columns` in `card.json`;
`{train}/history.py` is a plain reading of that grammar, which `train.py`
compares with the fast one on every fiftieth patient). FiO2 outside 0.15 to 1
counts as not measured; nothing else is clipped. All after the columns is in
`model.onnx` (opset 17, ai.onnx.ml 3, IR 8): trees to `margin`, sigmoid to
`value`; it agrees with LightGBM to 1e-6.

Utility: an alert earns 0 at 12 hours before onset, 1 at 6 hours before and 0
at 3 hours after, silence then costs up to 2, a false alert costs 0.05; 0 is
never to alert, 1 the best possible."""
TRIED = """\
Ablations of the full model in four-fold cross-validation on folds 0 to 3
(exploration figures with one seed, not rebuilt by `train.py`):

| Columns | AUROC | Utility |
|---|---|---|
| Hour in the ICU only | 0.706 | 0.253 |
| with age, sex, unit and time since admission | 0.757 | 0.296 |
| Only how often and how recently things were measured, time and age | 0.825 \
| 0.371 |
| All but the unit and time since hospital admission | 0.855 | 0.415 |
| All | 0.872 | 0.441 |
"""


def figure(block, digits=3, scale=1):
    return (f"{scale * block['value']:.{digits}f} "
            f"({scale * block['low']:.{digits}f} to "
            f"{scale * block['high']:.{digits}f})")


def listed(lines):
    return "\n".join(f"- {line}" for line in lines)


def overall(performance):
    rows = [f"| {label} | {figure(performance[key], digits, scale)} |"
            for key, label, digits, scale in SHOWN]
    return "\n".join(["| | Test, 95 % interval |", "|---|---|", *rows])


def _group(entry):
    name = f"| {entry['by']}: {entry['level']} "
    if entry["n"] is None:
        return name + "| fewer than 11 | | | | | | |"
    gap = entry.get("utilityLessRest")
    return name + (f"| {entry['n']} | {entry['septic']} "
                   f"| {figure(entry['auroc'])} | {figure(entry['utility'])} "
                   f"| {figure(entry['ppv'], 1, 100)} "
                   f"| {figure(gap) if gap else ''} "
                   f"| {entry.get('verdict', '')} |")


def groups(entries):
    return "\n".join([
        "| Group | Patients | Septic | AUROC | Utility | Predictive value, % "
        "| Utility less the rest | Verdict |",
        "|---|---|---|---|---|---|---|---|", *map(_group, entries)])


def units(entries):
    rows = [f"| {e['trainedOn']} | {e['testedOn']} | {e['n']} "
            f"| {figure(e['auroc'])} | {figure(e['utility'])} "
            f"| {figure(e['calibrationIntercept'])} "
            f"| {figure(e['calibrationSlope'])} |" for e in entries]
    return "\n".join([
        "| Fitted in | Tested in | Patients | AUROC | Utility | Calibration "
        "intercept | slope |", "|---|---|---|---|---|---|---|", *rows])


def _figures(card, full):
    p = card["performance"]
    seen, cv = p["alertedPatients"], p["crossValidated"]
    text = [
        "## Figures", f"{p['n']} test patients, {p['septic']} of them septic, "
        f"{p['hours']} hours. Threshold {p['testLine']['threshold']:.4f} "
        f"(served: {card['output']['categories'][1]['from']}). Intervals: 200 "
        "bootstrap draws of patients.", overall(p),
        f"Ever alerted in the stay: {100 * seen['septicAlerted']:.1f} % of "
        f"septic patients, {100 * seen['othersAlerted']:.1f} % of the others. "
        "Cross-validation on folds 0 to 3: AUROC "
        f"{cv['aurocAllFolds']:.3f}, AUPRC {cv['auprcAllFolds']:.3f}, utility "
        f"{cv['utilityAllFolds']:.3f}.",
        "## By sex, age, unit and time", groups(card["subgroups"]),
        "Septic: patients with a labelled hour in the group. The difference "
        "of utility is taken in the same draws. GAP_SHOWN: its interval "
        "leaves out 0; NO_GAP_SHOWN: it lies within -0.05 to 0.05; else "
        "INCONCLUSIVE. Groups were compared one by one, without a correction "
        "for their number.",
        "## Units the model never saw", "Everything learnt in one kind of "
        "unit, tested on all patients of the other; same hospital.",
        units(p["otherUnit"])]
    return text + (["## What was tried", TRIED.strip()] if full else [])


def _rebuild(full):
    if not full:
        return ("Built by `../sepsis-early-warning/train` together with the "
                "full model; see its README.")
    return """```
python3.11 -m venv /path/to/venv
/path/to/venv/bin/pip install -r train/requirements.txt
/path/to/venv/bin/python train/train.py --data DIR --out ..
```

`DIR` holds `hourly.csv.gz`: the `.psv` files of training set B under each
other, with a column `patient` (file name without ending) first, sorted by
patient and hour, missing cells empty. Every artefact of this folder and of
`../sepsis-early-warning-vitals`, this file included, is rebuilt; two runs on
one machine give the same bytes."""


def render(card, variant):
    full, t = variant == texts.FULL, card["trainedOn"]
    train = "train" if full else "../sepsis-early-warning/train"
    parts = [
        f"# {card['title']} ({card['name']} {card['version']})",
        card["summary"], "## Who it is for", card["intendedUse"], "Not for:",
        listed(card["notFor"]), "## Data",
        f"{t['data']}: {t['patients']} patients, {t['rows']} hours, "
        f"{t['septicPatients']} septic patients, {t['labelledHours']} "
        "labelled hours. Training set B has 20,000 patients; the others were "
        "not at hand. Nobody was left out. SepsisLabel is 1 from six hours "
        "before onset on.", "## Method",
        METHOD.format(train=train, members=t["recipe"]["members"],
                      trees=t["recipe"]["trees"]),
        f"{len(card['columns'])} columns of {len(card['inputs'])} inputs, "
        f"{len(card['players'])} groups in explanations.",
        *_figures(card, full), "## Limits", listed(card["limits"]),
        "## Background and test rows", "`background.csv` and `vectors.json` "
        "hold made-up patients only, drawn from the rounded summary in "
        "`card.json` (`trainedOn.summary`). Of background patients the last "
        "row counts.", "## Licence and attribution",
        f"Data: {t['licence']}. {t['attribution']} Changes: columns, model "
        "fitting, synthetic draws. De-identified data; no patient row is in "
        "this folder.", "## Rebuild", _rebuild(full)]
    return "\n\n".join(parts) + "\n"
