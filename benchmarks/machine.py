"""What a number was measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

from glove_sklearn import _training


def describe() -> str:
    """Processor, cores, instruction set and versions, in one line."""
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            model = next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    versions = " ".join(f"{name} {version(name)}" for name in ("numpy", "scipy", "scikit-learn", "gensim"))
    return f"{model}, {os.cpu_count()} cores, {_training.instruction_set()}, Python {platform.python_version()}, {versions}"
