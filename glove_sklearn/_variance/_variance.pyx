"""Kernel: rows of X and a fitted model -> factors of the variances of word vectors.

Given the context vectors, the vector of word i and its bias are a weighted least squares estimate: the entries of row i are
the observations, log X_ij - b'_j is regressed on z_j = (c_j, 1), and f(X_ij) is the weight (Vallebueno, Handan-Nader, Manning
and Ho, EMNLP 2024). What is needed of the row are the sums

    G = sum_j f z_j z_j',    g = sum_j f r_j z_j,    R = sum_j f r_j^2,    with r_j = log X_ij - b'_j - w_i . c_j - b_i,

where r is the residual of the fitted parameters. They are one matrix: the Gram matrix of the rows sqrt(f) (c_j, 1, r_j).
Residuals are computed entry by entry, because R as a difference of sums would lose digits.

The Cholesky factor of the matrix has everything in it. Without its last column it is U with U'U = G, so that the variance of a
linear function a is s^2 |x|^2, where U'x = a. The last column is v with U'v = g, and the root of what is left of R at the least
squares solution, which lies at the solution of U step = v from the fitted parameters. Rows of the upper triangle follow each
other, so that a factor has q (q + 1) / 2 numbers, where q is the number of unknowns and one.

Almost all of the time is spent on the Gram matrix: q^2 / 2 multiplications and additions for an entry, in double precision,
because G is inverted. The rows of 32 entries stay in the first-level cache, and tiles of the matrix in registers; each element is
summed in the order of the entries, within the 32 and then over them, whatever the instruction set. The loops are in _gram_body.h.
"""

from libc.math cimport NAN
from libc.stdint cimport int32_t, int64_t
from libc.string cimport memset

from glove_sklearn._training._instruction_sets cimport chosen

cdef extern from "glove_sklearn/_variance/_gram.h":
    enum:
        COLUMNS
        ENTRIES
    ctypedef struct loops_t:
        void (*add_entries)(
            const int32_t *, const float *, const float *, int64_t, const float *, const float *, const float *, float, int64_t,
            int, double *, int64_t, double *) noexcept nogil
        int (*factorise)(double *, int64_t, int64_t, double *, double *) noexcept nogil
        void (*solve)(const double *, int64_t, int64_t, double *) noexcept nogil
    const loops_t *loops_for(const char *name) noexcept nogil

#: The width of the matrices is a multiple of this, and as many rows of the design matrix are kept.
WIDTH_MULTIPLE = COLUMNS
DESIGN_ROWS = ENTRIES


def factor_rows(
        const int64_t[::1] indptr,          # IN     (n + 1,): where the entries of each row start
        const int32_t[::1] columns,         # IN     of the entries
        const float[::1] log_x,             # IN     their logarithms
        const float[::1] f,                 # IN     and weights
        const float[:, ::1] contexts,       # IN     (n_columns, d)
        const float[::1] context_biases,    # IN     (n_columns,)
        const float[:, ::1] words,          # IN     (n, d): the vectors of these rows
        const float[::1] word_biases,       # IN     (n,)
        bint with_bias,                     # IN     whether the bias of a word is an unknown
        double[:, ::1] design,              # WORK   (DESIGN_ROWS, width), zeros
        double[:, ::1] gram,                # WORK   (width, width)
        double[::1] diagonal,               # WORK   (q,)
        double[:, ::1] factors,             # OUT    (n, q (q + 1) / 2); NaN where there is no estimate
        double[::1] losses):                # OUT    (n,): R
    """The factors of some rows. A row has none if it has no more entries than unknowns, or if these are not independent."""
    cdef int64_t n = indptr.shape[0] - 1, d = contexts.shape[1], width = gram.shape[0], i, k
    cdef int64_t q = d + with_bias + 1, size = factors.shape[1], start, n_entries
    cdef const loops_t *loops = loops_for(chosen.name)
    with nogil:
        for i in range(n):
            start, n_entries = indptr[i], indptr[i + 1] - indptr[i]
            memset(&gram[0, 0], 0, width * width * sizeof(double))
            if n_entries > 0:
                loops.add_entries(&columns[start], &log_x[start], &f[start], n_entries, &contexts[0, 0], &context_biases[0],
                                  &words[i, 0], word_biases[i], d, with_bias, &design[0, 0], width, &gram[0, 0])
            losses[i] = gram[q - 1, q - 1]
            if n_entries < q or not loops.factorise(&gram[0, 0], width, q, &diagonal[0], &factors[i, 0]):
                for k in range(size):
                    factors[i, k] = NAN


def solve_directions(
        const double[::1] factor,           # IN     (q (q + 1) / 2,)
        int64_t q,
        double[:, ::1] directions):         # IN/OUT (m, q - 1): a in, x with U'x = a out
    """What linear functions of the unknowns are in terms of independent numbers of the same variance, s^2."""
    cdef int64_t m = directions.shape[0], j
    cdef const loops_t *loops = loops_for(chosen.name)
    with nogil:
        for j in range(m):
            loops.solve(&factor[0], q, q - 1, &directions[j, 0])
