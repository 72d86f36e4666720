"""card.json: what the product needs to serve, explain and judge the models."""
import columns
import series
from cohort import BLOOD_TESTS, LABS, VITALS

VERSION, SEED = "1.0.0", 20190405
CHANGE_LOG = [
    {"version": "1.0.0", "date": "2026-11-26", "change": "First version."}]
FULL, VITALS_ONLY = "sepsis-early-warning", "sepsis-early-warning-vitals"
ATTRIBUTION = (
    "PhysioNet/Computing in Cardiology Challenge 2019, training set B "
    "(physionet.org, challenge-2019 1.0.0), CC BY 4.0; Reyna MA et al., Crit "
    "Care Med 2020;48:210-217.")
# Name: (label, unit, lowest, highest).
NUMBERS = {
    "HR": ("Heart rate", "/min", 10, 300),
    "O2Sat": ("Oxygen saturation (pulse oximetry)", "%", 20, 100),
    "Temp": ("Temperature", "degC", 25, 50),
    "SBP": ("Systolic blood pressure", "mmHg", 10, 300),
    "MAP": ("Mean arterial pressure", "mmHg", 10, 300),
    "DBP": ("Diastolic blood pressure", "mmHg", 10, 300),
    "Resp": ("Breathing rate", "/min", 0, 100),
    "EtCO2": ("End-tidal carbon dioxide", "mmHg", 5, 120),
    "BaseExcess": ("Base excess", "mmol/L", -40, 40),
    "HCO3": ("Bicarbonate", "mmol/L", 5, 60),
    "FiO2": ("Fraction of inspired oxygen", "fraction", 0.15, 1),
    "pH": ("pH", "pH", 6.5, 8),
    "PaCO2": ("Arterial carbon dioxide pressure", "mmHg", 10, 150),
    "SaO2": ("Arterial oxygen saturation", "%", 20, 100),
    "AST": ("Aspartate transaminase", "IU/L", 1, 20000),
    "BUN": ("Blood urea nitrogen", "mg/dL", 1, 300),
    "Alkalinephos": ("Alkaline phosphatase", "IU/L", 1, 3000),
    "Calcium": ("Calcium", "mg/dL", 0.5, 30),
    "Chloride": ("Chloride", "mmol/L", 50, 160),
    "Creatinine": ("Creatinine", "mg/dL", 0.1, 50),
    "Bilirubin_direct": ("Direct bilirubin", "mg/dL", 0, 50),
    "Glucose": ("Glucose", "mg/dL", 5, 1500),
    "Lactate": ("Lactate (unit as published)", "mg/dL", 0.1, 40),
    "Magnesium": ("Magnesium (unit as published)", "mmol/dL", 0.1, 15),
    "Phosphate": ("Phosphate", "mg/dL", 0.1, 25),
    "Potassium": ("Potassium", "mmol/L", 1, 15),
    "Bilirubin_total": ("Total bilirubin", "mg/dL", 0, 80),
    "TroponinI": ("Troponin I", "ng/mL", 0, 1000),
    "Hct": ("Haematocrit", "%", 5, 80),
    "Hgb": ("Haemoglobin", "g/dL", 1, 35),
    "PTT": ("Partial thromboplastin time", "s", 10, 300),
    "WBC": ("White blood cells", "10^3/uL", 0, 500),
    "Fibrinogen": ("Fibrinogen", "mg/dL", 10, 1500),
    "Platelets": ("Platelets", "10^3/uL", 0, 2500),
    "Age": ("Age", "years", 14, 110),
    "HospAdmTime": ("Hospital admission, in hours relative to ICU admission "
                    "(negative: before)", "h", -6000, 0),
    "ICULOS": ("Hour in the ICU, counted from 1", "h", 1, 336)}
FLAGS = {"Gender": "Male (1) or female (0)", "Unit1": "Medical ICU",
         "Unit2": "Surgical ICU"}
MEASURED_MISSING = (
    "Not measured in this hour: earlier measurements stand, and how long ago "
    "and how often counts too. Never measured is left missing, which the "
    "model has learnt to read.")
MISSING = {
    "patient": "Required: rows are put together by patient.",
    "ICULOS": "Required: rows are put in order by it.",
    "Age": "Required: age was never missing in training.",
    "Gender": "Read as female: sex was never missing in training.",
    "HospAdmTime": "Read as admitted to hospital and ICU at the same moment: "
                   "it was never missing in training.",
    "Unit1": "With Unit2 also missing, the unit counts as not recorded, as "
             "for three in ten training patients.",
    "Unit2": "With Unit1 also missing, the unit counts as not recorded, as "
             "for three in ten training patients.",
    "FiO2": MEASURED_MISSING + " In training a value outside 0.15 to 1 "
    "counted as not measured; here it is refused."}
