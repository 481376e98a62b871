"""Kernels: products of matrices, and eigenvectors of symmetric ones, whose bits depend on nothing but their arguments.

BLAS and LAPACK sum in an order that depends on the processor and on the number of threads; the initialisation of training
must not. Here the order of every sum is fixed, and every operation is rounded once.

**Eigenvectors.** A symmetric matrix A of size n becomes A = Q T Q' with T tridiagonal, by n reflections (Householder, 1958), the
last row first. T becomes G D G' with D diagonal, by some n^2 rotations of neighbouring rows and columns: the implicit QL method
(Martin and Wilkinson, 1968). Q and G are never formed. The rotations are written down, and the wanted eigenvectors are the
columns of Q G: unit vectors to which the rotations and reflections are applied in reverse. That is done in strips of 16
columns, which stay in the cache and can be shared out among threads, since no column depends on another. Compared with Jacobi's
method, there are about 10 n^3 operations instead of 60 n^3.

**Cache.** A pass over the matrix costs more than the arithmetic in it. A reflection changes the matrix, and the next one needs a
product with the changed matrix: one pass does both. Products of matrices are computed in tiles that stay in registers.

The loops are in _linear_algebra_body.h, compiled for each instruction set.
"""

from cpython.exc cimport PyErr_CheckSignals
from libc.math cimport fabs, sqrt
from libc.stdint cimport int64_t

from glove_sklearn._system._bits cimport number_of_usable_sets

cdef extern from "glove_sklearn/_system/_linear_algebra.h":
    ctypedef struct matrix_loops_t:
        void multiply(double *, const double *, const double *, int64_t, int64_t, int64_t, int) noexcept nogil
        void update_and_multiply(double *, int64_t, int64_t, const double *, const double *, const double *,
                                 double *) noexcept nogil
        void rotate(double *, const double *, int64_t, int64_t) noexcept nogil
        void reflect(double *, const double *, double, int64_t) noexcept nogil
        void subtract_rows(double *, const double *, int64_t, const double *, int64_t, int64_t, int64_t, int64_t,
                           int) noexcept nogil
    const matrix_loops_t *MATRIX_LOOPS
    enum:
        STRIP

cdef enum:
    MAX_SWEEPS = 60             # of the QL method for one eigenvalue, which takes about two

#: Columns of a strip of eigenvectors.
STRIP_WIDTH = STRIP

cdef const matrix_loops_t *chosen


def use_instruction_set(int index):
    """Use the loops for the instruction set of this index, of those that the machine can run."""
    global chosen
    chosen = &MATRIX_LOOPS[index]


use_instruction_set(number_of_usable_sets() - 1)


def add_product(
        const double[:, ::1] left,      # IN     (n, d)
        const double[:, ::1] right,     # IN     (d, m)
        double[:, ::1] product,         # IN/OUT (n, m)
        bint lower):                    # IN     whether only the lower triangle of the product is wanted
    """Add `left` times `right`, term by term in the order of the d terms."""
    if left.shape[0] == 0 or left.shape[1] == 0 or right.shape[1] == 0:
        return
    with nogil:
        chosen.multiply(&product[0, 0], &left[0, 0], &right[0, 0], left.shape[0], left.shape[1], right.shape[1], lower)


