"""Numbers of several seeds in one row."""

import pytest

from benchmarks.studies.seeds import summarise


def test_summary_of_seeds():
    of_seeds = [
        {"cpu_seconds": 1.0, "wall_seconds": 4.0, "peak_memory": 7, "a": 10.0, "b": None, "n_words": 3},
        {"cpu_seconds": 3.0, "wall_seconds": 4.0, "peak_memory": 5, "a": 14.0, "b": 1.0, "n_words": 3},
    ]
    assert summarise(of_seeds, ("a", "b")) == {
        "cpu_seconds": 2, "cpu_seconds_of_seeds": [1, 3], "wall_seconds": 4, "peak_memory": 7, "n_words": 3, "n_seeds": 2,
        "a": 12, "a_sd": pytest.approx(8**0.5), "a_of_seeds": [10, 14],
        "b": None, "b_sd": None, "b_of_seeds": [None, 1],
    }  # fmt: skip
    assert summarise(of_seeds[:1], ("a",))["a_sd"] is None


def test_rows_say_what_every_seed_gave(rows):
    for name, number in (("quality", "analogies"), ("classify", "accuracy")):
        for row in rows:
            if row["benchmark"] == name:
                assert row["numbers"]["n_seeds"] == len(row["parameters"]["seeds"])
                assert len(row["numbers"][f"{number}_of_seeds"]) == row["numbers"]["n_seeds"]
                # Nothing in TF-IDF depends on chance.
                assert row["numbers"]["n_seeds"] == (1 if row["method"] == "tfidf" else 2)
