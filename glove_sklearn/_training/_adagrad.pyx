"""Kernels: one block of records -> updated parameters; one block of records times a matrix.

Training is AdaGrad (Duchi, Hazan and Singer, JMLR 2011) on the objective of GloVe (Pennington, Socher and Manning, EMNLP 2014,
eq. 8). For each record (i, j, x), with f(x) = min(1, (x / x_max)^alpha):

    diff = w_i . c_j + b_i + b'_j - log x
    g    = f(x) diff
    w_i -= g c_j / sqrt(G_i),   G_i += (g c_j)^2        component by component,
    c_j -= g w_i / sqrt(G'_j),  G'_j += (g w_i)^2       with w_i from before the step,

and the biases likewise, with 1 in the place of the other vector. The learning rate is in the accumulators: they start at
1 / learning_rate^2, and at 1 for biases, which is what the reference C program does.

A row of parameters is a vector, its bias, a constant 1 and zeros up to a multiple of 8. In a context row the constant comes
first and the bias second, so that one dot product is w.c + b + b', and no number is treated apart. The accumulator of a
constant is so large that its step is lost to rounding; the zeros stay 0 because their gradients are 0.

In memory the row is cut into chunks of 16, and each chunk is followed by its accumulators; the last chunk may be a half.
So every vector of 16 numbers begins on a cache line, and a row takes whole lines and no more of them than it needs.

How far from the limit: a step of 8 columns (AVX2) is 5 loads, 4 stores, 14 multiplications, 6 additions and 4 integer
operations, and their share of the dot product 2 loads, a multiplication and an addition. A record of d = 50 is 7 of those:
49 loads, 28 stores, 105 multiplications. A Zen 3 core, with two multiplications and one 32-byte store a cycle, cannot do
it in less than 53 cycles. It takes some 110 where all parameters are in the first-level cache, because a record's weight
is known only when its dot product is summed up, and the processor sees no more than one record ahead; 125 to 140 where
they are in the second and third, as in training. What was tried is in docs/how-it-works.md.

Blocks that share neither a row group nor a column group touch no common number and may be trained, or multiplied, at the
same time. The loops themselves are in _simd_body.h.
"""

import os

from libc.stdint cimport int64_t

import numpy as np

from glove_sklearn._training._records cimport Record

cdef extern from "_simd.h":
    ctypedef struct record_t:
        pass
    ctypedef double train_t(const record_t *, int64_t, float *, float *, int64_t, float, float) noexcept nogil
    ctypedef void add_products_t(
        const record_t *, int64_t, const float *, const float *, const float *, float *, int64_t, int) noexcept nogil
    ctypedef void log_and_weight_t(const float *, int64_t, float, float, float *, float *) noexcept nogil
    ctypedef struct instruction_set_t:
        const char *name
        train_t *train
        add_products_t *add_products
        log_and_weight_t *log_and_weight
    const instruction_set_t *INSTRUCTION_SETS
    int usable_instruction_sets() nogil
    enum:
        SUM_LANES
        HALF_CHUNK

ROW_MULTIPLE = HALF_CHUNK
WIDTH_MULTIPLE = BATCH_MULTIPLE = SUM_LANES

cdef const instruction_set_t *chosen


def instruction_sets():
    """Names of the instruction sets that this machine can run, from the narrowest to the widest."""
    return [INSTRUCTION_SETS[i].name.decode() for i in range(usable_instruction_sets())]


def instruction_set():
    """Name of the instruction set in use."""
    return chosen.name.decode()


def use_instruction_set(name):
    """Use the instruction set of this name from now on. The results are the same bits with each."""
    global chosen
    names = instruction_sets()
    if name not in names:
        raise ValueError(f"GLOVE_SKLEARN_SIMD must be one of {names} on this machine, got {name!r}")
    chosen = &INSTRUCTION_SETS[names.index(name)]


use_instruction_set(os.environ.get("GLOVE_SKLEARN_SIMD") or instruction_sets().pop())


def places(int64_t width):
    """Where, in a row of 2 * `width` numbers, its parameters are and where their accumulators are, as int64."""
    columns = np.arange(width)
    chunk = columns // SUM_LANES * SUM_LANES
    parameters = chunk + columns
    return parameters, parameters + np.minimum(SUM_LANES, width - chunk)


def train_block(
        const Record[::1] records,      # IN     of one block, in the order of the visit
        float[:, ::1] words,            # IN/OUT (rows of the block, 2 * width): parameters and their accumulators
        float[:, ::1] contexts,         # IN/OUT (columns of the block, 2 * width): the same
        float x_max,
        float alpha):
    """One visit of AdaGrad to the records of a block, in order. Returns the sum of f(x) (w.c + b + b' - log x)^2."""
    cdef double loss
    if records.shape[0] == 0:
        return 0.0
    with nogil:
        loss = chosen.train(<const record_t *> &records[0], records.shape[0], &words[0, 0], &contexts[0, 0],
                            words.shape[1] // 2, x_max, alpha)
    return loss


def add_sums(
        const Record[::1] records,      # IN     of one block
        double[::1] rows,               # IN/OUT (rows of the block,): sums of their values
        double[::1] columns):           # IN/OUT (columns of the block,): the same
    """Add the values of a block to the sums of its rows and of its columns."""
    cdef int64_t i
    with nogil:
        for i in range(records.shape[0]):
            rows[records[i].row] += records[i].value
            columns[records[i].column] += records[i].value


def add_products(
        const Record[::1] records,      # IN     of one block
        const float[::1] rows,          # IN     (rows of the block,): what is taken from the logarithms of their values
        const float[::1] columns,       # IN     (columns of the block,): the same
        const float[:, ::1] factor,     # IN     (columns of the block, width); (rows of the block, width) with `transposed`
        float[:, ::1] product,          # IN/OUT (rows of the block, width); (columns of the block, width) with `transposed`
        bint transposed):
    """Add P times `factor`, or its transpose times it, where P is max(0, log x - rows_i - columns_j) of each record.

    The width is a multiple of SUM_LANES.
    """
    if records.shape[0] == 0:
        return
    with nogil:
        chosen.add_products(<const record_t *> &records[0], records.shape[0], &rows[0], &columns[0], &factor[0, 0],
                            &product[0, 0], factor.shape[1], transposed)


def log_and_weight(
        const float[::1] x,             # IN     a multiple of 16 of positive numbers
        float x_max,
        float alpha,
        float[::1] log_x,               # OUT
        float[::1] f):                  # OUT
    """log x and f(x) = min(1, (x / x_max)^alpha), as in the training loop."""
    with nogil:
        chosen.log_and_weight(&x[0], x.shape[0], x_max, alpha, &log_x[0], &f[0])
