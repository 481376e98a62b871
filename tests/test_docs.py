"""What the README shows is what happens."""

import inspect
import re
from pathlib import Path

import numpy as np
import pytest

from glove_sklearn import GloVe, GloVeVectorizer

README = Path(__file__).resolve().parents[1] / "README.md"


@pytest.fixture(scope="module")
def readme():
    if not README.exists():
        pytest.skip("README.md is not next to the tests")
    return README.read_text(encoding="utf-8")


def test_code_runs(readme, tmp_path, monkeypatch):
    pytest.importorskip("gensim")
    monkeypatch.chdir(tmp_path)
    namespace = {}
    blocks = re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)
    assert len(blocks) == 5
    for block in blocks:
        exec(block, namespace)
    assert namespace["vectors"].most_similar("australia")[0][1] > 0
    assert namespace["features"].shape == (1, 50)
    assert (tmp_path / "cache").is_dir()
    labels = namespace["labels"]
    assert namespace["vectorizer"].n_iter_ == 15
    assert namespace["search"].best_score_ > 1.1 * max(np.mean(labels), 1 - np.mean(labels))


def test_quickstart_is_short(readme):
    quickstart = re.search(r"```python\n(.*?)```", readme, flags=re.DOTALL)[1]
    assert len(quickstart.splitlines()) <= 10


def test_table_of_names_has_the_defaults(readme):
    parameters = inspect.signature(GloVeVectorizer).parameters
    rows = re.findall(r"^\| `(\w+)(?:=\"\w+\")?` \|.*\| ([^|]+) \|$", readme, flags=re.MULTILINE)
    shown = {name: default for name, default in rows if name in parameters and default.strip()}
    assert len(shown) >= 12
    for name, default in shown.items():
        value = parameters[name].default
        expected = f"{value:g}" if isinstance(value, float) else str(value)
        assert default.split()[0] == expected, name


def test_parameters_are_all_in_the_docstring():
    for estimator in (GloVe, GloVeVectorizer):
        for name in inspect.signature(estimator).parameters:
            assert re.search(rf"^(\w+, )?{name}(, \w+)? : ", inspect.getdoc(estimator), flags=re.MULTILINE), name
