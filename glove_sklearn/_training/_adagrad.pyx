"""Kernel: a block of records -> updated parameters.

Training is AdaGrad (Duchi, Hazan and Singer, JMLR 2011) on the objective of GloVe (Pennington, Socher and Manning, EMNLP
2014, eq. 8). For each record (i, j, x), with f(x) = min(1, (x / x_max)^alpha):

    diff = w_i . c_j + b_i + b'_j - log x
    g    = f(x) diff
    w_i -= g c_j / sqrt(G_i),   G_i += (g c_j)^2        component by component,
    c_j -= g w_i / sqrt(G'_j),  G'_j += (g w_i)^2       with w_i from before the step,

and the biases likewise, with 1 in place of the other vector. The learning rate is part of the accumulators, which start
at 1 / learning_rate^2, and at 1 for biases, as in the reference implementation.

A row of parameters is a vector, its bias, a constant 1, and zeros up to a multiple of 8. In a context row the constant comes
before the bias, so that one dot product is w.c + b + b' and no column needs a case of its own. The accumulator of a constant
is so large that rounding swallows its step; the zeros stay 0 because their gradients are 0.

In memory a row is cut into chunks of 16 parameters, each followed by its 16 accumulators; the last chunk may be one of 8.
Every vector of 16 numbers therefore begins on a cache line, and a row occupies whole lines and no more of them than it
needs.

How close this is to the limit of the hardware: a step of 8 columns (AVX2) takes 5 loads, 4 stores, 14 multiplications, 6
additions and 4 integer operations, and their part of the dot product takes 2 loads, a multiplication and an addition. A
record with d = 50 takes 7 of each: 49 loads, 28 stores, 105 multiplications. A Zen 3 core, with two multiplications and one
32-byte store per cycle, needs at least 53 cycles for that. It takes about 110 when all parameters are in the first-level
cache, because the weight of a record is known only once its dot product is summed, and out-of-order execution reaches no
more than one record ahead; it takes 125 to 140 when they are in the second and third level, as in training. What was tried
to speed it up is in docs/how-it-works.md.

Blocks that share neither a row partition nor a column partition touch no common parameter, and may be trained at the same
time. The loop itself is in _simd_body.h.
"""

from collections import namedtuple

from libc.stdint cimport int64_t

import numpy as np

from glove_sklearn._training._instruction_sets cimport HALF_CHUNK, SUM_LANES, chosen
from glove_sklearn._training._records cimport Record

#: Parameters of a row, padding included, are a multiple of this.
ROW_MULTIPLE = HALF_CHUNK
#: Numbers that `log_and_weight` takes are a multiple of this.
BATCH_MULTIPLE = SUM_LANES

RowLayout = namedtuple("RowLayout", ["parameters", "accumulators"])


def row_layout(int64_t width):
    """Indices of the parameters of a row, and of their accumulators, among its 2 * ``width`` numbers.

    Returns
    -------
    parameters, accumulators : ndarrays of shape (width,), int64
    """
    columns = np.arange(width)
    chunk = columns // SUM_LANES * SUM_LANES
    parameters = chunk + columns
    return RowLayout(parameters, parameters + np.minimum(SUM_LANES, width - chunk))


def train_block(
        const Record[::1] records,      # IN     of one block, in the order of the visit
        float[:, ::1] words,            # IN/OUT (rows of the block, 2 * width): parameters and their accumulators
        float[:, ::1] contexts,         # IN/OUT (columns of the block, 2 * width): the same
        float x_max,
        float alpha):
    """One visit of AdaGrad to each record of a block, in order. Returns the sum of f(x) (w.c + b + b' - log x)^2."""
    cdef double loss
    if records.shape[0] == 0:
        return 0.0
    with nogil:
        loss = chosen.train(&records[0], records.shape[0], &words[0, 0], &contexts[0, 0], words.shape[1] // 2, x_max, alpha)
    return loss


def log_and_weight(
        const float[::1] x,             # IN     positive numbers, a multiple of BATCH_MULTIPLE of them
        float x_max,
        float alpha,
        float[::1] log_x,               # OUT
        float[::1] f):                  # OUT
    """log x and f(x) = min(1, (x / x_max)^alpha), the same bits as in the training loop."""
    with nogil:
        chosen.log_and_weight(&x[0], x.shape[0], x_max, alpha, &log_x[0], &f[0])
