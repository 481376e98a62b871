"""The machine and the versions of packages that a number belongs to."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from typing import Any

import glove_sklearn
from glove_sklearn._training import _instruction_sets


def machine() -> dict[str, object]:
    """Return the processor, the number of cores, the bytes of memory, and the instruction set that glove_sklearn uses."""
    processor = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            processor = next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "memory": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        "instruction_set": _instruction_sets.instruction_set(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that are measured."""
    return {
        "Python": platform.python_version(),
        "glove_sklearn": glove_sklearn.__version__,
        **{name: version(name) for name in ("numpy", "scipy", "scikit-learn", "gensim")},
    }


def describe(machine: dict[str, Any], versions: dict[str, str]) -> str:
    """Return machine and versions in one line."""
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory'] / 1e9:.0f} GB, "
        f"{machine['instruction_set']}; {', '.join(f'{name} {number}' for name, number in versions.items())}"
    )
