"""Kernels: products of tall matrices, and eigenvectors of small ones, whose bits depend on nothing but their arguments.

BLAS and LAPACK sum in an order that depends on the processor and on the number of threads; the initialisation of training
must not. Here the order of every sum is fixed, and every operation is rounded once.
"""

from cpython.exc cimport PyErr_CheckSignals
from libc.math cimport fabs, sqrt
from libc.stdint cimport int64_t

cdef extern from *:
    """
    /* `restrict`, because the compiler would otherwise have to check at each call whether the arrays overlap. */
    static inline void add_four(double *restrict sums, double a, double b, double c, double d, const double *restrict va,
                                const double *restrict vb, const double *restrict vc, const double *restrict vd, int64_t n) {
        for (int64_t j = 0; j < n; j++)
            sums[j] = (((sums[j] + a * va[j]) + b * vb[j]) + c * vc[j]) + d * vd[j];
    }

    static inline void add_one(double *restrict sums, double a, const double *restrict va, int64_t n) {
        for (int64_t j = 0; j < n; j++)
            sums[j] += a * va[j];
    }

    static inline void rotate(double *restrict a, double *restrict b, double c, double s, int64_t n) {
        for (int64_t j = 0; j < n; j++) {
            const double x = a[j], y = b[j];
            a[j] = c * x - s * y;
            b[j] = s * x + c * y;
        }
    }

    /* Four partial sums do not wait for each other. */
    static inline double inner(const double *a, const double *b, int64_t n) {
        double sums[4] = {0, 0, 0, 0};
        int64_t j = 0;
        for (; j + 4 <= n; j += 4)
            for (int k = 0; k < 4; k++)
                sums[k] += a[j + k] * b[j + k];
        for (; j < n; j++)
            sums[0] += a[j] * b[j];
        return (sums[0] + sums[2]) + (sums[1] + sums[3]);
    }
    """
    void add_four(double *sums, double a, double b, double c, double d, const double *va,
                  const double *vb, const double *vc, const double *vd, int64_t n) noexcept nogil
    void add_one(double *sums, double a, const double *va, int64_t n) noexcept nogil
    void rotate(double *a, double *b, double c, double s, int64_t n) noexcept nogil
    double inner(const double *a, const double *b, int64_t n) noexcept nogil

cdef enum:
    MAX_SWEEPS = 60             # of Jacobi's method, which takes about ten

#: Two rows are orthogonal if their cosine is at most this.
cdef double MAX_COSINE = 1e-12
#: A row is rounding error if its square is at most this fraction of the largest.
cdef double NEGLIGIBLE_FRACTION = 1e-34


def add_gram(
        const double[:, ::1] rows,      # IN     (n, d)
        const double[::1] weights,      # IN     (n,)
        double[:, ::1] gram):           # IN/OUT (d, d)
    """Add the sum over the rows of weight times the outer product of the row with itself: the lower triangle alone."""
    cdef int64_t n = rows.shape[0], d = rows.shape[1], i, k
    cdef const double *a
    if d == 0:
        return
    with nogil:
        i = 0
        while i + 4 <= n:
            a = &rows[i, 0]
            for k in range(d):
                add_four(&gram[k, 0], weights[i] * a[k], weights[i + 1] * a[d + k], weights[i + 2] * a[2 * d + k],
                         weights[i + 3] * a[3 * d + k], a, a + d, a + 2 * d, a + 3 * d, k + 1)
            i += 4
        while i < n:
            a = &rows[i, 0]
            for k in range(d):
                add_one(&gram[k, 0], weights[i] * a[k], a, k + 1)
            i += 1


def add_product(
        const double[:, ::1] rows,      # IN     (n, d)
        const double[:, ::1] matrix,    # IN     (d, m)
        double[:, ::1] product):        # IN/OUT (n, m)
    """Add `rows` times `matrix`."""
    cdef int64_t n = rows.shape[0], d = rows.shape[1], m = matrix.shape[1], i, k
    if d == 0 or m == 0:
        return
    with nogil:
        for i in range(n):
            k = 0
            while k + 4 <= d:
                add_four(&product[i, 0], rows[i, k], rows[i, k + 1], rows[i, k + 2], rows[i, k + 3],
                         &matrix[k, 0], &matrix[k + 1, 0], &matrix[k + 2, 0], &matrix[k + 3, 0], m)
                k += 4
            while k < d:
                add_one(&product[i, 0], rows[i, k], &matrix[k, 0], m)
                k += 1


cdef bint rotate_with_rows_below(double[:, ::1] rows, int64_t p, double negligible) noexcept nogil:
    """Make row p orthogonal to each row below it, one by one. Returns whether any was rotated."""
    cdef int64_t n = rows.shape[0], d = rows.shape[1], q
    cdef bint rotated = False
    cdef double a, b, ab, zeta, tangent, cosine
    for q in range(p + 1, n):
        a = inner(&rows[p, 0], &rows[p, 0], d)
        b = inner(&rows[q, 0], &rows[q, 0], d)
        ab = inner(&rows[p, 0], &rows[q, 0], d)
        if a <= negligible or b <= negligible or fabs(ab) <= MAX_COSINE * sqrt(a) * sqrt(b):
            continue
        rotated = True
        zeta = (b - a) / (2 * ab)
        tangent = (1 if zeta >= 0 else -1) / (fabs(zeta) + sqrt(1 + zeta * zeta))
        cosine = 1 / sqrt(1 + tangent * tangent)
        rotate(&rows[p, 0], &rows[q, 0], cosine, cosine * tangent, d)
    return rotated


def orthogonalise(
        double[:, ::1] rows):           # IN/OUT (n, d)
    """Rotate pairs of rows until all are orthogonal: the one-sided Jacobi method (Hestenes, 1958). Returns the number of sweeps.

    The rows of a positive semidefinite matrix become its eigenvectors, each times its eigenvalue. Signals such as Ctrl-C are
    handled between two rows.
    """
    cdef int64_t n = rows.shape[0], d = rows.shape[1], p
    cdef int n_sweeps = 0
    cdef bint rotated = True
    cdef double largest = 0
    for p in range(n):
        largest = max(largest, inner(&rows[p, 0], &rows[p, 0], d))
    while rotated and n_sweeps < MAX_SWEEPS:
        rotated = False
        n_sweeps += 1
        for p in range(n - 1):
            with nogil:
                rotated |= rotate_with_rows_below(rows, p, NEGLIGIBLE_FRACTION * largest)
            PyErr_CheckSignals()
    return n_sweeps
