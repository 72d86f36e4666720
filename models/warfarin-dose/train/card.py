"""card.json: what the product needs to serve, explain and judge the model."""
import cohort

NAME, VERSION = "warfarin-dose", "1.0.0"
CHANGE_LOG = [
    {"version": "1.0.0", "date": "2026-11-24", "change": "First version."}]
RECORDED_OUTCOME = {
    "kind": "number", "outcomes": ["STABLE_DOSE"], "unit": "mg/wk"}
ATTRIBUTION = (
    "International Warfarin Pharmacogenetics Consortium data set "
    "(iwpc_data_7_3_09), PharmGKB/ClinPGx submission PS206767, CC BY-SA 4.0; "
    "Klein TE et al., N Engl J Med 2009;360:753-764.")
# The outcome that `evaluate` reads beside the inputs, and its groups.
EVALUATION = {
    "outcome": {"kind": "number", "column": "weeklyDoseMg", "min": 0.1,
                "max": 500},
    "groups": [{"by": "race", "column": "race"}, {"by": "sex", "column": "sex"},
               {"by": "age", "column": "age", "bands": [18, 45, 65, 80]},
               {"by": "site", "column": "site"}]}
NO_FLAG = ("Read as no, with a correction learnt from patients whose record "
           "did not say (mostly downwards). Answer no if the answer is no.")
TEXT = {
    "age": ("Age", "Filled with the training average; age is one of the "
            "strongest inputs, so please give it.",
            "Training data held ages in ten-year bands; the middle of the band "
            "was used (60-69 -> 64.5). Exact years are accepted."),
    "heightCm": ("Height", "Filled with the average of training patients of "
                 "the same sex and race.", None),
    "weightKg": ("Weight", "Filled with the average of training patients of "
                 "the same sex and race.", None),
    "sex": ("Sex", "Taken as between the two, by their shares in training.",
            None),
    "race": ("Race as recorded", "Treated as UNKNOWN (mixed or not recorded).",
             "A stand-in for unmeasured genetics, diet and care, not biology "
             "in itself."),
    "cyp2c9": ("CYP2C9 diplotype", "The dose expected for patients of the "
               "same race whose CYP2C9 is hidden; the interval is wider.",
               "*1/*1 is the usual metaboliser."),
    "vkorc1": ("VKORC1 -1639 (rs9923231)", "The dose expected for patients of "
               "the same race whose VKORC1 is hidden; the interval is wider.",
               "G/G needs the most warfarin, A/A the least."),
    "amiodarone": ("Amiodarone", NO_FLAG, None),
    "enzymeInducer": ("Enzyme inducer (carbamazepine, phenytoin, rifampin)",
                      NO_FLAG, None),
    "smoker": ("Current smoker", NO_FLAG, None),
    "aspirin": ("Aspirin", NO_FLAG, None),
    "statin": ("Statin", NO_FLAG, None),
    "diabetes": ("Diabetes", NO_FLAG, None),
    "heartFailure": ("Heart failure or cardiomyopathy", NO_FLAG, None),
    "valveReplacement": ("Heart valve replacement", NO_FLAG, None),
    "indication": ("Indication",
                   "No indication is assumed, with a correction learnt "
                   "from patients whose record did not say.",
                   "Every listed code counts; '1 or 2' in the data is read as "
                   "1;2."),
    "targetInr": ("Target INR", "Taken as 2.5.",
                  "The effect is learnt from patients with targets of 1.3 to "
                  "3.5, compared inside their hospitals."),
}
RANGES = {"age": ("years", 18, 110), "heightCm": ("cm", 100, 230),
          "weightKg": ("kg", 25, 300), "targetInr": ("INR", 1.5, 4.0)}
