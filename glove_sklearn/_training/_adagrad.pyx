"""Kernel: one block of records -> updated parameters, by AdaGrad.

The algorithm is AdaGrad (Duchi, Hazan and Singer, JMLR 2011) on the objective of GloVe (Pennington, Socher and Manning, EMNLP
2014, eq. 8). For each record (i, j, x), with f(x) = min(1, (x / x_max)^alpha):

    diff = w_i . c_j + b_i + b'_j - log x
    g    = f(x) diff
    w_i -= g c_j / sqrt(G_i),   G_i += (g c_j)^2        component by component,
    c_j -= g w_i / sqrt(G'_j),  G'_j += (g w_i)^2       with w_i from before the step,

and the biases likewise, with 1 in place of the other vector. The learning rate is in the accumulators: they start at
1 / learning_rate^2, and at 1 for biases, as in Stanford GloVe.

A row of parameters consists of a vector, its bias, a constant 1, and zeros up to a multiple of 8. In a context row the constant
comes first and the bias second, so that one dot product is w.c + b + b' and no column needs special treatment. The accumulator
of a constant is so large that its step is lost to rounding; the zeros stay 0 because their gradients are 0.

In memory the row is cut into chunks of 16, and each chunk is followed by its accumulators; the last chunk may be a half. So
every vector of 16 numbers starts on a cache line, and a row takes whole lines and no more of them than it needs.

How far this is from the limit: a step of 8 columns (AVX2) is 5 loads, 4 stores, 14 multiplications, 6 additions and 4 integer
operations, and its part of the dot product 2 loads, a multiplication and an addition. A record of d = 50 is 7 of those: 49
loads, 28 stores, 105 multiplications. A Zen 3 core, with two multiplications and one 32-byte store per cycle, cannot do it in
fewer than 53 cycles. It takes some 110 where all parameters are in the first-level cache, because the weight of a record is
known only when its dot product has been summed, and the processor sees no more than one record ahead; and 125 to 140 where the
parameters are in the second and third level, as in training. What was tried is listed in docs/how-it-works.md.

Blocks that share neither a row partition nor a column partition touch no common number, and may be trained at the same time. The
loops themselves are in _simd_body.h.
"""

from libc.stdint cimport int64_t

import numpy as np

from glove_sklearn._training._instruction_sets cimport HALF_CHUNK, SUM_LANES, chosen, record_t
from glove_sklearn._training._records cimport Record

#: Multiples of which a row of parameters, and the arguments of `log_and_weight`, must be.
ROW_MULTIPLE = HALF_CHUNK
BATCH_MULTIPLE = SUM_LANES


def row_layout(int64_t width):
    """Return the indices of the parameters, and of their accumulators, in a row of 2 * `width` numbers; int64."""
    columns = np.arange(width)
    chunk = columns // SUM_LANES * SUM_LANES
    parameters = chunk + columns
    return parameters, parameters + np.minimum(SUM_LANES, width - chunk)


def train_block(
        const Record[::1] records,      # IN     of one block, in the order of training
        float[:, ::1] words,            # IN/OUT (rows of the block, 2 * width): parameters and their accumulators
        float[:, ::1] contexts,         # IN/OUT (columns of the block, 2 * width): the same
        float x_max,
        float alpha):
    """Train on the records of a block once, in order. Returns the sum of f(x) (w.c + b + b' - log x)^2."""
    cdef double loss
    if records.shape[0] == 0:
        return 0.0
    with nogil:
        loss = chosen.train(<const record_t *> &records[0], records.shape[0], &words[0, 0], &contexts[0, 0],
                            words.shape[1] // 2, x_max, alpha)
    return loss


def log_and_weight(
        const float[::1] x,             # IN     positive numbers, a multiple of 16 of them
        float x_max,
        float alpha,
        float[::1] log_x,               # OUT
        float[::1] f):                  # OUT
    """Compute log x and f(x) = min(1, (x / x_max)^alpha) as the training loop does."""
    with nogil:
        chosen.log_and_weight(&x[0], x.shape[0], x_max, alpha, &log_x[0], &f[0])
