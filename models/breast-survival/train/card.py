"""card.json: what the product needs to serve, explain and judge the model."""
import cohort

NAME, VERSION, SEED = "breast-survival", "1.0.0", 20240
CHANGE_LOG = [
    {"version": "1.0.0", "date": "2026-11-26", "change": "First version."}]
ATTRIBUTION = (
    "METABRIC: Curtis C et al., Nature 2012;486:346-52; Pereira B et al., Nat "
    "Commun 2016;7:11479; Rueda OM et al., Nature 2019;567:399-404; clinical "
    "table of the cBioPortal study brca_metabric, ODbL 1.0.")
ASSUMED = ("Taken as the average of the women in the data. Without it the "
           "answer is less exact")
MEAN = "Taken as the average of the women in the data."
# name: label, unit, lowest, highest, when missing
NUMBERS = {
    cohort.AGE: ("Age at diagnosis", "years", 18, 110,
                 "No answer: age is needed."),
    cohort.SIZE: ("Size of the tumour", "mm", 0, 300, ASSUMED + "."),
    cohort.NODES: ("Lymph nodes with tumour", "count", 0, 100,
                   ASSUMED + ", and too low where nodes are affected.")}
LABELS = {
    cohort.GRADE: "Grade of the tumour", cohort.ER: "Oestrogen receptor",
    cohort.HER2: "HER2", cohort.PAM50: "Intrinsic subtype (PAM50)",
    cohort.CLUSTER: "Integrative cluster",
    cohort.THREE_GENE: "Three-gene subtype"}
WARNED = (cohort.SIZE, cohort.NODES, cohort.GRADE)
LIMITS = [
    "Women of tumour banks in the United Kingdom and Canada, diagnosed 1977 "
    "to 2005, with the treatment of that time: hardly any trastuzumab. Women "
    "treated today live longer than it says.",
    "It says nothing of the benefit of a treatment: treatment is not an "
    "input, since who was treated depended on how ill she was.",
    "The interval is the uncertainty of the probability, not of one woman's "
    "fate, and does not cover that today's care differs.",
    "Women of 40 to 59 years are given slightly too high a probability; one "
    "of the five cohorts (3) is ranked worst in every model tried.",
    "The molecular tests (PAM50, Integrative Cluster, 3-Gene) may be left "
    "out at little cost; without nodes, size or grade it is clearly worse, "
    "and with age alone too low.",
    "Men, and women with metastases at diagnosis, were not in the data.",
    "Race and ethnicity are not recorded in the data: whether it works "
    "equally well for all cannot be told."]

REPORTING = {
    "population": "Women of 18 years and over after surgery for primary invasive "
    "breast cancer, without metastases at diagnosis.",
    "code": "models/breast-survival/train/ of Avicenna, Apache-2.0",
    "updating": "Not updated after it was evaluated.",
    "outcomeDefinition": "Death from any cause by the hospitals' and "
    "registries' follow-up; nobody was blinded to the tumour.",
    "relevance": "Five cohorts of tumour banks in the United Kingdom and "
    "Canada, diagnosed 1977 to 2005. Women whose tumour was too small to be "
    "banked, and women treated today, differ from them.",
    "biasReduction": "None beyond judging it by age, receptor, menopause and "
    "cohort: race, income and language are not recorded.",
    "externalValidation": {
        "data": "None. The nearest to it: each of the five cohorts predicted "
        "from the other four (leaveCohortOut).",
        "by": "Nobody outside this project.",
        "people": "The women of each METABRIC cohort in turn.",
        "process": "The recipe refitted without the cohort, then scored on "
        "it.",
        "fairness": "By cohort only: see leaveCohortOut.perCohort."}}


def head():
    return {
        "name": NAME, "version": VERSION, "changeLog": CHANGE_LOG,
        "title": "Survival after breast cancer, from tumour and molecular "
                 "subtype",
        "summary": "Probability of death from any cause within 10 years of "
        "the diagnosis of primary breast cancer: the sum of a ridge Cox "
        "hazard of death of the disease (tumour and molecular subtypes) and "
        "one of death of another cause (age), METABRIC.",
        "intendedUse": "Support for talking about prognosis with a woman "
        "after surgery for primary breast cancer, beside PREDICT, where "
        "molecular subtypes are known.",
        "notFor": ["choosing a treatment by the difference it makes: it "
                   "knows of none", "metastatic disease at diagnosis", "men",
                   "ductal carcinoma in situ alone"]}


def output():
    return {"label": "Probability of death from any cause within 10 years",
            "unit": "probability", "marginUnit": "log cumulative hazard",
            "link": "cloglog", "decimals": 3}


def _input(name):
    entry = {"name": name, "required": name == cohort.AGE}
    if name in NUMBERS:
        label, unit, low, high, missing = NUMBERS[name]
        entry.update(label=label, type="number", unit=unit, min=low, max=high,
                     whenMissing=missing)
    else:
        missing = ASSUMED + "." if name in WARNED else MEAN
        entry.update(label=LABELS[name], type="category",
                     levels=list(cohort.LEVELS[name]), whenMissing=missing)
        if name == cohort.GRADE:
            entry["aliases"] = {f"{g}.0": g for g in cohort.LEVELS[name]}
    if name in cohort.UNKNOWN:
        entry["missingTexts"] = list(cohort.UNKNOWN[name])
    if name in WARNED:
        entry["warnWhenMissing"] = True
    return entry


# No column is made of it: it says whom the model is not for.
SEX = {"name": "Sex", "required": False, "eligibility": True, "label": "Sex",
       "type": "category", "levels": ["Female"],
       "whenMissing": "Taken as a woman's: no man was in the data."}


def inputs():
    return [_input(name) for name in cohort.INPUTS] + [SEX]


def players():
    labels = {**{n: v[0] for n, v in NUMBERS.items()}, **LABELS}
    return [{"name": n, "label": labels[n], "inputs": [n],
             "modifiable": False} for n in cohort.INPUTS]


def evaluation():
    """The outcome that `evaluate` reads beside the inputs, its groups."""
    return {"outcome": {"kind": "survival",
                        "time": "Overall Survival (Months)",
                        "event": "Overall Survival Status",
                        "occurred": ["1:DECEASED", "1"],
                        "absent": ["0:LIVING", "0"],
                        "horizon": cohort.HORIZON},
            "groups": [{"by": "age", "column": cohort.AGE,
                        "bands": [18, 40, 50, 60, 70]},
                       {"by": "oestrogen receptor", "column": cohort.ER},
                       {"by": "cohort", "column": "Cohort"}]}


def interval():
    return {"method": "delta method on the log cumulative hazard from the "
            "coefficients' penalised information, widened by 1.15; of the "
            "estimated probability, not of one woman's outcome",
            "coverage": 0.95, "space": "margin", "from": "spread"}
