"""What a user installs: the sdist builds and its kernels pass their tests, the wheel needs no compiler."""

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.distribution

#: What depends on how the package was built; the rest is Python, and the same as in the source tree.
KERNELS = (
    "_text/test_encoder.py",
    "_text/test_tokens.py",
    "test_counter.py",
    "_system/test_linear_algebra.py",
    "_training/test_instruction_sets.py",
    "_training/test_adagrad.py",
    "_training/test_pmi.py",
    "_training/test_blocks.py",
    "_training/test_initialization.py",
    "_embedding/test_pooling.py",
    "formats/test_vectors.py",
)

ROOT = Path(__file__).resolve().parents[1]


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    if not (ROOT / "setup.py").exists():
        pytest.skip("the tests are not in a source tree")
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "build", "--sdist", "--outdir", folder, ROOT)
    (archive,) = folder.glob("*.tar.gz")
    return archive


def new_environment(folder):
    venv.create(folder, with_pip=True)
    return folder / "bin" / "python"


def test_sdist_holds_what_it_builds_from_and_nothing_generated(sdist):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for name in (
        "glove_sklearn/_text/_term_table.pyx",
        "glove_sklearn/_training/_simd_body.h",
        "glove_sklearn/_training/_records.h",
        "glove_sklearn/_training/_records.pxd",
        "glove_sklearn/_system/_bits.h",
        "glove_sklearn/_text/_term_table.pyi",
        "tests/reference.py",
    ):
        assert name in names
    assert {"README.md", "LICENSE", "CHANGELOG.md", "glove_sklearn/py.typed", "examples/demo.py"} <= names
    assert not [
        name for name in names if name.endswith(".so") or (name.startswith("glove_sklearn/") and name.endswith(".c"))
    ]
    assert "tests/_training/lanes.c" in names


def test_sdist_builds_and_its_kernels_pass_their_tests_without_the_source_tree(sdist, tmp_path):
    python = new_environment(tmp_path / "environment")
    run(python, "-m", "pip", "install", "--quiet", f"{sdist}[test]")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (tree,) = tmp_path.glob("glove_sklearn-*")
    # Only the tests remain, so that what they import is what was installed.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tree / "tests").rename(elsewhere / "tests")
    (tree / "pyproject.toml").rename(elsewhere / "pyproject.toml")
    run(python, "-m", "pytest", "-q", "--collect-only", "tests", cwd=elsewhere)  # all can be imported
    files = [f"tests/{name}" for name in KERNELS]
    out = run(python, "-m", "pytest", "-q", "-m", "not slow and not distribution", *files, cwd=elsewhere)
    assert " passed" in out


def test_wheel_loads_without_a_compiler(sdist, tmp_path):
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", tmp_path, sdist)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    kernels = [path.relative_to(ROOT) for path in ROOT.glob("glove_sklearn/*/*.pyx")]
    assert kernels
    assert {str(kernel.with_suffix(".pyi")) for kernel in kernels} <= set(names)
    assert not [name for name in names if name.endswith((".pyx", ".pxd", ".h", ".c"))]
    python = new_environment(tmp_path / "environment")
    environment = {**os.environ, "PATH": str(python.parent), "CC": "false"}
    run(python, "-m", "pip", "install", "--quiet", "--only-binary", ":all:", wheel, env=environment)
    modules = [".".join(kernel.with_suffix("").parts) for kernel in kernels]
    program = (
        f"import glove_sklearn, {', '.join(modules)};"
        "v = glove_sklearn.GloVeVectorizer(2, min_count=1, max_iter=1);"
        "print(v.fit_transform(['a b', 'b c']).shape, glove_sklearn.__file__)"
    )
    out = run(python, "-c", program, cwd=tmp_path, env=environment)
    assert out.startswith("(2, 2)")
    assert str(tmp_path) in out
