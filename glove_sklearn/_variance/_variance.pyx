"""Kernel: rows of X and a fitted model -> factors of the variances of word vectors.

Given the context vectors, the vector of word i and its bias are a weighted least squares estimate: the entries of row i are
the observations, log X_ij - b'_j is regressed on z_j = (c_j, 1), and f(X_ij) is the weight (Vallebueno, Handan-Nader, Manning
and Ho, EMNLP 2024). What is needed of the row are the sums

    G = sum_j f z_j z_j',    g = sum_j f r_j z_j,    R = sum_j f r_j^2,    with r_j = log X_ij - b'_j - w_i . c_j - b_i,

where r is the residual of the fitted parameters. They are one matrix: the Gram matrix of the rows sqrt(f) (c_j, 1, r_j).
Residuals are computed entry by entry, because R as a difference of sums would lose digits.

The Cholesky factor of the matrix has everything in it. Its first rows L are the factor of G, so that the variance of a linear
function a is s^2 |L^-1 a|^2. Its last row is u = L^-1 g and the root of what is left of R at the least squares solution, which
lies L^-T u from the fitted parameters. Rows of the lower triangle follow each other, so that a factor has q (q + 1) / 2 numbers,
where q is the number of unknowns and one.

Almost all of the time is spent on the Gram matrix: q^2 / 2 multiplications and additions for an entry, in double precision,
because G is inverted. The rows of 32 entries stay in the first-level cache, and tiles of the matrix in registers; each element is
summed in the order of the entries, within the 32 and then over them, whatever the instruction set. The loops are in _gram_body.h.
"""

from libc.math cimport NAN, sqrt
from libc.stdint cimport int32_t, int64_t
from libc.string cimport memset

from glove_sklearn._training._instruction_sets cimport chosen

cdef extern from "glove_sklearn/_variance/_gram.h":
    enum:
        COLUMNS
        ENTRIES
    ctypedef void add_entries_t(
        const int32_t *, const float *, const float *, int64_t, const float *, const float *, const float *, float, int64_t, int,
        double *, int64_t, double *) noexcept nogil
    add_entries_t *add_entries_for(const char *name) noexcept nogil

#: The width of the matrices is a multiple of this, and as many rows of the design matrix are kept.
WIDTH_MULTIPLE = COLUMNS
DESIGN_ROWS = ENTRIES

#: A column is a linear combination of those before it if no more than this fraction of its square is left.
cdef double NEGLIGIBLE_FRACTION = 1e-12


cdef inline double inner(const double *a, const double *b, int64_t n) noexcept nogil:
    """Four partial sums do not wait for each other."""
    cdef double first = 0, second = 0, third = 0, fourth = 0
    cdef int64_t k = 0
    while k + 4 <= n:
        first += a[k] * b[k]
        second += a[k + 1] * b[k + 1]
        third += a[k + 2] * b[k + 2]
        fourth += a[k + 3] * b[k + 3]
        k += 4
    while k < n:
        first += a[k] * b[k]
        k += 1
    return (first + second) + (third + fourth)


cdef bint factorise(const double *gram, int64_t width, int64_t q, double *factor) noexcept nogil:
    """Cholesky's factor of the first q rows, packed. Returns whether the first q - 1 columns are linearly independent."""
    cdef int64_t i, j
    cdef double pivot
    cdef double *row = factor
    cdef double *above
    for i in range(q):
        above = factor
        for j in range(i):
            row[j] = (gram[i * width + j] - inner(row, above, j)) / above[j]
            above += j + 1
        pivot = gram[i * width + i] - inner(row, row, i)
        if i < q - 1 and not pivot > NEGLIGIBLE_FRACTION * gram[i * width + i]:
            return False
        row[i] = sqrt(pivot) if pivot > 0 else 0
        row += i + 1
    return True


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
        double[:, ::1] factors,             # OUT    (n, q (q + 1) / 2); NaN where there is no estimate
        double[::1] losses):                # OUT    (n,): R
    """The factors of some rows. A row has none if it has no more entries than unknowns, or if these are not independent."""
    cdef int64_t n = indptr.shape[0] - 1, d = contexts.shape[1], width = gram.shape[0], i, k
    cdef int64_t q = d + with_bias + 1, size = factors.shape[1], start, n_entries
    cdef add_entries_t *add_entries = add_entries_for(chosen.name)
    with nogil:
        for i in range(n):
            start, n_entries = indptr[i], indptr[i + 1] - indptr[i]
            memset(&gram[0, 0], 0, width * width * sizeof(double))
            if n_entries > 0:
                add_entries(&columns[start], &log_x[start], &f[start], n_entries, &contexts[0, 0], &context_biases[0],
                            &words[i, 0], word_biases[i], d, with_bias, &design[0, 0], width, &gram[0, 0])
            losses[i] = gram[q - 1, q - 1]
            if n_entries < q or not factorise(&gram[0, 0], width, q, &factors[i, 0]):
                for k in range(size):
                    factors[i, k] = NAN


def variances_of_directions(
        const double[:, ::1] factors,       # IN     (n, q (q + 1) / 2)
        const double[:, ::1] directions,    # IN     (m, d): linear functions of a word vector
        double[::1] solution,               # WORK   (q,)
        double[:, ::1] variances):          # OUT    (n, m): |L^-1 a|^2, to be multiplied by s^2
    """The variance of each linear function, for each word."""
    cdef int64_t n = factors.shape[0], m = directions.shape[0], d = directions.shape[1], q = solution.shape[0], i, j, k
    cdef const double *row
    with nogil:
        for i in range(n):
            for j in range(m):
                row = &factors[i, 0]
                for k in range(q - 1):
                    solution[k] = ((directions[j, k] if k < d else 0) - inner(row, &solution[0], k)) / row[k]
                    row += k + 1
                variances[i, j] = inner(&solution[0], &solution[0], q - 1)
