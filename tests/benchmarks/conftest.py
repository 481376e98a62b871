"""Fixtures of the tests of the benchmarks: a tiny text, and the rows of all benchmarks on it.

The benchmarks are part of a clone and of the sdist, not of an installed package, and compare with gensim; they measure
by the `resource` module of POSIX. Without any of these, there is nothing to test.
"""

import codecs
import inspect
import json
import pickle
from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.utils import Bunch

from tests.benchmarks.runs import OPTIONS, in_this_process

if any(find_spec(name) is None for name in ("benchmarks", "gensim", "resource")):
    collect_ignore_glob = ["*"]


@pytest.fixture(scope="session")
def text(lee, tmp_path_factory):
    """200 news articles, the first 50 tokens of each."""
    path = tmp_path_factory.mktemp("text") / "news.txt"
    path.write_text("".join(" ".join(document.lower().split()[:50]) + "\n" for document in lee[:200]), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def newsgroups(text, tmp_path_factory):
    """A folder in which scikit-learn finds 20 Newsgroups: posts on two subjects, every third of them for the test."""
    documents = text.read_text(encoding="utf-8").splitlines()
    posts = [
        f"Subject: {' '.join([('aardvarks', 'zebras')[n % 2]] * 30)}\n\n{document}\n"
        for n, document in enumerate(documents)
    ]
    cache = {
        subset: Bunch(
            data=[posts[n] for n in chosen],
            target=np.array([n % 2 for n in chosen]),
            filenames=np.array([str(n) for n in chosen]),
            target_names=["one", "two"],
        )
        for subset, chosen in (
            ("train", [n for n in range(len(posts)) if n % 3]),
            ("test", [*range(0, len(posts), 3)]),
        )
    }
    folder = tmp_path_factory.mktemp("data")
    (folder / "20news-bydate_py3.pkz").write_bytes(codecs.encode(pickle.dumps(cache), "zlib_codec"))
    return folder


@pytest.fixture(scope="session")
def tagged(text, tmp_path_factory):
    """The first words of the text, with tags that follow from their length."""
    path = tmp_path_factory.mktemp("tagged") / "tagged.txt"
    lines = text.read_text(encoding="utf-8").splitlines()[:20]
    path.write_text("".join(" ".join(f"{word}/T{len(word) % 2}" for word in line.split()) + "\n" for line in lines))
    return path


@pytest.fixture(scope="session")
def output(text, newsgroups, tagged, tmp_path_factory):
    """The file with the rows of all benchmarks."""
    from benchmarks.__main__ import main, module_of
    from benchmarks.harness import processes
    from benchmarks.studies import classification

    output = tmp_path_factory.mktemp("output") / "rows.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "in_own_process", in_this_process)
        patch.setattr(classification, "CS", (1.0, 10.0))
        for name, options in OPTIONS.items():
            data_home = ["--data-home", str(newsgroups)]
            files = data_home if "data_home" in inspect.signature(module_of(name).run).parameters else []
            if name == "quality":
                files = ["--tagged", str(tagged)]
            main([name, "--corpus", str(text), "--output", str(output), *options.split(), *files])
    return output


@pytest.fixture(scope="session")
def rows(output):
    """The rows of all benchmarks."""

    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    with open(output, encoding="utf-8") as file:
        return [json.loads(line, parse_constant=refuse) for line in file]
