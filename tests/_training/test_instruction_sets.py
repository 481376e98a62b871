"""The choice of an instruction set, and the loops of the widest on machines that do not have it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import glove_sklearn
from glove_sklearn._training import _instruction_sets


def test_the_widest_vectors_compute_the_same_bits_on_any_machine(tmp_path):
    """The loop of AVX-512 compiled for AVX2: machines that have no AVX-512 test all of it but the instructions."""
    if "avx2" not in _instruction_sets.instruction_sets():
        pytest.skip("this machine has no AVX2")
    compiler = shutil.which("gcc")
    program, package = tmp_path / "lanes", Path(glove_sklearn.__file__).parent
    if compiler is None or not (package / "_training" / "_simd.h").exists():
        pytest.skip("no gcc, or no sources beside the package")
    options = ["-O2", "-ffp-contract=off", "-w", f"-I{package.parent}"]
    subprocess.run([compiler, *options, "-o", program, Path(__file__).parent / "lanes.c", "-lm"], check=True)
    run = subprocess.run([program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert run.stdout.count("same bits") == 7


def test_environment_variable_forces_an_instruction_set():
    program = "from glove_sklearn._training import _instruction_sets; print(_instruction_sets.instruction_set())"
    for name in _instruction_sets.instruction_sets():
        environment = {**os.environ, "GLOVE_SKLEARN_SIMD": name}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
        )
        assert run.stdout.strip() == name
    environment = {**os.environ, "GLOVE_SKLEARN_SIMD": "mmx"}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "GLOVE_SKLEARN_SIMD must be one of ['baseline'" in run.stderr
