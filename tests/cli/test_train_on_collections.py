"""`glove-sklearn train` reads what Dask reads, on a cluster too, and gives the vectors of text files."""

import json
import shutil
from pathlib import Path

import pytest

from tests._distributed.conftest import cluster  # noqa: F401
from tests.cli.runs import DOCUMENTS, assert_vectors, expected

pytest.importorskip("dask.dataframe")


@pytest.fixture
def corpus(train):
    """Write the corpus in all formats, in two files each."""
    half = len(DOCUMENTS) // 2
    for i, some in enumerate((DOCUMENTS[:half], DOCUMENTS[half:])):
        Path(f"{i}.txt").write_text("\n".join(some) + "\n")
        Path(f"{i}.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in some))
        pandas = pytest.importorskip("pandas")
        pandas.DataFrame({"text": some}).to_parquet(f"{i}.parquet")
        pandas.DataFrame({"label": 1, "text": some}).to_csv(f"{i}.csv", index=False)


@pytest.mark.parametrize("pattern", ["[01].txt", "*.jsonl", "*.parquet", "*.csv"])
def test_a_cluster_counts_files(train, corpus, cluster, pattern):  # noqa: F811
    column = [] if pattern.endswith(".txt") else ["--text-column", "text"]
    train(str(Path(pattern).absolute()), "-o", "v.txt", "--scheduler", cluster.scheduler_address, *column)
    assert_vectors("v.txt", expected())


def test_a_column_is_read_without_a_cluster(train, corpus):
    train("0.parquet", "1.parquet", "-o", "v.txt", "--text-column", "text", "--save-cooccurrence", "x.bin")
    assert_vectors("v.txt", expected())
    train("0.txt", "1.txt", "-o", "w.txt", "--save-cooccurrence", "y.bin")
    assert Path("x.bin").read_bytes() == Path("y.bin").read_bytes()


@pytest.mark.filterwarnings("always:.*is read as text:UserWarning")
def test_a_table_that_is_read_as_text_is_reported(run, corpus):
    status, _, errors = run("train", "0.csv", "-o", "v.txt", "--n-components", "4")
    assert status == 0
    assert "warning: 0.csv is read as text" in errors
    status, _, errors = run("train", "0.csv", "--text-column", "text", "-o", "v.txt", "--n-components", "4")
    assert (status, "warning" in errors) == (0, False)


def test_urls_are_read(train, corpus, tmp_path):
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    for name in ("0.txt", "1.txt"):
        system.pipe(f"/of-train/{name}", Path(name).read_bytes())
    train("memory://of-train/*.txt", "-o", "v.txt")
    assert_vectors("v.txt", expected())
    system.rm("/of-train", recursive=True)


def test_counts_of_a_cluster_are_written(train, corpus, cluster):  # noqa: F811
    folder = Path.cwd()
    (folder / "texts").mkdir()
    for name in ("0.txt", "1.txt"):
        shutil.copy(name, folder / "texts")
    train(
        folder / "texts", "--scheduler", cluster.scheduler_address, "--save-vocabulary", "a", "--save-cooccurrence", "x"
    )
    train(folder / "texts", "--save-vocabulary", "b", "--save-cooccurrence", "y")
    assert Path("a").read_bytes() == Path("b").read_bytes()
    assert Path("x").read_bytes() == Path("y").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-", "--text-column", "text"], "- is standard input"),
        (["0.txt", "--scheduler", "tcp://127.0.0.1:9"], "--scheduler tcp://127.0.0.1:9 cannot be reached"),
        (["0.parquet", "--text-column", "body"], "there is no column 'body'"),
        (["0.txt", "--text-column", "text"], "text files need no column"),
        (["none.parquet", "--text-column", "text"], "there is no such file"),
    ],
)
def test_errors_say_what_is_wrong(run, train, corpus, arguments, message, monkeypatch):
    monkeypatch.setattr("glove_sklearn.cli.train._PATIENCE", 0.5)
    status, _, errors = run("train", *arguments, "-o", "v.txt", "--quiet")
    assert status != 0
    assert message in errors
    assert "Traceback" not in errors
