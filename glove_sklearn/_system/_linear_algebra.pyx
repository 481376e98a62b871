"""Kernels: products of tall matrices, and the eigenvectors of small ones, whose bits depend on nothing but their arguments.

BLAS and LAPACK add in an order that depends on the processor and on the number of threads, which initial vectors must not depend
on. Here every sum is computed in one order, and every operation has one rounding.
"""

from cpython.exc cimport PyErr_CheckSignals
from libc.math cimport fabs, sqrt
from libc.stdint cimport int64_t

cdef extern from *:
    """
    /* The arrays do not overlap; otherwise the compiler would have to check at each call. */
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

    /* In four partial sums, which the compiler can vectorise. */
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
    MOST_SWEEPS = 60            # of Jacobi's method, which takes about ten

#: Rows whose cosine is smaller count as orthogonal.
cdef double ORTHOGONAL = 1e-12
#: A row whose squared length, relative to the largest, is smaller is rounding error.
cdef double NOTHING = 1e-34


def add_gram(
        const double[:, ::1] rows,      # IN     (n, d)
        const double[::1] weights,      # IN     (n,)
        double[:, ::1] gram):           # IN/OUT (d, d)
    """Add the sum of weight times (row, its transpose) over the rows: the lower triangle alone."""
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


cdef bint rotate_with_those_below(double[:, ::1] rows, int64_t p, double nothing) noexcept nogil:
    cdef int64_t n = rows.shape[0], d = rows.shape[1], q
    cdef bint rotated = False
    cdef double a, b, ab, zeta, tangent, cosine
    for q in range(p + 1, n):
        a = inner(&rows[p, 0], &rows[p, 0], d)
        b = inner(&rows[q, 0], &rows[q, 0], d)
        ab = inner(&rows[p, 0], &rows[q, 0], d)
        if a <= nothing or b <= nothing or fabs(ab) <= ORTHOGONAL * sqrt(a) * sqrt(b):
            continue
        rotated = True
        zeta = (b - a) / (2 * ab)
        tangent = (1 if zeta >= 0 else -1) / (fabs(zeta) + sqrt(1 + zeta * zeta))
        cosine = 1 / sqrt(1 + tangent * tangent)
        rotate(&rows[p, 0], &rows[q, 0], cosine, cosine * tangent, d)
    return rotated


def orthogonalise(
        double[:, ::1] rows):           # IN/OUT (n, d)
    """Rotate pairs of rows until all are orthogonal: one-sided Jacobi (Hestenes, 1958). Returns the number of sweeps.

    The rows of a positive semidefinite matrix are then its eigenvectors, each multiplied by its eigenvalue. Interruptions are
    checked for after each row.
    """
    cdef int64_t n = rows.shape[0], d = rows.shape[1], p
    cdef int n_sweeps = 0
    cdef bint rotated = True
    cdef double largest = 0
    for p in range(n):
        largest = max(largest, inner(&rows[p, 0], &rows[p, 0], d))
    while rotated and n_sweeps < MOST_SWEEPS:
        rotated = False
        n_sweeps += 1
        for p in range(n - 1):
            with nogil:
                rotated |= rotate_with_those_below(rows, p, NOTHING * largest)
            PyErr_CheckSignals()
    return n_sweeps
