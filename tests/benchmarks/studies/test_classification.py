"""Classification of 20 Newsgroups: what is removed, what is compared, and accuracy."""

import numpy as np
import pytest

from benchmarks.harness import processes
from benchmarks.harness.settings import Setting
from benchmarks.studies import classification
from tests.benchmarks.runs import MEASURED


@pytest.fixture(autouse=True)
def two_values_of_c(monkeypatch):
    monkeypatch.setattr(classification, "CS", (1.0, 10.0))


def classified(function, *, method, remove, seed, n_components=0, settings="", **_):
    """What `classify` would measure: numbers that show what they are of."""
    return {
        **dict.fromkeys(MEASURED, n_components * (2.0 if method == "glove-sklearn" else 1.0)),
        **dict.fromkeys(("n_words", "n_features"), 7),
        "corpus": {"name": f"removed {len(remove)}"},
        "accuracy": 10 * seed + len(remove),
        "accuracy_chosen": 50,
        "n_iter": 100 if seed == 6 else 3,
        "converged": seed != 6,
        "C": seed,
    }


def test_rows_are_those_of_all_seeds(monkeypatch, tmp_path):
    monkeypatch.setattr(processes, "in_own_process", classified)
    setting = Setting(None, ("tfidf-svd", "glove-sklearn", "tfidf"), None, tmp_path)
    options = {"variants": ["alpha=1"], "seeds": (4, 6, 5), "n_components": 10, "svd_components": (30, 10)}
    rows = list(classification.run(setting, **options))
    assert [row.method for row in rows] == ["tfidf-svd", "tfidf-svd", "glove-sklearn", "tfidf"] * 2
    assert [row.corpus["name"] for row in rows] == ["removed 0"] * 4 + ["removed 3"] * 4
    for row in rows:
        removed = int(row.corpus["name"][-1])
        seeds = [4] if row.method == "tfidf" else [4, 6, 5]
        assert row.parameters["seeds"] == seeds
        assert row.numbers["accuracy_of_seeds"] == [10 * seed + removed for seed in seeds]
        assert row.numbers["n_iter"] == (3 if row.method == "tfidf" else 100)
        assert row.numbers["converged"] == (row.method == "tfidf")
        assert row.numbers["C"] == ("4" if row.method == "tfidf" else "4, 5, 6")
    # The reference has as many components as the vectors.
    assert [row.numbers["ratio_to_svd"] for row in rows[:3]] == [3, 1, 2]


def test_accuracy_is_that_of_the_posts_of_the_test():
    y = np.arange(90) % 3
    known = np.eye(3)[y]
    assert classification.accuracies(known, y, known[:30], y[:30])["accuracy_chosen"] == 100
    found = classification.accuracies(known, y, np.eye(3)[[0] * 30], y[:30])
    assert found["accuracy"] == found["accuracy_chosen"] == pytest.approx(100 / 3)


def test_what_is_removed_is_not_seen(newsgroups):
    # Only the header says on what subject a post is.
    with_header, without = (
        classification.classify("tfidf", remove, str(newsgroups), None, 0, 1)["accuracy_chosen"]
        for remove in ([], ["headers", "footers", "quotes"])
    )
    assert with_header > 90
    assert without < 80
    few = classification.classify("tfidf", [], str(newsgroups), 10, 0, 1)
    assert few["corpus"]["n_documents"] == 10


def test_subjects_are_those_of_posts():
    post = "From: someone\nSubject: Re: RE: tame zebras\nLines: 1\n\nSubject: aardvarks\n"
    assert classification.subject(post) == "tame zebras"
    assert classification.subject("From: someone\n\nNothing.\n") == ""


def test_posts_may_be_their_subjects_alone(newsgroups):
    options = {"data_home": str(newsgroups), "n_posts": None, "seed": 0, "n_jobs": 1}
    found = classification.classify("tfidf", remove=["all but subjects"], **options)
    # Each subject is thirty times the name of the class.
    assert (found["n_words"], found["accuracy"]) == (2, 100)
    assert found["corpus"]["name"] == "20 Newsgroups, subjects alone"