def tridiagonalise(
        double[:, ::1] matrix,          # IN/OUT (n, n): the lower triangle of A; then, below the diagonal of row i, vector i
        double[::1] diagonal,           # OUT    (n,): the diagonal of T
        double[::1] off_diagonal,       # OUT    (n,): what is beside it; the last is 0
        double[::1] factors,            # OUT    (n,): tau_i; reflection i is I - tau_i v_i v_i'
        double[:, ::1] work,            # WORK   (3, n)
        double negligible):             # IN     a trace, of rows that are not yet reduced, that is rounding error
    """Find reflections such that A = Q T Q', with Q = H_{n-1} ... H_1, for a positive semidefinite matrix.

    Where the trace of what is left is negligible, so are all of its entries: a matrix of rank r takes about r reflections.
    Signals such as Ctrl-C are handled between two reflections.
    """
    cdef int64_t n = matrix.shape[0], i, k
    cdef double trace, square, norm, alpha, inner
    cdef double *x
    cdef double *v = &work[0, 0]        # of the last reflection, whose update has not been made yet
    cdef double *w = &work[1, 0]
    cdef double *product = &work[2, 0]
    work[:, :] = 0
    off_diagonal[:] = 0
    diagonal[:] = 0
    factors[:] = 0
    for i in range(n - 1, -1, -1):
        with nogil:
            # Only row i and the diagonal are brought up to date yet; the rest is, together with the product.
            x = &matrix[i, 0]
            for k in range(i + 1):
                x[k] = (x[k] - v[i] * w[k]) - w[i] * v[k]
            diagonal[i] = x[i]
            trace = x[i]
            for k in range(i):
                trace += (matrix[k, k] - v[k] * w[k]) - w[k] * v[k]
            square = 0
            for k in range(i - 1):
                square += x[k] * x[k]
            if trace > negligible and i > 0:
                off_diagonal[i - 1] = x[i - 1]
                if square > 0:
                    # v = x + sign(x_{i-1}) |x| e_{i-1}, so that H x = -sign(x_{i-1}) |x| e_{i-1}.
                    norm = sqrt(square + x[i - 1] * x[i - 1])
                    alpha = -norm if x[i - 1] >= 0 else norm
                    off_diagonal[i - 1] = alpha
                    factors[i] = 1 / (norm * (norm + fabs(x[i - 1])))
                    x[i - 1] -= alpha
                for k in range(i):
                    product[k] = 0
                chosen.update_and_multiply(&matrix[0, 0], n, i, v, w, x, product)
                # H A H = A - v w' - w v', with p = tau A v and w = p - (tau v'p / 2) v.
                inner = 0
                for k in range(i):
                    product[k] *= factors[i]
                    inner += product[k] * x[k]
                inner *= factors[i] / 2
                for k in range(i):
                    w[k] = product[k] - inner * x[k]
                    v[k] = x[k]
        if trace <= negligible:
            diagonal[i] = 0
            return
        PyErr_CheckSignals()


def diagonalise(
        double[::1] diagonal,           # IN/OUT (n,): the diagonal of T; then the eigenvalues, as far as they are done
        double[::1] off_diagonal,       # IN/OUT (n,): what is beside it; the last is 0
        int64_t first,                  # IN     eigenvalues that are done
        double negligible,              # IN     a number beside the diagonal that is rounding error
        double[:, ::1] rotations,       # OUT    (at least n, 2): cosine and sine of each, in order
        int64_t[:, ::1] sweeps):        # OUT    (at least 1, 2): the first and the last row of each sweep
    """Rotate a tridiagonal matrix until it is diagonal: the implicit QL method. Returns ``(first, n_rotations, n_sweeps)``.

    A sweep from row a to row b consists of b - a rotations: of the rows b - 1 and b, then of b - 2 and b - 1, and so on. It stops
    early, where there may be no room for another sweep, and continues when it is called again, with the ``first`` that it
    returned, until that is n.
    """
    cdef int64_t n = diagonal.shape[0], capacity = rotations.shape[0], n_rotations = 0, n_sweeps = 0, row = first, m, i
    cdef int count = 0
    cdef double g, r, s, c, p, f, b
    cdef double *d = &diagonal[0]
    cdef double *e = &off_diagonal[0]
    with nogil:
        while row < n:
            m = row
            while m < n - 1 and fabs(e[m]) > negligible:
                m += 1
            if m == row or count == MAX_SWEEPS:
                row += 1
                count = 0
                continue
            if n_rotations + n > capacity or n_sweeps == sweeps.shape[0]:
                break
            count += 1
            e[m] = 0
            # The shift is the eigenvalue of the first 2 x 2 block that is closer to its first entry.
            g = (d[row + 1] - d[row]) / (2 * e[row])
            r = sqrt(g * g + 1)
            g = d[m] - d[row] + e[row] / (g + (r if g >= 0 else -r))
            s = c = 1
            p = 0
            i = m - 1
            while i >= row:
                f = s * e[i]
                b = c * e[i]
                r = sqrt(f * f + g * g)
                e[i + 1] = r
                if r == 0:
                    # The matrix has fallen apart here.
                    d[i + 1] -= p
                    break
                s = f / r
                c = g / r
                g = d[i + 1] - p
                r = (d[i] - g) * s + 2 * c * b
                p = s * r
                d[i + 1] = g + p
                g = c * r - b
                rotations[n_rotations, 0] = c
                rotations[n_rotations, 1] = s
                n_rotations += 1
                i -= 1
            sweeps[n_sweeps, 0] = i + 1
            sweeps[n_sweeps, 1] = m
            n_sweeps += 1
            if i < row:
                d[row] -= p
                e[row] = g
            e[m] = 0
    return row, n_rotations, n_sweeps


