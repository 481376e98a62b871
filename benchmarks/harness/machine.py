"""What a number was measured on."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version

import glove_sklearn
from glove_sklearn._training import _instruction_sets


def machine() -> dict[str, object]:
    """Processor, number of cores, bytes of memory, and the instruction set that glove_sklearn uses."""
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
    """Versions of Python and of the packages that are measured."""
    return {
        "Python": platform.python_version(),
        "glove_sklearn": glove_sklearn.__version__,
        **{name: version(name) for name in ("numpy", "scipy", "scikit-learn", "gensim")},
    }


def describe(machine: dict, versions: dict) -> str:
    """Machine and versions in one line."""
    names = " ".join(f"{name} {number}" for name, number in versions.items())
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory'] / 1e9:.0f} GB, "
        f"{machine['instruction_set']}, {machine['system']}, {names}"
    )
