"""The programs of Stanford GloVe are run, and what they write is read."""

import pytest

from benchmarks.__main__ import main
from benchmarks.harness import processes
from tests.benchmarks.runs import MEASURED, in_this_process

#: Programs with the names and options of Stanford GloVe's, which do nothing of what those do.
STAND_INS = {
    "vocab_count": "cat > /dev/null; echo the 10; echo of 5",
    "cooccur": "cat > /dev/null; printf '%032d' 0",
    "shuffle": "cat",
    "glove": "echo 'iter: 001, cost: 0.250000' >&2; printf 'the 1 2\\nof 2 1\\n<unk> 1 1\\n' > vectors.txt",
}


@pytest.mark.parametrize(("name", "n_rows"), [("count", 2), ("train", 1), ("end-to-end", 1)])
def test_stanford_glove_is_run_and_its_output_read(name, n_rows, text, tmp_path, monkeypatch):
    own = processes.in_own_process

    def in_own_process_if_a_program(function, **arguments):
        # The memory of a program is that of the children of its process.
        return (own if function is processes.run_program else in_this_process)(function, **arguments)

    monkeypatch.setattr(processes, "in_own_process", in_own_process_if_a_program)
    (tmp_path / "build").mkdir()
    for program, script in STAND_INS.items():
        path = tmp_path / "build" / program
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
    options = ["--only", "stanford-glove", "--stanford-glove", str(tmp_path), "--output", str(tmp_path / "rows.jsonl")]
    if name != "count":
        options += ["--n-components", "2", "--max-iter", "1"]
    rows = main([name, "--corpus", str(text), *options])
    assert len(rows) == n_rows
    for row in rows:
        assert row["numbers"]["n_words"] == 2
        assert row["numbers"].get("n_entries", 2) == 2
        assert row["numbers"].get("half_loss", 0.25) == 0.25
        assert set(row["numbers"]) >= MEASURED
        # A shell is small; this process is not.
        assert row["numbers"]["peak_memory"] < 60e6


def test_folder_without_the_programs_is_refused(text, tmp_path):
    options = ["--only", "stanford-glove", "--stanford-glove", str(tmp_path), "--output", str(tmp_path / "rows.jsonl")]
    with pytest.raises(SystemExit, match="vocab_count, cooccur, shuffle, glove"):
        main(["count", "--corpus", str(text), *options])
