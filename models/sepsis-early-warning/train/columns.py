"""The columns of the two models, in the order of their ONNX input.

A column's name says what it is; `spec` spells it out in the grammar of the
card: `take` a statistic `of` a series over the trailing `hours`.
"""
import re

FULL = """
row pH_age MAP_n Resp_n Platelets_cmax HospAdmTime Temp_mean6 Calcium_cmax
HospHours EtCO2_age HR_cmax FiO2_age BUN_last BUN_n labs_n6 Glucose_cmax
WBC_cmax Temp_n DBP_cmax SBP_cmax Platelets_n Temp_cmax SaO2_cmin EtCO2_cmin
O2Sat_mean12 Magnesium_n NEWS_max12 WBC_dprev SBP_cmean Potassium_last
Temp_max12 Creatinine_dprev Hgb_cmax Temp_std12 Temp_min24 SIRS AST_age
HR_cmin Temp_dcmean WBC_cmin Temp_mean12 SF Phosphate_cmax O2Sat_cmin labs_n
Calcium_cmin MAP_cmin Glucose_cmin Temp_cmean HR_mean24 MAP_cmean SaF
Temp_max3 BUN_dprev Platelets_dprev Bilirubin_total_last Platelets_dfirst
Alkalinephos_last SBP_min12 SaO2_cmax Resp_mean6 AST_cmin Creatinine_cmax
Resp_n24 DBP_min6 Hct_cmin DBP_cmin MAP_min6 blood_age BUN_Cr labs_rate
MAP_cmax NEWS Resp_min12 Temp_cmin labs_kinds Resp_min24 vits_rate
Lactate_age MAP_min12 Calcium_dprev Glucose_n Temp_n24 MAP_max24 labs_n12
WBC_dfirst HR_rng24 HR_min24 Resp_mean3 pH_cmin Potassium_dfirst
TroponinI_cmin Resp_min6 SBP_min24 SBP_min6 Age Glucose_last Temp_std24 SOFA
Resp_std24 TroponinI_age Temp_d24 Resp_cmean Potassium_cmin Unit EtCO2_cmax
PTT_cmax SI_cmax fever_h Potassium_cmax
""".split()
VITALS_ONLY = """
row SBP_n Temp_cmax Resp_n Temp_max6 HR_cmax NEWS Temp_n Temp_mean12 SI_cmax
Temp_dcmean SBP_cmin O2Sat_cmin Resp_mean12 Temp_std24 DBP_cmin HR_max24
O2Sat_cmean NEWS_max24 Temp_min12 SBP_cmean MAP_max24 Temp_cmean DBP_max24
MAP_cmax SBP_max24 Temp_max12 Temp_std12 HR_rng12 Resp_cmax Resp_std24
O2Sat_mean12 Resp_mean3 Resp_min12 Resp_min3 Resp_max6 Resp_max24 SBP_std24
tachyp_h DBP_min3 MAP_std24 NEWS_max12 O2Sat_min12 Resp_n12 HR_std24 MAP_cmin
DBP_cmax HR_min12 Resp_rng24 HR_rng24 O2Sat_std24 DBP_std24 SBP_min12
SBP_rng24 Temp_min6 DBP_cmean HR_dcmean Resp_dfirst DBP_min12 MAP_min12
Temp_rng24 SI_d12 Temp_mean3 HR_dfirst Resp_rng12 MAP_mean12 HR_cmin HR_max6
Resp_mean6 Temp_dfirst hypot_h Age Temp_min24 Temp_n24 HR_mean12 ICULOS
Gender
""".split()

PLAIN = ("Age", "Gender", "HospAdmTime", "ICULOS")
# Columns whose name does not follow <series>_<statistic><hours>.
NAMED = {
    "row": (None, "rows"), "HospHours": ("hoursInHospital", "last"),
    "Unit": ("medicalUnit", "last"), "SF": ("spo2ToFio2", "last"),
    "SaF": ("sao2ToFio2", "last"), "BUN_Cr": ("bunToCreatinine", "last"),
    "NEWS": ("NEWS", "last"), "SIRS": ("SIRS", "last"),
    "SOFA": ("SOFA", "last"), "fever_h": ("fever", "sum"),
    "hypot_h": ("hypotension", "sum"), "tachyp_h": ("tachypnoea", "sum"),
    "labs_n": ("labs", "sum"), "labs_rate": ("labs", "mean"),
    "labs_kinds": ("labKinds", "last"), "vits_rate": ("vitals", "mean"),
    "blood_age": ("bloodTests", "hoursSince")}
SERIES = {"SI": "shockIndex", "vits": "vitals"}
WHOLE = {"last": "last", "age": "hoursSince", "n": "count", "cmin": "min",
         "cmax": "max", "cmean": "mean", "dcmean": "fromMean",
         "dfirst": "sinceFirst", "dprev": "step"}
WINDOW = {"min": "min", "max": "max", "mean": "mean", "std": "sd",
          "rng": "range", "n": "count", "d": "change"}


def spec(name):
    """The card's entry of a column."""
    if name in PLAIN:
        return {"name": name, "input": name, "encode": "number", "fill": None}
    if name in NAMED:
        of, take = NAMED[name]
        source = {} if of is None else {"of": of}
        return {"name": name, "encode": "history", **source, "take": take}
    series, what = name.rsplit("_", 1)
    entry = {"name": name, "encode": "history",
             "of": SERIES.get(series, series)}
    if what in WHOLE:
        return {**entry, "take": WHOLE[what]}
    word, hours = re.fullmatch(r"([a-z]+)(\d+)", what).groups()
    take = "sum" if series == "labs" else WINDOW[word]
    return {**entry, "take": take, "hours": int(hours)}
