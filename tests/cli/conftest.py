"""Fixtures of the tests of the program."""

from pathlib import Path

import pytest

from glove_sklearn.cli.main import main
from tests.cli.runs import DOCUMENTS, FAST


@pytest.fixture
def run(capsys, tmp_path, monkeypatch):
    """Run the program, in a folder of its own; its status, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def train(run):
    """Train in a folder with a corpus, without progress bars."""
    Path("corpus.txt").write_text("\n".join(DOCUMENTS) + "\n")

    def train(*arguments):
        status, output, errors = run("train", *FAST, "--quiet", *arguments)
        assert (status, output, errors) == (0, "", "")

    return train


@pytest.fixture
def vectors(train, tmp_path):
    train("corpus.txt", "-o", "vectors.txt")
    return tmp_path / "vectors.txt"
