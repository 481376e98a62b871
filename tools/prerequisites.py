"""Says what is missing on this machine before anything is installed: ``make`` runs it with the Python that it was given.

It needs the standard library only, and runs on Python 3.7 or newer, to say that a newer one is needed.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import sysconfig


def missing() -> list[str]:
    """Return what is missing, a sentence each."""
    if sys.version_info < (3, 11):  # noqa: UP036
        return [f"Python 3.11 or newer is needed, and {sys.executable} is older: make PYTHON=python3.12 ..."]
    found = []
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        found.append("the modules venv and ensurepip of Python are missing: apt install python3-venv")
    if not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")):
        found.append(f"Python.h is missing: apt install python3-dev, or the headers that belong to {sys.executable}")
    named = os.environ.get("CC", "").split()[:1]
    if named and shutil.which(named[0]) is None:
        found.append(f"there is no compiler CC={named[0]}")
    if not named and not any(map(shutil.which, ("gcc", "clang", "cc"))):
        found.append("there is no C compiler: apt install gcc libc6-dev, or clang")
    return found


if __name__ == "__main__":
    sentences = missing()
    if sentences:
        sys.exit("\n".join(f"glove_sklearn cannot be built: {sentence}" for sentence in sentences))
