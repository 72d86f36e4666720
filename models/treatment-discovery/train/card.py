"""card.json of a model of discovery."""
# By question, the newest first.
VERSIONS = {
    "treatments": [{"version": "1.0.0", "date": "2026-11-28", "change": "First version."}],
    "targets": [
        {"version": "1.1.0", "date": "2026-11-29",
         "change": "Further columns: druggable categories, clinical evidence on variants of the gene, genes that cause forms of the "
                   "disease, and how much is known of the gene. Measured with a twentieth held out at a time, not a fifth."},
        {"version": "1.0.0", "date": "2026-11-28", "change": "First version."}]}
PATHS = "asinh(count / mean count)"
DEGREE = "log(1 + n)"
NONE = "Taken as none: no such path is known."

# Groups of columns that an explanation treats as one, each by what its forms begin or end with.
GROUPS = {
    "treatments": [
        ("like compounds", "Compounds of like structure", lambda n: n.startswith("alike ")),
        ("same targets", "Compounds with the same targets", lambda n: n.startswith("targets -targets ")),
        ("same expression", "Compounds that change the same genes", lambda n: n.startswith(("raises -raises ", "lowers -lowers "))),
        ("drug classes", "Compounds of the same classes", lambda n: n.split(" ")[0] in CLASSES),
        ("diseases it treats", "Diseases that it treats", lambda n: n.startswith("treats ")),
        ("diseases it eases", "Diseases that it eases", lambda n: n.startswith("palliates ")),
        ("genes of the disease", "Genes of the disease that it acts on", lambda n: n.startswith(ACTS) and n.endswith(("-associated", "kindOf"))),
        ("genes that change", "Genes that the disease changes", lambda n: n.startswith(ACTS) and n.endswith(("-raisedIn", "-loweredIn"))),
        ("how much is known", "How much is known of the two", lambda n: n in DEGREES),
        ("stated otherwise", "What the catalogue states", lambda n: n == "stated otherwise")],
    "targets": [
        ("diseases of the gene", "Diseases of the gene", lambda n: n.startswith("-associated ")),
        ("interactions", "Protein interactions", lambda n: n.startswith("interacts ")),
        ("pathways and functions", "Pathways and functions", lambda n: n.startswith(("pathway ", "go "))),
        ("regulation", "Regulation", lambda n: n.startswith(("regulates ", "-regulates "))),
        ("expression", "Expression in the disease", lambda n: n.startswith(("-raisedIn", "-loweredIn"))),
        ("clinical evidence", "Clinical evidence on variants of the gene", lambda n: n.startswith("-variantOf ") or n == "variants"),
        ("druggable categories", "Druggable categories", lambda n: n.startswith("category ")),
        ("rare forms", "Rare forms of the disease", lambda n: n.startswith("-mendelian")),
        ("drugs", "Drugs that act on it", lambda n: n.startswith(("-targets ", "-raises ", "-lowers "))),
        ("how much is known", "How much is known of the two", lambda n: n in DEGREES)]}
ACTS = ("targets ", "raises ", "lowers ")
CLASSES = ("application", "action", "established", "mechanism", "chemical", "physiologic")
DEGREES = ("diseases treated", "treatments", "diseases eased", "palliatives", "targets",
           "genes", "diseases", "compounds", "interactions", "pathways", "functions", "categories", "rare diseases")

SAID = {
    "treatments": {
        "title": "Compounds that may treat a disease",
        "summary": "How likely a compound is among the disease-modifying treatments of a disease, from the paths between "
                   "them in a network of compounds, genes and diseases.",
        "for": "Ranking compounds for research into new uses, with the paths that carry the rank.",
        "label": "Probability of being catalogued as a disease-modifying treatment",
        "outcome": "the pair stands in PharmacotherapyDB 1.0 as disease-modifying"},
    "targets": {
        "title": "Genes that may belong to a disease",
        "summary": "How likely a gene is among those associated with a disease, from the paths between them in a network "
                   "of genes, diseases and compounds.",
        "for": "Ranking genes for research into drug targets, with the paths that carry the rank.",
        "label": "Probability of being catalogued as associated with the disease",
        "outcome": "the pair stands in Hetionet 1.0 as associated (DISEASES, GWAS Catalog, DisGeNET)"}}

