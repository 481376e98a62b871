"""Functions and programs in processes of their own."""

import sys

import numpy as np
import pytest

from benchmarks.harness.measure import peak_memory
from benchmarks.harness.processes import in_own_process, run_program


def test_peak_memory_is_that_of_the_process_alone():
    here = np.ones(1 << 26, dtype=np.uint8)
    assert peak_memory() > len(here)
    assert in_own_process(peak_memory) < len(here)


def test_program_is_measured_and_its_messages_are_kept(tmp_path):
    program = "import sys; sys.stdout.write(sys.stdin.read().upper()); print('done', file=sys.stderr)"
    (tmp_path / "in.txt").write_text("text")
    done = run_program(
        [sys.executable, "-c", program], str(tmp_path), str(tmp_path / "in.txt"), str(tmp_path / "out.txt")
    )
    assert (tmp_path / "out.txt").read_text() == "TEXT"
    assert done.pop("messages") == "done\n"
    assert all(value > 0 for value in done.values())


def test_program_that_fails_is_an_error_with_its_message(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('no such file')"]
    with pytest.raises(RuntimeError, match="failed with exit status 1: no such file"):
        run_program(command, str(tmp_path), "/dev/null", "/dev/null")
