"""Build the kernels with sanitizers, in a folder of their own, and run their tests.

``python -m tools.sanitize [KERNEL ...]`` takes the names of kernels, such as ``_training/_adagrad``; without any, all are built
and tested. Accesses out of bounds, uses of freed memory, overflows of signed integers, shifts and misaligned loads end the run
with a report. Needs Linux and GCC. ``build/sanitized`` holds a copy of the sources, so that the usual build stays as it is, and a
second run builds only what has changed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.test_distribution import TESTS_OF_KERNELS

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "build" / "sanitized"
COPIED = ("glove_sklearn", "tests", "setup.py", "pyproject.toml", "README.md", "LICENSE")
FLAGS = "-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer -g"


def copy_sources() -> None:
    """Bring the copy of the sources up to date; files that have not changed keep their times."""
    for name in COPIED:
        source = ROOT / name
        for path in [source] if source.is_file() else sorted(source.rglob("*")):
            built = path.suffix in (".so", ".pyc") or (name == "glove_sklearn" and path.suffix == ".c")
            if path.is_dir() or built:
                continue
            target = FOLDER / path.relative_to(ROOT)
            if not target.exists() or target.read_bytes() != path.read_bytes():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, target)


def build() -> None:
    """Build all kernels, because the package imports them all."""
    environment = {**os.environ, "CFLAGS": FLAGS, "LDFLAGS": "-fsanitize=address,undefined"}
    subprocess.run(
        [sys.executable, "setup.py", "-q", "build_ext", "--inplace"], cwd=FOLDER, env=environment, check=True
    )


def library(name: str) -> str:
    """Return the path of a library of GCC."""
    run = subprocess.run(["gcc", f"-print-file-name={name}"], capture_output=True, text=True, check=True)
    return run.stdout.strip()


def run_tests(kernel: str, seconds: float) -> bool:
    """Run the tests of a kernel, and return whether they passed in this time."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(FOLDER),
        "LD_PRELOAD": f"{library('libasan.so')} {library('libubsan.so')}",
        # Python frees little of its memory at the end.
        "ASAN_OPTIONS": "detect_leaks=0",
        "UBSAN_OPTIONS": "print_stacktrace=1",
        # Each object is a block of its own, whose ends are watched.
        "PYTHONMALLOC": "malloc",
    }
    files = [f"tests/{name}" for name in TESTS_OF_KERNELS[kernel]]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *files]
    try:
        return subprocess.run(command, cwd=FOLDER, env=environment, timeout=seconds, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        print(f"{kernel}: the tests did not end within {seconds:.0f} s")
        return False


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.sanitize", description=__doc__.partition("\n")[0])
    parser.add_argument("kernels", nargs="*", metavar="KERNEL", help="such as _training/_adagrad; default: all")
    parser.add_argument(
        "--seconds", type=float, default=600, help="the most that the tests of a kernel may take (default: 600)"
    )
    options = parser.parse_args(arguments)
    unknown = sorted(set(options.kernels) - set(TESTS_OF_KERNELS))
    if unknown:
        parser.error(f"no kernel is called {', '.join(unknown)}; there are {', '.join(TESTS_OF_KERNELS)}")
    copy_sources()
    build()
    failed = []
    for kernel in options.kernels or TESTS_OF_KERNELS:
        start = time.monotonic()
        passed = run_tests(kernel, options.seconds)
        print(f"{kernel}: {'passed' if passed else 'FAILED'} in {time.monotonic() - start:.0f} s", flush=True)
        failed += [] if passed else [kernel]
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