ATTRIBUTION = (
    "Hetionet 1.0: Himmelstein DS et al., eLife 2017;6:e26726, with its sources under CC0 1.0, CC BY 3.0 and 4.0, CC BY-SA "
    "3.0 and ODbL 1.0; PharmacotherapyDB 1.0, CC0 1.0; DrugCentral, CC BY 4.0 and CC BY-SA 4.0; DGIdb 3 and 4, its sources' "
    "licences; Gene Ontology, CC BY 4.0; CIViC, CC0 1.0 (targets); Gene2Phenotype and Orphanet. What ships is the model alone: no row of them.")


def inputs(said, columns):
    degrees = {d["name"]: d["label"] for d in said["degrees"]}
    stated = {s["name"]: s["label"] for s in said["stated"]}
    forms = {f["name"]: f["label"] for f in said["forms"]}
    out = []
    for name in columns:
        unit = None if name in stated else DEGREE if name in degrees else PATHS
        out.append({"name": name, "label": forms.get(name) or degrees.get(name) or stated[name],
                    "type": "number", "unit": unit, "min": 0, "max": 1 if name in stated else 60,
                    "required": False, "whenMissing": NONE})
    return out


def players(question, columns):
    out = []
    for name, label, belongs in GROUPS[question]:
        mine = [c for c in columns if belongs(c)]
        if mine:
            out.append({"name": name, "label": label, "inputs": mine, "modifiable": False})
    return out


def build(question, name, said, columns, digests, measured, recipe, counts, without):
    text = SAID[question]
    return {
        "name": name, "version": VERSIONS[question][0]["version"],
        "changeLog": VERSIONS[question],
        "title": text["title"] + (" (without drug classes)" if without else ""),
        "summary": text["summary"] + (" Classes of drugs, which all but state what a drug is for, are left out."
                                      if without else "") + " Gradient-boosted trees.",
        "intendedUse": text["for"],
        "notFor": ["choosing a treatment for a patient: nothing here is about a patient, and no rank is evidence of benefit",
                   "saying that a pair is ruled out: much that is true is not in the network"],
        "artifact": {"file": "model.onnx", "sha256": digests["model"], "opset": 17, "ir": 8, "input": "X",
                     "outputs": {"margin": "margin", "value": "value"}},
        "background": {"file": "background.csv", "sha256": digests["background"], "rows": 1, "synthetic": True,
                       "madeFrom": "no data: one row of a pair that nothing is known of, to which an explanation compares"},
        "output": {"label": text["label"], "unit": "probability", "marginUnit": "log-odds", "link": "logistic", "decimals": 6},
        "inputs": inputs(said, columns),
        "columns": [{"name": c, "input": c, "encode": "number", "fill": 0} for c in columns],
        "players": players(question, columns),
        "interval": None,
        "performance": measured,
        "subgroups": [],
        "trainedOn": {
            "data": "a knowledge release of the publishers' files, rows under share-alike licences included",
            "licence": "the sources' licences, see attribution", "attribution": ATTRIBUTION, "rows": counts["rows"],
            "positives": counts["positives"], "recipe": recipe,
            "inclusion": "every pair of a start and a disease of the network; where there are more than 400,000, a share of those "
                         "that are not known"},
        "limits": [
            "What is known of a compound, a gene or a disease decides much: the product of the two degrees alone ranks well "
            "(performance.priorOfDegrees). What is little studied ranks low whether or not it is true.",
            "A pair that is not catalogued counts as wrong in training and in the figures, though some are right: "
            "true precision is higher than the figures say, by how much the data cannot tell.",
            {"treatments": "Of a disease of which no treatment is known it ranks worse: performance.byDisease.",
             "targets": "Of a disease of which no gene is known it ranks no better than how many diseases a gene is "
                        "associated with: performance.byDisease. Do not use it there."}[question],
            "Trained on a network with share-alike sources. On a release without them it has fewer paths to go by."],
        "reporting": {"outcomeDefinition": text["outcome"][0].upper() + text["outcome"][1:] + ".",
                      "code": "models/treatment-discovery/train/ of Avicenna, Apache-2.0"},
        "trainedAt": None}