PLAYERS = (
    ("age", "Age", ("age",), False, None, None),
    ("bodySize", "Height and weight", ("heightCm", "weightKg"), True, None,
     None),
    ("sex", "Sex", ("sex",), False, None, None),
    ("race", "Race as recorded", ("race",), False, None, None),
    ("cyp2c9", "CYP2C9 genotype", ("cyp2c9",), False, "CYP2C9", None),
    ("vkorc1", "VKORC1 genotype", ("vkorc1",), False, "VKORC1", None),
    ("amiodarone", "Amiodarone", ("amiodarone",), True, None, "amiodarone"),
    ("enzymeInducer", "Enzyme inducer", ("enzymeInducer",), True, None,
     "carbamazepine, phenytoin or rifampin"),
    ("smoker", "Smoking", ("smoker",), True, None, None),
    ("aspirinStatin", "Aspirin and statin", ("aspirin", "statin"), True, None,
     "aspirin or statin"),
    ("conditions", "Other conditions and indication", (
        "diabetes", "heartFailure", "valveReplacement", "indication"), False,
     None, None),
    ("targetInr", "Target INR", ("targetInr",), True, None, None))
NOT_FOR = [
    "deciding a dose without a clinician or without INR monitoring",
    "people under 18, pregnancy, or patients who have never been started",
    "loading doses or the first days of treatment: the figure is the STABLE "
    "weekly dose",
    "patients on azole antifungals, sulfonamides, macrolides or other strong "
    "interacting drugs that are not among the inputs",
    "other vitamin K antagonists (acenocoumarol, phenprocoumon)",
    "CYP2C9 alleles other than those listed: the product must abstain"]
LIMITS = [
    "Just over half of all predictions miss the true dose by more than 20 %. It is a "
    "starting estimate, to be corrected by INR.",
    "In Black patients no benefit of the genotype was shown: the data hold "
    "only CYP2C9 *2/*3 in practice, not *5, *6, *8, *11, nor the CYP2C "
    "cluster variant rs12777823, which matter more in people of African "
    "ancestry. Errors are largest in this group.",
    "High doses (49 mg/week and over) are under-predicted and low ones "
    "over-predicted, as in every published equation.",
    "Hospitals differ in ways the inputs do not hold: at a hospital the model "
    "never saw, the error is larger, and intervals cover less at some (see "
    "leaveOneSiteOut.perSite).",
    "Nearly all ASIAN patients come from three hospitals (Japanese, Korean and "
    "Han Chinese patients); South Asian "
    "patients are hardly represented.",
    "The model is associational: changing an input shows a different "
    "expectation, not a proven effect. Stopping smoking or aspirin is not "
    "known to change the dose by the amount shown.",
    "Data were collected before 2009; diet and co-medication have changed.",
    "Intervals for hidden genotypes assume that genotypes are missing for "
    "reasons unrelated to the dose. The few cohort patients who truly lacked "
    "one came from particular hospitals and were covered less often (see the "
    "subgroups by genotype).",
    "The published comparator was fitted by its authors on most of this same "
    "cohort, test rows included; that favours it, not us."]

REPORTING = {
    "population": "Adults on warfarin, or about to start, with a target INR of "
    "about 2 to 3.",
    "code": "models/warfarin-dose/train/ of Avicenna, Apache-2.0",
    "updating": "Not updated after it was evaluated.",
    "outcomeDefinition": "The weekly dose at which the INR stayed in its "
    "target range, as each IWPC hospital recorded it; nobody was blinded.",
    "relevance": "19 hospitals on four continents, before 2009: outpatients "
    "on a stable dose. South Asian, Indigenous and Latin American patients "
    "are hardly there; Black patients are one in ten.",
    "biasReduction": "Race as recorded is an input. Intervals of its own "
    "where the common ones covered a race under 88 %; race may be left "
    "empty, and how that does for each race is in the figures. Nothing else "
    "was done to make errors equal, and they are not.",
    "inequalities": "CYP2C9 *5, *6, *8, *11 and rs12777823, which matter in "
    "people of African ancestry, are not typed: the genotype helps others "
    "more than them.",
    "externalValidation": {
        "data": "None. The nearest to it: each hospital scored by a model "
        "from the other hospitals (leaveOneSiteOut).",
        "by": "Nobody outside this project.",
        "people": "The patients of 19 IWPC hospitals, one hospital at a "
        "time.",
        "process": "Leave one hospital out, the whole procedure refitted "
        "without it.",
        "fairness": "Not judged by race where a hospital is left out: most "
        "Asian patients come from three hospitals."}}


