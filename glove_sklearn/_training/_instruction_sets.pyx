"""Choice of the instruction set whose loops the training kernels call.

The loops, in _simd_body.h, are compiled once for each instruction set. All of them compute the same bits; the widest that the
processor has is used, unless the environment variable GLOVE_SKLEARN_SIMD names another.
"""

import os

cdef extern from "_instruction_sets.h":
    const instruction_set_t *INSTRUCTION_SETS
    int usable_instruction_sets() nogil


def instruction_sets():
    """Return the names of the instruction sets that this machine can run, from the narrowest to the widest."""
    return [INSTRUCTION_SETS[i].name.decode() for i in range(usable_instruction_sets())]


def instruction_set():
    """Return the name of the instruction set in use."""
    return chosen.name.decode()


def use_instruction_set(name):
    """Use the instruction set of this name from now on. Results have the same bits with each."""
    global chosen
    names = instruction_sets()
    if name not in names:
        raise ValueError(f"GLOVE_SKLEARN_SIMD must be one of {names} on this machine, got {name!r}")
    chosen = &INSTRUCTION_SETS[names.index(name)]


use_instruction_set(os.environ.get("GLOVE_SKLEARN_SIMD") or instruction_sets().pop())