def rotate_back(
        const double[:, ::1] rotations,     # IN     (n_rotations, 2), of `diagonalise`
        const int64_t[:, ::1] sweeps,       # IN     (n_sweeps, 2)
        double[:, ::1] strip):              # IN/OUT (n, STRIP_WIDTH)
    """Apply rotations to columns in reverse order, so that an eigenvector of D becomes one of T."""
    cdef int64_t sweep, end = rotations.shape[0], n
    with nogil:
        for sweep in range(sweeps.shape[0] - 1, -1, -1):
            n = sweeps[sweep, 1] - sweeps[sweep, 0]
            end -= n
            if n:
                chosen.rotate(&strip[0, 0], &rotations[end, 0], sweeps[sweep, 0], n)


def reflect_back(
        const double[:, ::1] reflections,   # IN     (n, n), of `tridiagonalise`
        const double[::1] factors,          # IN     (n,)
        double[:, ::1] strip):              # IN/OUT (n, STRIP_WIDTH)
    """Apply reflections to columns in reverse order, so that an eigenvector of T becomes one of A."""
    cdef int64_t i
    with nogil:
        for i in range(1, reflections.shape[0]):
            if factors[i] != 0:
                chosen.reflect(&strip[0, 0], &reflections[i, 0], factors[i], i)


def orthonormalise(
        const double[:, ::1] gram,      # IN     (n, n): A'A
        double negligible,              # IN     the square of a length that is rounding error
        double[:, ::1] factor,          # WORK   (n, n)
        double[:, ::1] coefficients):   # OUT    (n, n): 0 above the diagonal
    """Compute C such that the columns of A C' are orthonormal, or 0 where a column of A depends on those before it.

    The columns of C' are those of the Gram-Schmidt process. With R the Cholesky factor of the Gram matrix, A'A = R'R, C' is the
    inverse of R; its columns satisfy R_jj c_j = e_j - sum_{t < j} R_tj c_t. Signals are handled between two columns.
    """
    cdef int64_t n = gram.shape[0], j, k
    cdef double root
    for j in range(n):
        with nogil:
            for k in range(n):
                factor[j, k] = gram[j, k]
                coefficients[j, k] = 0
            chosen.subtract_rows(&factor[j, 0], &factor[0, j], n, &factor[0, 0], n, j, j, n, False)
            if factor[j, j] > negligible:
                coefficients[j, j] = 1
                chosen.subtract_rows(&coefficients[j, 0], &factor[0, j], n, &coefficients[0, 0], n, j, 0, j, True)
                root = sqrt(factor[j, j])
                for k in range(j, n):
                    factor[j, k] /= root
                for k in range(j + 1):
                    coefficients[j, k] /= root
            else:
                for k in range(n):
                    factor[j, k] = 0
        PyErr_CheckSignals()
