"""The evaluation protocol: held-out test, cross-fitting, leave-one-site-out.

Rows: the cohort is split once by hash of the subject ID within each hospital,
80 % development, 20 % test. Method and settings were chosen on development
rows; the served file is fitted on development rows only.
"""
import numpy as np

import conformal
import evaluate as ev
import published
from cohort import digest, folds_of
from model import GENES, Model, inr_slope_within_sites, mask

FOLDS = 10
PUBLISHED = "IWPC 2009 pharmacogenetic equation"


def maker(other_targets, genetic=True):
    """fit(train): the whole procedure, target-INR slope included."""
    def make(train):
        sites = {r["site"] for r in train}
        others = [r for r in other_targets if r["site"] in sites]
        slope, _ = inr_slope_within_sites(train, others)
        return Model(genetic=genetic, inr_slope=slope).fit(train)
    return make


def doses(rows):
    return np.array([r["dose"] for r in rows])


def sites_of(rows):
    return [r["site"] for r in rows]


def square(margins):
    return np.clip(margins, 0, None) ** 2


def refit_published_form(train, test):
    """OLS refit of the published form: the fair comparator off its sites."""
    fills = {n: published.fill_means(train, n)["", ""]
             for n in ("heightCm", "weightKg")}

    def design(rows):
        return np.array([[1, r["age"] // 10]
                         + [fills[n] if r[n] is None else r[n]
                            for n in ("heightCm", "weightKg")]
                         + [r["race"] == v for v in
                            ("ASIAN", "BLACK", "UNKNOWN")]
                         + [r["vkorc1"] == v for v in ("A/A", "A/G", None)]
                         + [r["cyp2c9"] == v for v in (
                             "*1/*2", "*1/*3", "*2/*2", "*2/*3", "*3/*3",
                             None)]
                         + [r["enzymeInducer"] or 0, r["amiodarone"] or 0]
                         for r in rows], float)
    D = design(train)
    b = np.linalg.solve(D.T @ D + 1e-6 * np.eye(D.shape[1]),
                        D.T @ np.sqrt(doses(train)))
    return square(design(test) @ b)


def test_block(model, interval, dev, test):
    """The one look at the test rows."""
    y, margins = doses(test), model.margin(test)
    guess = square(margins)
    theirs = published.predict(test, dev)
    hit = conformal.covered(test, y, margins, interval)
    plain = conformal.covered(test, y, margins, interval, by_race=False)
    low, high = conformal.bounds(test, margins, interval)
    hidden = []
    for g in interval["groups"]:
        gone = mask(test, [n for n in GENES if n not in g["known"]])
        pick = [all(r[k] for k in g["known"]) for r in gone]
        rows = [r for r, p in zip(gone, pick) if p]
        m, t = model.margin(rows), doses(rows)
        hidden.append({"group": g["name"], "n": len(rows),
                       "mae": ev.interval(abs(square(m) - t)),
                       "coverage": ev.wilson(
                           conformal.covered(rows, t, m, interval))})
    return {"evaluatedOn": "held-out 20 % of the IWPC cohort rows at hand, by "
            "hash of the subject ID within each hospital; scored once",
            "n": len(test), **ev.basics(y, guess), "coverage": ev.wilson(hit),
            "coverageWithoutByRace": ev.wilson(plain),
            "intervalWidth": {"median": ev.number(np.median(high - low), 2)},
            "published": ev.against(y, guess, theirs, PUBLISHED,
                                    sites_of(test)),
            "doseGroups": ev.dose_groups(y, guess, theirs),
            "withGenotypesHidden": hidden}


def cross_intervals(rows, folds, margins, table, races):
    """Hit or miss per row, with ends from the other folds' residuals."""
    y, folds = doses(rows), np.array(folds)
    hit = np.zeros(len(rows), bool)
    for k in sorted(set(folds.tolist())):
        interval = conformal.interval_from(table, rows, races, folds != k)
        pick = folds == k
        block = [r for r, p in zip(rows, pick) if p]
        hit[pick] = conformal.covered(block, y[pick], margins[pick], interval)
    return hit


def crossfit(rows, others, races):
    """Ten-fold over the whole cohort: overall figures and subgroups."""
    y, folds = doses(rows), folds_of(rows, FOLDS, "crossfit")
    make, plain = maker(others), maker(others, genetic=False)
    margins = conformal.out_of_fold(rows, folds, make)
    guess = square(margins)
    raceless = square(conformal.out_of_fold(rows, folds, make, ["race"]))
    clinical = square(conformal.out_of_fold(rows, folds, plain))
    theirs = published.predict(rows, rows)
    table = conformal.residual_table(rows, folds, make)
    hit = cross_intervals(rows, folds, margins, table, races)
    overall = {"evaluatedOn": "all cohort rows at hand, 10-fold cross-fitted "
               "by the same procedure (each row scored by a model that never "
               "saw it)", "n": len(rows), **ev.basics(y, guess),
               "coverage": ev.wilson(hit),
               "published": ev.against(y, guess, theirs, PUBLISHED,
                                       sites_of(rows)),
               "clinicalOnly": ev.against(
                   y, guess, clinical, "same procedure without genotype",
                   sites_of(rows)),
               "withoutRace": ev.without_race(rows, y, guess, raceless),
               "doseGroups": ev.dose_groups(y, guess, theirs)}
    return overall, ev.subgroups(rows, y, guess, clinical, hit, theirs)


def leave_one_site_out(rows, others, interval):
    """Each hospital scored by a model from the other hospitals."""
    y, sites = doses(rows), sites_of(rows)
    margins = conformal.out_of_fold(rows, sites, maker(others))
    guess = square(margins)
    refit = np.zeros(len(rows))
    for s in sorted(set(sites)):
        pick = np.array([q == s for q in sites])
        refit[pick] = refit_published_form(
            [r for r, p in zip(rows, pick) if not p],
            [r for r, p in zip(rows, pick) if p])
    theirs, per_site = published.predict(rows, rows), []
    hit = conformal.covered(rows, y, margins, interval)
    for s in sorted(set(sites), key=int):
        pick = np.array([q == s for q in sites])
        per_site.append({
            "site": s, "n": int(pick.sum()),
            "mae": ev.interval(abs(guess - y)[pick]),
            "bias": ev.number((guess - y)[pick].mean(), 2),
            "publishedMae": ev.number(abs(theirs - y)[pick].mean(), 4),
            "refitMae": ev.number(abs(refit - y)[pick].mean(), 4),
            "coverage": ev.number(hit[pick].mean(), 4)})
    return {"n": len(rows), **ev.basics(y, guess), "coverage": ev.wilson(hit),
            "refitOfPublishedForm": ev.against(
                y, guess, refit, "published form refitted without the site",
                sites),
            "published": ev.against(
                y, guess, theirs, PUBLISHED + " (its authors had all sites)",
                sites),
            "perSite": per_site}


def learning_curve(dev, others, folds):
    """Cross-validated MAE by training size; which says what refitting buys."""
    y, folds = doses(dev), np.array(folds)
    make, out = maker(others), []
    for share in (0.25, 0.5, 0.75, 1.0):
        guess = np.zeros(len(dev))
        for k in sorted(set(folds.tolist())):
            train = sorted((r for r, f in zip(dev, folds) if f != k),
                           key=lambda r: digest("curve|" + r["id"]))
            train = train[:round(share * len(train))]
            guess[folds == k] = make(train).dose(
                [r for r, f in zip(dev, folds) if f == k])
        out.append({"trainingRows": len(train), "mae": ev.number(
            abs(guess - y).mean())})
    return out


def development(dev, folds, others):
    """Cross-validation inside the development rows: what choices rest on."""
    y = doses(dev)
    guess = square(conformal.out_of_fold(dev, folds, maker(others)))
    site = square(conformal.out_of_fold(
        dev, sites_of(dev), maker(others)))
    theirs = published.predict(dev, dev)
    return {"n": len(dev), **ev.basics(y, guess),
            "published": ev.against(y, guess, theirs, PUBLISHED,
                                    sites_of(dev)),
            "leaveOneSiteOutMae": ev.interval(abs(site - y))}
