"""What is said where the package cannot be built, and which compiler is chosen."""

import importlib.util
import os
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[1]


def module_of(path):
    """Import a file of the source tree, which is not where the tests of a wheel run."""
    if not path.exists():
        pytest.skip("the tests are not in a source tree")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def missing():
    return module_of(ROOT / "tools" / "prerequisites.py").missing


@pytest.fixture
def building(monkeypatch):
    """The command that builds, with a compiler that stands in for that of the system."""
    pytest.importorskip("Cython")
    Distribution = pytest.importorskip("setuptools").Distribution
    monkeypatch.chdir(ROOT)
    setup = module_of(ROOT / "setup.py")
    command = setup.BuildKernels(Distribution())
    command.include_dirs = [sysconfig.get_path("include")]
    command.extensions = [SimpleNamespace(extra_compile_args=[])]
    monkeypatch.setattr(setup.build_ext, "build_extensions", lambda self: None)
    return command


class Unix:
    compiler_type = "unix"

    def __init__(self, name):
        self.compiler, self.compiler_so, self.linker_so = [name], [name, "-fPIC"], [name, "-shared"]

    def set_executables(self, **commands):
        self.__dict__.update(commands)


class Msvc:
    compiler_type = "msvc"

    def __init__(self, folder):
        self.folder = folder

    def initialize(self, platform):
        self.cc = str(self.folder / "VC/Tools/MSVC/14.44/bin/Hostx64/x64/cl.exe")


def program(folder, name):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(0o755)
    return str(folder / name)


def test_prerequisites_are_said_one_by_one(missing, monkeypatch, tmp_path):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path))
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    sentences = missing()
    assert [sentence.split(":")[0] for sentence in sentences] == [
        "the modules venv and ensurepip of Python are missing",
        "Python.h is missing",
        "there is no C compiler",
    ]
    monkeypatch.setenv("CC", "tcc -O2")
    assert missing()[-1] == "there is no compiler CC=tcc"
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    (sentence,) = missing()
    assert sentence.startswith("Python 3.11 or newer is needed")


@pytest.mark.posix
def test_any_compiler_will_do_if_that_of_python_is_missing(building, monkeypatch, tmp_path):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.delenv("CFLAGS", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    building.compiler = Unix("x86_64-linux-gnu-gcc")
    with pytest.raises(SystemExit, match=r"there is no C compiler 'x86_64-linux-gnu-gcc'; install GCC or Clang"):
        building.build_extensions()
    clang = program(tmp_path, "clang")
    building.build_extensions()
    assert building.compiler.compiler_so == [clang, "-fPIC"]
    assert building.compiler.linker_so == [clang, "-shared"]
    assert building.extensions[0].extra_compile_args == ["-O3", "-ffp-contract=off", "-g0"]
    monkeypatch.setenv("CFLAGS", "-fsanitize=address -g")
    building.build_extensions()
    assert building.extensions[0].extra_compile_args == ["-O3", "-ffp-contract=off"]
    monkeypatch.setenv("CC", "x86_64-linux-gnu-gcc")
    building.compiler = Unix("x86_64-linux-gnu-gcc")
    with pytest.raises(SystemExit, match="there is no C compiler"):
        building.build_extensions()


@pytest.mark.posix
def test_msvc_is_replaced_by_the_clang_of_visual_studio_or_of_llvm(building, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path / "Program Files"))
    building.compiler, building.plat_name = Msvc(tmp_path), "win-amd64"
    with pytest.raises(SystemExit, match=r"MSVC lacks .* \(winget install LLVM\.LLVM"):
        building.build_extensions()
    for folder in ("VC/Tools/Llvm/x64/bin", "Program Files/LLVM/bin", "bin"):  # from the last choice to the first
        found = program(tmp_path / folder, "clang-cl")
        building.build_extensions()
        assert building.compiler.cc == found
    assert building.extensions[0].extra_compile_args == [
        "--target=x86_64-pc-windows-msvc",
        "/clang:-O3",
        "/clang:-ffp-contract=off",
    ]


@pytest.mark.posix
def test_missing_headers_are_said(building, tmp_path):
    building.compiler, building.include_dirs = Unix(program(tmp_path, "gcc")), [str(tmp_path)]
    with pytest.raises(SystemExit, match=r"Python\.h was not found; install the headers"):
        building.build_extensions()
    assert os.listdir(tmp_path) == ["gcc"]
