"""The packages that a release consists of: the sdist builds, the wheel needs no compiler, and its kernels pass their tests."""

import os
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.distribution

#: The tests of each kernel. The rest of the package is Python, which does not depend on how it was built.
TESTS_OF_KERNELS = {
    "_system/_linear_algebra": ("_system/test_linear_algebra.py",),
    "_text/_term_table": ("_text/test_encoder.py",),
    "_text/_tokens": ("_text/test_tokens.py",),
    "_counting/_counting": ("_counting/test_row_counting.py", "test_counter.py"),
    "_training/_blocks": ("_training/test_blocks.py",),
    "_training/_instruction_sets": ("_training/test_instruction_sets.py",),
    "_training/_adagrad": ("_training/test_adagrad.py",),
    "_training/_pmi": ("_training/test_pmi.py",),
    "_training/_subsampling": ("_training/test_subsampling.py",),
    "_embedding/_pooling": ("_embedding/test_pooling.py",),
    "_variance/_variance": ("_variance/test_variance.py",),
    "_vector_files/_parser": ("_vector_files/test_parser.py",),
}

#: What these tests need, of everything that all tests need; the versions are those of pyproject.toml.
TOOLS = ("hypothesis>", "pytest>")

ROOT = Path(__file__).resolve().parents[1]


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    """The sdist, and the wheel that was built from it and not from the source tree."""
    if not (ROOT / "setup.py").exists():
        pytest.skip("the tests are not in a source tree")
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT)
    (sdist,) = folder.glob("*.tar.gz")
    (wheel,) = folder.glob("*.whl")
    return sdist, wheel


@pytest.fixture(scope="module")
def kernels():
    found = sorted(path.relative_to(ROOT) for path in ROOT.glob("glove_sklearn/*/*.pyx"))
    assert found
    return found


@pytest.fixture(scope="module")
def environment(distributions, tmp_path_factory):
    """A new environment with the wheel and what it depends on, in which nothing can be compiled: its Python and its variables."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    python = folder / "bin" / "python"
    variables = {**os.environ, "PATH": str(python.parent), "CC": "false"}
    install(python, variables, distributions[1])
    return python, variables


def install(python, variables, *requirements):
    options = ("--quiet", "--no-compile", "--only-binary", ":all:")
    run(sys.executable, "-m", "pip", "--python", python, "install", *options, *requirements, env=variables)


def test_every_kernel_has_tests(kernels):
    assert {str(path.with_suffix("").relative_to("glove_sklearn")) for path in kernels} == TESTS_OF_KERNELS.keys()


def test_sdist_holds_what_it_builds_from_and_nothing_generated(distributions):
    with tarfile.open(distributions[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in (
        "glove_sklearn/_text/_term_table.pyx",
        "glove_sklearn/_training/_simd_body.h",
        "glove_sklearn/_training/_records.h",
        "glove_sklearn/_training/_records.pxd",
        "glove_sklearn/_system/_bits.h",
        "glove_sklearn/_text/_term_table.pyi",
    ):
        assert name in names
    assert {"README.md", "LICENSE", "CHANGELOG.md", "glove_sklearn/py.typed", "examples/demo.py"} <= names
    assert not [
        name for name in names if name.endswith(".so") or (name.startswith("glove_sklearn/") and name.endswith(".c"))
    ]
    files = [path for path in (ROOT / "tests").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {str(path.relative_to(ROOT)) for path in files} <= names


def test_wheel_holds_the_page_of_interactive_maps(distributions):
    with zipfile.ZipFile(distributions[1]) as archive:
        assert "glove_sklearn/plotting/word_map_template.html" in archive.namelist()


def test_wheel_holds_stubs_and_no_sources_of_kernels(distributions, kernels):
    with zipfile.ZipFile(distributions[1]) as archive:
        names = archive.namelist()
    assert {str(kernel.with_suffix(".pyi")) for kernel in kernels} <= set(names)
    assert not [name for name in names if name.endswith((".pyx", ".pxd", ".h", ".c"))]


def test_wheel_is_small(distributions):
    assert distributions[1].stat().st_size < 2_000_000


def test_wheel_loads_without_a_compiler(environment, kernels, tmp_path):
    python, variables = environment
    modules = [".".join(kernel.with_suffix("").parts) for kernel in kernels]
    program = (
        f"import glove_sklearn, {', '.join(modules)};"
        "v = glove_sklearn.GloVeVectorizer(2, min_count=1, max_iter=1);"
        "print(v.fit_transform(['a b', 'b c']).shape, glove_sklearn.__file__)"
    )
    out = run(python, "-c", program, cwd=tmp_path, env=variables)
    assert out.startswith("(2, 2)")
    assert str(python.parents[1]) in out


def test_kernels_pass_their_tests_without_the_source_tree(distributions, environment, tmp_path):
    python, variables = environment
    with tarfile.open(distributions[0]) as archive:
        # Some versions of Python 3.11 have no filters; newer ones warn without one.
        archive.extractall(tmp_path, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    (tree,) = tmp_path.glob("glove_sklearn-*")
    # Only the tests remain, so that what they import is what was installed.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tree / "tests").rename(elsewhere / "tests")
    (tree / "pyproject.toml").rename(elsewhere / "pyproject.toml")
    project = tomllib.loads((elsewhere / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tools = [tool for tool in project["optional-dependencies"]["test"] if tool.startswith(TOOLS)]
    assert len(tools) == len(TOOLS)
    install(python, variables, *tools)
    files = [f"tests/{name}" for names in TESTS_OF_KERNELS.values() for name in names]
    # Some of them compile C themselves, so here the compiler is found.
    out = run(python, "-m", "pytest", "-q", "-m", "not slow and not distribution", *files, cwd=elsewhere)
    assert " passed" in out
