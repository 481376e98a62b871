"""Every benchmark runs on a tiny text, compares the methods that it should, and writes complete rows."""

import gzip
from importlib.util import find_spec

import pytest

from benchmarks.__main__ import BENCHMARKS, main
from tests.benchmarks.runs import MEASURED, OPTIONS

#: The methods of the rows of each benchmark; glove_sklearn once where nothing is said.
METHODS = {
    "count": ["glove-sklearn", "count-vectorizer"],
    "end-to-end": ["glove-sklearn", "skip-gram", "cbow", "tfidf-svd"],
    "transform": ["glove-sklearn", "count-vectorizer", "tfidf-svd"],
    "pretrained": [
        *["glove-sklearn"] * 5,
        "gensim-mean",
        "dict-numpy",
        *(["model2vec"] if find_spec("model2vec") else []),
    ],
    "threads": ["glove-sklearn"] * 2,
    "growth": ["glove-sklearn"] * 3,
    "quality": ["glove-sklearn", "glove-sklearn", "skip-gram", "skip-gram", "cbow", "cbow", "ppmi-svd"],
    "epochs": ["glove-sklearn"] * 4 + ["cbow"],
    "classify": (["tfidf-svd"] * 2 + ["glove-sklearn"] * 5 + ["skip-gram", "cbow", "tfidf", "ppmi-svd"]) * 2,
    "fine-tune": ["glove-sklearn"] * 7,
    "anchor": ["glove-sklearn"] * 3,
    "infer": ["glove-sklearn", "a-la-carte"] * 2,
    "stream": ["glove-sklearn"] * 4,
    "small": ["glove-sklearn", "tfidf-svd"],
    "load": ["glove-sklearn", "gensim"] * 2,
    "evaluate": ["glove-sklearn"] * 3 + ["gensim"],
    "uncertainty": ["glove-sklearn"] * 6,
    "distributed": ["glove-sklearn"] * 4,
}


def test_all_benchmarks_are_tested():
    assert set(OPTIONS) == set(BENCHMARKS)


@pytest.mark.parametrize("name", OPTIONS)
def test_rows_say_what_was_measured(rows, name):
    of_benchmark = [row for row in rows if row["benchmark"] == name]
    assert [row["method"] for row in of_benchmark] == METHODS.get(name, ["glove-sklearn"])
    for row in of_benchmark:
        assert set(row) == {
            "benchmark", "date", "machine", "versions", "corpus", "method", "parameters", "numbers"
        }  # fmt: skip
        assert {"processor", "cores", "memory", "instruction_set"} <= set(row["machine"])
        assert {"Python", "glove_sklearn", "numpy", "gensim"} <= set(row["versions"])
        assert set(row["corpus"]) == {"name", "n_documents", "n_tokens", "n_bytes"}
        assert row["parameters"]
        assert set(row["numbers"]) >= MEASURED
        assert all(row["numbers"][number] > 0 for number in MEASURED)


def test_corpus_is_the_file_compressed_or_not(rows, text, tmp_path):
    (tmp_path / "news.txt.gz").write_bytes(gzip.compress(text.read_bytes()))
    arguments = ["count", "--only", "count-vectorizer", "--output", str(tmp_path / "rows.jsonl")]
    # In a process of its own this time.
    (row,) = main([*arguments, "--corpus", str(tmp_path / "news.txt.gz")])
    assert row["corpus"] == rows[0]["corpus"]
    assert row["numbers"]["n_words"] == len(set(text.read_text(encoding="utf-8").split()))


def test_skip_leaves_methods_out(text, tmp_path):
    arguments = ["--skip", "glove-sklearn", "count-vectorizer", "--output", str(tmp_path / "rows.jsonl")]
    assert main(["count", "--corpus", str(text), *arguments]) == []


@pytest.mark.parametrize("name", [*BENCHMARKS, "report", "plots"])
def test_help_explains_each_option(name, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: python -m benchmarks {name}")
    options = [line for line in shown.splitlines() if line.startswith("  --")]
    assert options
    # Where the option is too long for one line, its help is on the next.
    assert all("  " in line.strip() or len(line) > 22 for line in options)