def race_limit(without_race):
    """What leaving race empty costs or brings, by the recorded race."""
    said = "; ".join(
        f"{g['level']} {g['mae']['value']:.1f} mg/week instead of "
        f"{g['mae']['value'] - g['maeGain']['value']:.1f}"
        for g in without_race)
    return ("Race as recorded is an input, as in the published equation: a "
            "stand-in for genes that are not typed, diet and care. Leave it "
            "empty for an answer without it; the mean error is then, by "
            f"recorded race: {said}.")


def limits(empty, full, without_race):
    """The fixed limits, what empty answers do to a typical patient, and what
    the answer is without race."""
    return LIMITS + [race_limit(without_race)] + [
        "Missing answers are not neutral. In the data they follow hospitals: "
        "those that did not record drugs and conditions had lower doses, also "
        "among hospitals left out of training. The corrections were shrunk, "
        "but for a typical patient leaving all drugs, conditions and the "
        f"indication empty gives {empty:.1f} mg/week, answering no to all "
        f"(atrial fibrillation) {full:.1f}. Answer whenever the answer is "
        "known."]


def _range(rows, name):
    """1st to 99th percentile, so that no single patient is shown."""
    values = sorted(r[name] for r in rows if r[name] is not None)
    at = [values[round(q * (len(values) - 1))] for q in (0.01, 0.99)]
    return [round(v, 1) for v in at]


def _kind(name):
    if name in RANGES:
        unit, low, high = RANGES[name]
        return {"type": "number", "unit": unit, "min": low, "max": high}
    if name in cohort.FLAGS:
        return {"type": "flag"}
    return {
        "sex": {"type": "category", "levels": list(cohort.SEXES)},
        "race": {"type": "category", "levels": list(cohort.RACES)},
        "cyp2c9": {"type": "diplotype", "levels": list(cohort.CYP2C9),
                   "aliases": cohort.CYP2C9_ALIASES},
        "vkorc1": {"type": "genotype", "levels": list(cohort.VKORC1),
                   "aliases": {"G/A": "A/G"}},
        "indication": {"type": "codes", "levels": list(cohort.INDICATIONS),
                       "labels": cohort.INDICATIONS},
    }[name]


def inputs(training, others):
    out = []
    for name in cohort.INPUTS:
        label, gone, reference = TEXT[name]
        item = {"name": name, "label": label, **_kind(name),
                "whenMissing": gone}
        if name == "targetInr":
            item["trainedRange"] = _range(list(training) + list(others), name)
        elif name in RANGES:
            item["trainedRange"] = _range(training, name)
        if reference:
            item["referenceText"] = reference
        out.append(item)
    return out


def players():
    out = []
    for name, label, names, modifiable, gene, drug in PLAYERS:
        item = {"name": name, "label": label, "inputs": list(names),
                "modifiable": modifiable}
        if gene:
            item["gene"] = gene
        if drug:
            item["drug"] = drug
        out.append(item)
    return out


def head():
    return {
        "name": NAME, "version": VERSION, "changeLog": CHANGE_LOG,
        "title": "Stable weekly warfarin dose",
        "summary": "Expected stable weekly warfarin dose (mg) from age, size, "
        "race, CYP2C9 and VKORC1 genotype, drugs and conditions, with a 90 % "
        "interval. Robust ridge regression on the square root of the dose, "
        "IWPC cohort.",
        "intendedUse": "Support for a clinician who chooses or reviews the "
        "maintenance dose of an adult on warfarin with a target INR of about "
        "2 to 3, next to INR monitoring.",
        "notFor": NOT_FOR}
