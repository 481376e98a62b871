"""Each case of each method is measured with each seed."""

from pathlib import Path

from benchmarks.harness import processes
from benchmarks.harness.accuracy import ACCURACIES
from benchmarks.harness.corpora import Corpus
from benchmarks.harness.settings import STANFORD_GLOVE, Setting
from benchmarks.studies import variants, word_vectors
from glove_sklearn import GloVeVectorizer
from tests.benchmarks.runs import MEASURED


def test_every_seed_is_measured(monkeypatch, tmp_path):
    measured = []

    def measure(function, **arguments):
        measured.append(arguments)
        return {**dict.fromkeys(MEASURED, 1.0), **dict.fromkeys(ACCURACIES, arguments["seed"])}

    monkeypatch.setattr(processes, "in_own_process", measure)
    setting = Setting(Corpus(Path("text.txt"), {}), ("cbow", "ppmi-svd"), None, tmp_path)
    rows = list(word_vectors.rows(setting, {"cbow": [{"window_size": 5}], "ppmi-svd": [{}]}, (4, 6), n_jobs=1))
    assert [row.numbers["analogies_of_seeds"] for row in rows] == [[4, 6], [4, 6]]
    alike = {"text": "text.txt", "n_jobs": 1}
    assert measured == [
        {"method": method, "seed": seed, **alike, **case}
        for method, case in (("cbow", {"window_size": 5}), ("ppmi-svd", {}))
        for seed in (4, 6)
    ]


def test_quality_measures_the_defaults_and_the_settings_of_stanford_glove(rows):
    default, stanford = (
        row["numbers"]["model_parameters"]
        for row in rows
        if row["benchmark"] == "quality" and row["method"] == "glove-sklearn"
    )
    assert default == variants.model_parameters(GloVeVectorizer(4))
    assert {name: stanford[name] for name in STANFORD_GLOVE} == STANFORD_GLOVE


def test_epochs_measures_each_number_of_epochs_of_each_variant(rows):
    of_benchmark = [row for row in rows if row["benchmark"] == "epochs"]
    glove = [row for row in of_benchmark if row["method"] == "glove-sklearn"]
    expected = [(variant, n) for variant in ("init=random", "alpha=1") for n in (1, 2)]
    assert [(row["parameters"]["settings"], row["numbers"]["n_epochs"]) for row in glove] == expected
    # Of the other methods only the one that was named.
    assert [row["method"] for row in of_benchmark[len(glove) :]] == ["cbow"]
    assert {row["numbers"]["model_parameters"]["alpha"] for row in glove} == {GloVeVectorizer().alpha, 1}
