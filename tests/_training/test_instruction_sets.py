"""The choice of an instruction set, and the same bits from each: on this machine, on others, and by other compilers."""

import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import glove_sklearn
from glove_sklearn._training import _instruction_sets

PROGRAM = Path(__file__).parent / "lanes.c"
SOURCES = Path(glove_sklearn.__file__).parents[1]
OPTIONS = ("-O2", "-ffp-contract=off", "-w", f"-I{SOURCES}")

#: What zig calls a platform, and the program that runs its programs here.
EMULATORS = {
    "x86_64-windows-gnu": "wine64",
    "aarch64-linux-musl": "qemu-aarch64-static",
    "riscv64-linux-musl": "qemu-riscv64-static",
    "powerpc64le-linux-musl": "qemu-ppc64le-static",
    "arm-linux-musleabihf": "qemu-arm-static",
}


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """What the program prints when it is compiled by GCC or Clang for this machine."""
    compiler = shutil.which("gcc") or shutil.which("clang")
    if compiler is None or not (SOURCES / "glove_sklearn" / "_training" / "_simd.h").exists():
        pytest.skip("no compiler, or no sources beside the package")
    program = tmp_path_factory.mktemp("lanes") / "lanes"
    compile_by(compiler, program)
    return lines_of(program)


def compile_by(*compiler_and_program, options=()):
    *compiler, program = compiler_and_program
    subprocess.run([*compiler, *OPTIONS, *options, "-o", program, PROGRAM], check=True, capture_output=True)


def lines_of(*command):
    environment = {**os.environ, "WINEDEBUG": "-all", "WINEDLLOVERRIDES": "mscoree=;mshtml="}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout
    return run.stdout.splitlines()


def test_every_instruction_set_computes_the_same_bits(expected):
    """The loop of AVX-512 compiled for AVX2, too: machines that have no AVX-512 test all of it but the instructions."""
    assert len(expected) == 8
    assert expected[-1] == f"instruction sets: {len(_instruction_sets.instruction_sets())}"


@pytest.mark.long
def test_other_compilers_compute_the_same_bits_and_find_the_same_instruction_sets(expected, tmp_path):
    for name in filter(shutil.which, ("gcc", "clang")):
        compile_by(name, tmp_path / "lanes", options=("-O3",))
        assert lines_of(tmp_path / "lanes") == expected


@pytest.mark.cross
@pytest.mark.parametrize("target", EMULATORS)
def test_other_systems_compute_the_same_bits(target, expected, tmp_path):
    emulator = shutil.which(EMULATORS[target]) or shutil.which(EMULATORS[target], path="/usr/lib/wine")
    if emulator is None or importlib.util.find_spec("ziglang") is None:
        pytest.skip(f"needs ziglang and {EMULATORS[target]}")
    compile_by(sys.executable, "-m", "ziglang", "cc", "-target", target, tmp_path / "lanes.exe")
    lines = lines_of(emulator, tmp_path / "lanes.exe")
    assert lines[:-1] == expected[:-1]
    if target.startswith("x86_64"):
        assert lines == expected


@pytest.mark.cross
@pytest.mark.parametrize("target", ["aarch64-macos", "x86_64-macos", "aarch64-windows-gnu"])
def test_programs_for_systems_without_an_emulator_link(target, tmp_path):
    pytest.importorskip("ziglang")
    compile_by(sys.executable, "-m", "ziglang", "cc", "-target", target, tmp_path / "lanes")


@pytest.mark.cross
@pytest.mark.parametrize(("processor", "n_sets"), [("Nehalem", 1), ("max,-avx2", 1), ("max,-xsave", 1), ("Haswell", 2)])
def test_a_processor_gets_the_instruction_sets_that_it_has(processor, n_sets, expected, tmp_path):
    emulator = shutil.which("qemu-x86_64-static")
    if emulator is None:
        pytest.skip("needs qemu-x86_64-static")
    compile_by("gcc", tmp_path / "lanes", options=("-static",))
    assert lines_of(emulator, "-cpu", processor, tmp_path / "lanes") == [*expected[:-1], f"instruction sets: {n_sets}"]


def test_the_instruction_set_in_use_is_the_widest_that_this_machine_has():
    """As NumPy tells, by code of its own: a wheel built without the other sets, or unable to find them, fails here."""
    core = "numpy._core" if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else "numpy.core"
    features = importlib.import_module(f"{core}._multiarray_umath").__cpu_features__
    widest = "baseline"
    if features.get("AVX2"):
        widest = "avx512" if all(features[f"AVX512{part}"] for part in ("F", "DQ", "BW", "VL")) else "avx2"
    assert _instruction_sets.instruction_sets()[-1] == widest
    if not os.environ.get("GLOVE_SKLEARN_SIMD"):
        assert _instruction_sets.instruction_set() == widest


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


@pytest.mark.cross
def test_big_endian_processors_are_refused_in_one_sentence(tmp_path):
    pytest.importorskip("ziglang")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        compile_by(sys.executable, "-m", "ziglang", "cc", "-target", "s390x-linux-musl", tmp_path / "lanes")
    assert b"glove_sklearn needs a little-endian processor" in caught.value.stderr
