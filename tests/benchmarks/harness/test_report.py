"""Tables are made of rows, printed, or written into a document."""

import re

from benchmarks.__main__ import main
from benchmarks.harness.report import run
from tests.benchmarks.runs import OPTIONS


def test_report_prints_and_writes_tables(output, tmp_path, capsys):
    document = tmp_path / "document.md"
    marks = "".join(f"<!-- begin {name} -->\nold\n<!-- end {name} -->\nin the midst\n" for name in OPTIONS)
    document.write_text(marks, encoding="utf-8")
    main(["report", "--input", str(output), "--write", str(document)])
    written = document.read_text(encoding="utf-8")
    assert "old" not in written
    assert written.count("in the midst") == len(OPTIONS)
    # Two of classification, with and without headers, footers and quotes.
    assert written.count("\n|---|") == len(OPTIONS) + 1

    main(["report", "--input", str(output), "--write", str(document)])
    assert document.read_text(encoding="utf-8") == written
    main(["report", "--input", str(output)])
    table = capsys.readouterr().out.partition("## epochs")[2].partition("## ")[0]
    assert re.search(r"^\| Word2Vec CBOW \|.*\| 1 \|", table, flags=re.MULTILINE)


def test_parameters_on_which_all_rows_agree_are_in_the_caption(capsys):
    about = {
        "benchmark": "count",
        "date": "2026-01-02T00:00:00+00:00",
        "machine": {"processor": "CPU", "cores": 2, "memory": 8e9, "instruction_set": "avx2"},
        "versions": {"Python": "3.11"},
        "corpus": {"name": "news", "n_documents": 3, "n_tokens": 70, "n_bytes": 400},
    }
    parameters = {"min_count": 5, "window_size": 15, "n_jobs": 1}
    rows = [
        {**about, "method": "glove-sklearn", "parameters": parameters, "numbers": {"cpu_seconds": 1}},
        {**about, "method": "glove-sklearn", "parameters": {**parameters, "n_jobs": 2}, "numbers": {"cpu_seconds": 2}},
        # Without min_count, which means nothing to it, and without window_size, of which there is a column.
        {**about, "method": "count-vectorizer", "parameters": {"n_jobs": 1}, "numbers": {"cpu_seconds": 3}},
    ]
    run(rows)
    assert capsys.readouterr().out.splitlines() == [
        "## count",
        "",
        "News: 3 documents, 70 tokens; `min_count=5`. CPU, 2 cores, 8 GB, avx2; Python 3.11; 2026-01-02.",
        "",
        "| method | window | threads | CPU s |",
        "|---|---|---|---|",
        "| glove_sklearn | 15 | 1 | 1.00 |",
        "| glove_sklearn | 15 | 2 | 2.00 |",
        "| CountVectorizer |  | 1 | 3.00 |",
        "",
    ]
    run(rows[:2])
    assert "`min_count=5`, `window_size=15`. CPU" in capsys.readouterr().out