PLAYERS = {
    "temperature": "Temperature",
    "circulation": "Heart rate and blood pressure",
    "breathing": "Breathing and oxygen",
    "acidBase": "Acid-base balance and lactate",
    "kidneyAndSalts": "Kidney, salts and glucose",
    "bloodCount": "Blood count and clotting",
    "liver": "Liver tests",
    "heartEnzymes": "Troponin",
    "scores": "Scores (NEWS, SIRS, SOFA)",
    "howOftenMeasured": "How often and how recently things were measured",
    "timeInCare": "Time in care and kind of unit",
    "person": "Age and sex"}
OWNED = {
    "temperature": "Temp fever",
    "circulation": "HR SBP DBP MAP shockIndex hypotension",
    "breathing": "Resp O2Sat SaO2 FiO2 EtCO2 spo2ToFio2 sao2ToFio2 tachypnoea",
    "acidBase": "pH Lactate BaseExcess HCO3 PaCO2",
    "kidneyAndSalts": "BUN Creatinine bunToCreatinine Potassium Calcium "
                      "Magnesium Phosphate Glucose Chloride",
    "bloodCount": "WBC Platelets Hgb Hct PTT Fibrinogen",
    "liver": "Bilirubin_total Bilirubin_direct AST Alkalinephos",
    "heartEnzymes": "TroponinI",
    "scores": "NEWS SIRS SOFA",
    "howOftenMeasured": "labs vitals labKinds bloodTests",
    "timeInCare": "ICULOS HospAdmTime hoursInHospital medicalUnit",
    "person": "Age Gender"}
# Players whose own values say nothing of one row.
WITHOUT_VALUES = ("scores", "howOftenMeasured")
NOT_FOR = [
    "deciding on antibiotics, fluids or transfer without a clinician",
    "saying that sepsis is absent: most hours before sepsis look ordinary",
    "patients outside an intensive care unit, children, and stays of more "
    "than 336 hours",
    "records that are not kept by the hour, or that hold fewer measurements "
    "than the training hospital's did",
    "hospitals where it has not been tested first on their own data"]

REPORTING = {
    "population": "Adults in intensive care, from the first hour of the stay to "
    "the 336th.",
    "code": "models/sepsis-early-warning/train/ of Avicenna, Apache-2.0",
    "updating": "Not updated after it was evaluated.",
    "outcomeDefinition": "Sepsis-3 onset as the PhysioNet 2019 challenge "
    "labelled it, from the records, six hours ahead; labels of hours, not of "
    "bedside judgement.",
    "relevance": "Adults in intensive care of one United States hospital "
    "system (set B of the challenge). Wards, children and other countries are "
    "not in it.",
    "biasReduction": "None beyond judging it by sex, age, kind of unit and "
    "hour: race is not recorded.",
    "externalValidation": {
        "data": "None: set A, another hospital system, was not at hand. The "
        "nearest to it: each kind of unit predicted from the other.",
        "by": "Nobody outside this project.",
        "people": "Patients of medical and of surgical intensive care, one "
        "kind at a time.",
        "process": "The recipe refitted on one kind of unit, then scored on "
        "the other.",
        "fairness": "By kind of unit only."}}


def names_of(variant):
    return columns.FULL if variant == FULL else columns.VITALS_ONLY


def input_names(variant):
    """In the order of the table; the vitals model takes few of them."""
    if variant == VITALS_ONLY:
        return ("patient", *VITALS, "Age", "Gender", "ICULOS")
    return ("patient", *VITALS, *LABS, "Age", "Gender", "Unit1", "Unit2",
            "HospAdmTime", "ICULOS")


def input_entry(name, table, variant):
    out = {"name": name, "label": "Patient identifier", "type": "identifier"}
    if name in FLAGS:
        out.update(label=FLAGS[name], type="flag")
    if name in NUMBERS:
        label, unit, low, high = NUMBERS[name]
        out.update(label=label, type="number", unit=unit, min=low, max=high)
    required = name in ("patient", "ICULOS", "Age")
    unused = name == "Gender" and variant == FULL
    out.update(required=required, whenMissing="Not used by this model."
               if unused else MISSING.get(name, MEASURED_MISSING))
    if name in ("Gender", "HospAdmTime") and not unused:
        out["warnWhenMissing"] = True
    if name in NUMBERS:
        known = table[name][table[name].between(low, high)]
        out["trainedRange"] = [round(float(known.quantile(q)), 2)
                               for q in (0.01, 0.99)]
    return out


def check_ranges(table):
    """Every value of the table lies inside the card's range."""
    for name, (_, _, low, high) in NUMBERS.items():
        known = table[name].dropna()
        if name != "FiO2" and not known.between(low, high).all():
            raise SystemExit(f"{name}: {known.min()} to {known.max()}")


def player_of(spec):
    if spec["encode"] == "number":
        source = spec["input"]
    elif spec["take"] == "rows":
        return "timeInCare"
    elif spec["take"] in ("count", "hoursSince"):
        return "howOftenMeasured"
    else:
        source = spec["of"]
    return next(p for p, owned in OWNED.items() if source in owned.split())


def _reads(spec):
    if spec["encode"] == "number":
        return (spec["input"],)
    return ("ICULOS",) if spec["take"] == "rows" else series.reads(spec["of"])


