"""`train --save-uncertainty` and `neighbors --uncertainty`."""

import numpy as np
import pytest

from glove_sklearn.cli.main import main
from glove_sklearn.uncertainty import WordUncertainty
from tests.cli.runs import DOCUMENTS, FAST, expected


@pytest.fixture(params=[0, 2])
def saved(train, request):
    """With one context vector of each word, and with three."""
    train("corpus.txt", "-o", "vectors.txt", "--save-uncertainty", "run.npz", "--near-size", request.param)


@pytest.mark.parametrize(
    ("options", "parameters"),
    [
        ([], {}),
        (["--combine", "concat"], {"combine": "concat"}),
        (["--memory-limit", "20MB"], {}),
        (["--sample", "0.01"], {"sample": 0.01}),
        (["--near-size", "1", "--sample", "0.01"], {"near_size": 1, "sample": 0.01}),
        (["--near-size", "1", "--combine", "concat"], {"near_size": 1, "combine": "concat"}),
    ],
)
def test_file_is_that_of_the_estimator(train, options, parameters):
    train("corpus.txt", "--save-uncertainty", "run.npz", *options)
    of_estimator = WordUncertainty.from_estimator(expected(warm_start=True, **parameters), DOCUMENTS)
    of_file = WordUncertainty.load("run.npz")
    assert of_file.terms == of_estimator.terms
    np.testing.assert_array_equal(of_file.vectors, of_estimator.vectors)
    for word in of_file.terms:
        np.testing.assert_array_equal(of_file.covariance(word), of_estimator.covariance(word))


def test_neighbors_have_intervals(saved, run):
    status, output, _ = run(
        "neighbors", "vectors.txt", "cat", "dog", "-n", 3, "--uncertainty", "run.npz", "--level", 0.9
    )
    assert status == 0
    uncertainty = WordUncertainty.load("run.npz")
    tables = [str(uncertainty.neighbors(word, 3, level=0.9, random_state=0)) for word in ("cat", "dog")]
    assert output == "\n".join(tables) + "\n"
    assert "90% interval" in output


def test_files_of_other_runs_are_refused(saved, train, run):
    train("corpus.txt", "-o", "other.txt", "--random-state", 1)
    status, _, errors = run("neighbors", "other.txt", "cat", "--uncertainty", "run.npz")
    assert status == 2
    assert "run.npz belongs to other vectors than other.txt" in errors
    status, _, errors = run("neighbors", "vectors.txt", "treee", "--uncertainty", "run.npz")
    assert status == 2
    assert "vectors.txt has no vector for 'treee'; perhaps: tree" in errors


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--combine", "context"], "--combine context has no word vectors"),
        (["--init", "vectors.txt", "--anchor", "1"], "which --anchor pulls away from"),
    ],
)
def test_models_without_estimates_are_refused(saved, run, options, message):
    status, _, errors = run("train", *FAST, "corpus.txt", "--save-uncertainty", "other.npz", *options)
    assert status == 2
    assert message in errors


def test_failed_run_leaves_no_file(train, tmp_path, capsys):
    assert main(["train", *FAST, "--learning-rate", "1e9", "corpus.txt", "--save-uncertainty", "run.npz", "-q"]) == 2
    assert "--learning-rate" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["corpus.txt"]
