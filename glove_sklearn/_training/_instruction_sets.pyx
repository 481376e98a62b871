"""Kernel: the inner loops of training for each instruction set, and the choice among the sets.

The loops of _simd_body.h are compiled here, once for each instruction set; the other kernels of training call those of the
``chosen`` set. Every set computes the same bits, so the choice affects speed alone. The default is the widest set that the
processor can run; the environment variable GLOVE_SKLEARN_SIMD overrides it.
"""

import os

from glove_sklearn._system import _linear_algebra

from glove_sklearn._system._bits cimport number_of_usable_sets

cdef extern from "glove_sklearn/_training/_simd.h":
    const instruction_set_t *INSTRUCTION_SETS


def instruction_sets():
    """Names of the instruction sets that this machine can run, from the narrowest to the widest."""
    return [INSTRUCTION_SETS[i].name.decode() for i in range(number_of_usable_sets())]


def instruction_set():
    """Name of the instruction set in use."""
    return chosen.name.decode()


def use_instruction_set(name):
    """Use the instruction set of this name in all later calls, of linear algebra too. The results are the same bits with each."""
    global chosen
    names = instruction_sets()
    if name not in names:
        raise ValueError(f"GLOVE_SKLEARN_SIMD must be one of {names} on this machine, got {name!r}")
    chosen = &INSTRUCTION_SETS[names.index(name)]
    _linear_algebra.use_instruction_set(names.index(name))


use_instruction_set(os.environ.get("GLOVE_SKLEARN_SIMD") or instruction_sets().pop())