def players(specs, inputs):
    out = []
    for name, label in PLAYERS.items():
        owned = [s for s in specs if player_of(s) == name]
        read = {i for s in owned for i in _reads(s)}
        if owned:
            label = "Age" if read == {"Age"} else label
            out.append({"name": name, "label": label,
                        "inputs": [] if name in WITHOUT_VALUES else
                        [i for i in inputs if i in read],
                        "columns": [s["name"] for s in owned],
                        "modifiable": False})
    return out


def head(variant):
    rich = variant == FULL
    what = ("vital signs, laboratory results, age, sex, unit and time in "
            "hospital" if rich else "vital signs, age, sex and time in the "
            "ICU")
    return {
        "name": variant, "version": VERSION, "changeLog": CHANGE_LOG,
        "title": "Early warning of sepsis in intensive care"
        + ("" if rich else ", from vital signs only"),
        "summary": f"Hourly risk that sepsis starts within about six hours, "
        f"from all hours of the stay so far: {what}. Gradient-boosted trees, "
        "PhysioNet 2019 training set B (one hospital).",
        "intendedUse": "Support for the team of an adult ICU: a prompt to "
        "look again at a patient, next to clinical judgement"
        + ("." if rich else ", where laboratory results are not at hand. "
           f"Where they are, {FULL} ranks and alerts better."),
        "notFor": NOT_FOR}


def output(threshold):
    return {
        "label": "Risk that sepsis starts within about six hours", "unit": "probability", "marginUnit": "log-odds",
        "link": "logistic", "decimals": 3, "categories": [
            {"name": "NONE", "from": 0, "meaning": "no alert; sepsis is not "
             "ruled out"},
            {"name": "ALERT", "from": round(threshold, 6), "meaning": "look "
             "at the patient again; the threshold that gained most utility "
             "in cross-validation"}]}


def evaluation(variant):
    """The outcome that `evaluate` reads beside the inputs, its groups."""
    unit = [{"by": "unit", "column": "Unit1",
             "labels": {"0": "SICU", "1": "MICU"}}]
    return {
        "outcome": {"kind": "binary", "column": "SepsisLabel",
                    "occurred": ["1"], "absent": ["0"], "score": "alertUtility"},
        "person": "patient",
        "groups": [{"by": "sex", "column": "Gender",
                    "labels": {"0": "female", "1": "male"}},
                   {"by": "age", "column": "Age", "bands": [45, 65, 80]},
                   *(unit if variant == FULL else []),
                   {"by": "ICU hour", "column": "ICULOS",
                    "bands": [1, 13, 49]}]}


def _percent(figure, digits=0):
    return f"{100 * figure['value']:.{digits}f} %"


def limits(variant, performance, groups):
    gained = {g["level"]: f"{g['utility']['value']:.2f}" for g in groups
              if g["by"] == "ICU hour"}
    moved = " and ".join(
        f"{u['utility']['value']:.2f} in the {u['testedOn']} when fitted in "
        f"the {u['trainedOn']} alone" for u in performance["otherUnit"])
    rate = performance["alertHours"]["value"]
    seen = performance["alertedPatients"]
    out = [
        "One hospital's ICUs only (PhysioNet 2019, hospital B). No other site "
        "was available, so how it does elsewhere is not known; expect less.",
        "The figures are of the same recipe fitted without the test patients. "
        "The served file is a refit on all patients and has itself no "
        "patients left to be tested on.",
        "At the threshold, alerts stand in " + f"{100 * rate:.1f} % of hours, "
        f"{24 * rate:.1f} hours a patient-day, and "
        f"{_percent(performance['ppv'], 1)} of alert hours lie within the "
        "labelled hours: more than nine alert hours in ten are false by that "
        "count.",
        f"{100 * seen['septicAlerted']:.0f} % of septic patients and "
        f"{100 * seen['othersAlerted']:.0f} % of the others are alerted at "
        "least once in their stay.",
        "It gains little early in the stay: utility "
        f"{gained['1 to under 13']} in hours 1 to 12 and {gained['13 to under 49']} in hours "
        f"13 to 48, against {gained['>48']} later. Much of the utility comes "
        "from long stays, in which sepsis is commoner.",
        "It does not carry over unharmed even inside the hospital: utility "
        f"{moved}.",
        "It learns from how often and when clinicians measure, not only from "
        "what they find. Other charting habits, or this tool itself when "
        "people come to rely on it, change that.",
        "The label is the Sepsis-3 definition as read from records "
        "(antibiotics and cultures with a rise of two SOFA points); it is "
        "late or wrong for some patients.",
        "A missing answer is not neutral: that a test was not taken is "
        "information here. Do not leave out what was measured.",
        "The model is associational. Changing a value shows a different "
        "expectation, not the effect of a treatment.",
        "Lactate and magnesium are in the units named in the challenge, which "
        "do not fit the values; give them as that hospital did (lactate "
        "around 2, magnesium around 2)."]
    if variant == VITALS_ONLY:
        out.append("Without laboratory results it misses more: compare the "
                   "figures of " + FULL + ".")
    return out
