"""Rows are printed, kept in a file, and read again."""

import json

from benchmarks.harness.results import Results, Row, read


def test_of_rows_that_measured_the_same_the_last_counts(output, tmp_path):
    old = output.read_text(encoding="utf-8").splitlines()[0]
    new = json.loads(old)
    new["date"], new["numbers"]["cpu_seconds"] = "2999-01-01T00:00:00+00:00", 123.0
    other = json.loads(old)
    other["parameters"]["n_jobs"] = 64
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join([old, json.dumps(new), json.dumps(other)]), encoding="utf-8")
    assert read(path) == [new, other]


def test_rows_are_printed_below_a_heading_that_covers_them(tmp_path, capsys):
    results = Results("count", {"corpus": {"name": "news"}}, tmp_path / "rows.jsonl")
    for row in (
        Row("glove-sklearn", {"n_jobs": 1}, {"cpu_seconds": 1.0, "n_words": 7}),
        Row("cbow", {}, {"cpu_seconds": 3.0}),
        Row("cbow", {"window_size": 5}, {"cpu_seconds": 2.0}, {"name": "posts"}),
    ):
        results.add(row)
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        ["method", "threads", "words", "CPU", "s"],
        ["glove_sklearn", "1", "7", "1.00"],
        ["Word2Vec", "CBOW", "3.00"],
        ["method", "window", "threads", "words", "CPU", "s"],
        ["Word2Vec", "CBOW", "5", "2.00"],
    ]
    assert [row["corpus"]["name"] for row in results.rows] == ["news", "news", "posts"]
    written = (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in written] == results.rows
