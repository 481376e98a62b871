/* The loops of linear algebra for one instruction set; _linear_algebra.h includes this file once for each.

   LANES is the number of float64 in a register, VDOUBLE a vector of as many, TARGET an attribute that tells the compiler to use
   the set, and NAME(f) the name of function f in it. Every element of a result is a sum in an order that depends neither on LANES
   nor on how the loops are cut into blocks: that of the terms, or that of 8 partial sums. */

#define TILE_COLUMNS (2 * LANES)

/* product[i][j] += sum over t, in order, of left[i][t] * right[t][j]; with `lower`, at least where j <= i.

   Tiles of 4 rows and two registers of columns stay in registers while TERMS terms are added; the columns of `right` that they
   need are packed, so that their rows do not compete for the same lines of the cache. Blocks of zeros are skipped. */
TARGET static void NAME(multiply)(double *restrict product, const double *restrict left, const double *restrict right,
                                  int64_t n_rows, int64_t n_terms, int64_t n_columns, int lower) {
    double panel[TERMS * TILE_COLUMNS] __attribute__((aligned(64)));
    double corner[4 * TILE_COLUMNS] __attribute__((aligned(64)));
    for (int64_t first_term = 0; first_term < n_terms; first_term += TERMS) {
        const int64_t terms = n_terms - first_term < TERMS ? n_terms - first_term : TERMS;
        for (int64_t column = 0; column < n_columns; column += TILE_COLUMNS) {
            const int64_t width = n_columns - column < TILE_COLUMNS ? n_columns - column : TILE_COLUMNS;
            int is_zero = 1;
            for (int64_t t = 0; t < terms; t++) {
                const double *source = right + (first_term + t) * n_columns + column;
                double *target = panel + t * TILE_COLUMNS;
                for (int64_t j = 0; j < width; j++) {
                    target[j] = source[j];
                    is_zero &= source[j] == 0;
                }
                for (int64_t j = width; j < TILE_COLUMNS; j++)
                    target[j] = 0;
            }
            if (is_zero)
                continue;
            for (int64_t row = lower ? column / 4 * 4 : 0; row < n_rows; row += 4) {
                const int64_t height = n_rows - row < 4 ? n_rows - row : 4;
                const double *a[4];
                VDOUBLE sums[4][2];
                double *target = product + row * n_columns + column;
                const int is_whole = height == 4 && width == TILE_COLUMNS;
                for (int64_t i = 0; i < 4; i++) {
                    a[i] = left + (row + (i < height ? i : 0)) * n_terms + first_term;
                    if (!is_whole) {
                        memset(corner + i * TILE_COLUMNS, 0, sizeof(double) * TILE_COLUMNS);
                        if (i < height)
                            memcpy(corner + i * TILE_COLUMNS, target + i * n_columns, sizeof(double) * (size_t) width);
                    }
                    const double *from = is_whole ? target + i * n_columns : corner + i * TILE_COLUMNS;
                    memcpy(&sums[i][0], from, sizeof(VDOUBLE));
                    memcpy(&sums[i][1], from + LANES, sizeof(VDOUBLE));
                }
                for (int64_t t = 0; t < terms; t++) {
                    VDOUBLE low, high;
                    memcpy(&low, panel + t * TILE_COLUMNS, sizeof(VDOUBLE));
                    memcpy(&high, panel + t * TILE_COLUMNS + LANES, sizeof(VDOUBLE));
                    for (int i = 0; i < 4; i++) {
                        sums[i][0] += a[i][t] * low;
                        sums[i][1] += a[i][t] * high;
                    }
                }
                for (int64_t i = 0; i < height; i++) {
                    double *to = is_whole ? target + i * n_columns : corner + i * TILE_COLUMNS;
                    memcpy(to, &sums[i][0], sizeof(VDOUBLE));
                    memcpy(to + LANES, &sums[i][1], sizeof(VDOUBLE));
                    if (!is_whole)
                        memcpy(target + i * n_columns, to, sizeof(double) * (size_t) width);
                }
            }
        }
    }
}

/* One pass over the lower triangle of the symmetric n x n matrix A, whose rows are `stride` apart:

       A -= v w' + w v',   product = A x

   product must be 0. Four rows at a time, whose common columns are visited together. */
TARGET static void NAME(update_and_multiply)(double *restrict matrix, int64_t stride, int64_t n, const double *restrict v,
                                             const double *restrict w, const double *restrict x, double *restrict product) {
    int64_t row = 0;
    for (; row + 4 <= n; row += 4) {
        double *a[4], sums[4];
        double8 partial[4];
        for (int i = 0; i < 4; i++) {
            a[i] = matrix + (row + i) * stride;
            partial[i] = (double8) {0};
        }
        int64_t j = 0;
        for (; j + 8 <= row; j += 8) {
            double8 vj, wj, xj, p, entry;
            memcpy(&vj, v + j, 64);
            memcpy(&wj, w + j, 64);
            memcpy(&xj, x + j, 64);
            memcpy(&p, product + j, 64);
            for (int i = 0; i < 4; i++) {
                memcpy(&entry, a[i] + j, 64);
                entry = (entry - v[row + i] * wj) - w[row + i] * vj;
                memcpy(a[i] + j, &entry, 64);
                partial[i] += entry * xj;
                p += x[row + i] * entry;
            }
            memcpy(product + j, &p, 64);
        }
        for (int i = 0; i < 4; i++)
            sums[i] = ((partial[i][0] + partial[i][4]) + (partial[i][1] + partial[i][5]))
                      + ((partial[i][2] + partial[i][6]) + (partial[i][3] + partial[i][7]));
        for (int i = 0; i < 4; i++) {
            for (int64_t k = j; k < row + i; k++) {
                a[i][k] = (a[i][k] - v[row + i] * w[k]) - w[row + i] * v[k];
                sums[i] += a[i][k] * x[k];
                product[k] += x[row + i] * a[i][k];
            }
            a[i][row + i] = (a[i][row + i] - v[row + i] * w[row + i]) - w[row + i] * v[row + i];
            product[row + i] += sums[i] + a[i][row + i] * x[row + i];
        }
    }
    for (; row < n; row++) {
        double *a = matrix + row * stride, sum = 0;
        for (int64_t k = 0; k < row; k++) {
            a[k] = (a[k] - v[row] * w[k]) - w[row] * v[k];
            sum += a[k] * x[k];
            product[k] += x[row] * a[k];
        }
        a[row] = (a[row] - v[row] * w[row]) - w[row] * v[row];
        product[row] += sum + a[row] * x[row];
    }
}

/* Apply `n` rotations to consecutive pairs of rows of a strip: the last of them to the rows `first` and `first` + 1, the one
   before to the next pair, and so on. A row is loaded once for both of its rotations. */
TARGET static void NAME(rotate)(double *restrict strip, const double *restrict rotations, int64_t first, int64_t n) {
    VDOUBLE upper[STRIP / LANES], lower;
    double *row = strip + first * STRIP;
    memcpy(upper, row, sizeof(upper));
    for (int64_t r = n - 1; r >= 0; r--) {
        const double c = rotations[2 * r], s = rotations[2 * r + 1];
        for (int k = 0; k < STRIP / LANES; k++) {
            memcpy(&lower, row + STRIP + k * LANES, sizeof(lower));
            const VDOUBLE rotated = c * upper[k] + s * lower;
            upper[k] = c * lower - s * upper[k];
            memcpy(row + k * LANES, &rotated, sizeof(rotated));
        }
        row += STRIP;
    }
    memcpy(row, upper, sizeof(upper));
}

/* Reflect the first n rows of a strip: strip -= tau v (v' strip). */
TARGET static void NAME(reflect)(double *restrict strip, const double *restrict v, double tau, int64_t n) {
    VDOUBLE sums[STRIP / LANES], entry;
    for (int k = 0; k < STRIP / LANES; k++)
        sums[k] = (VDOUBLE) {0};
    for (int64_t i = 0; i < n; i++)
        for (int k = 0; k < STRIP / LANES; k++) {
            memcpy(&entry, strip + i * STRIP + k * LANES, sizeof(entry));
            sums[k] += v[i] * entry;
        }
    for (int k = 0; k < STRIP / LANES; k++)
        sums[k] = tau * sums[k];
    for (int64_t i = 0; i < n; i++)
        for (int k = 0; k < STRIP / LANES; k++) {
            memcpy(&entry, strip + i * STRIP + k * LANES, sizeof(entry));
            entry -= v[i] * sums[k];
            memcpy(strip + i * STRIP + k * LANES, &entry, sizeof(entry));
        }
}

/* target[j] -= sum over t, in order, of factors[t * factor_stride] * rows[t][j], for first <= j < last; with `lower`, row t has
   entries up to t only. */
TARGET static void NAME(subtract_rows)(double *restrict target, const double *restrict factors, int64_t factor_stride,
                                       const double *restrict rows, int64_t stride, int64_t n_rows, int64_t first,
                                       int64_t last, int lower) {
    int64_t t = 0;
    for (; t + 4 <= n_rows; t += 4) {
        const double *row = rows + t * stride;
        const double a = factors[t * factor_stride], b = factors[(t + 1) * factor_stride];
        const double c = factors[(t + 2) * factor_stride], d = factors[(t + 3) * factor_stride];
        const int64_t end = lower ? t + 4 : last;
        int64_t j = first;
        for (; j + LANES <= end; j += LANES) {
            VDOUBLE sum, wa, wb, wc, wd;
            memcpy(&sum, target + j, sizeof(sum));
            memcpy(&wa, row + j, sizeof(wa));
            memcpy(&wb, row + stride + j, sizeof(wb));
            memcpy(&wc, row + 2 * stride + j, sizeof(wc));
            memcpy(&wd, row + 3 * stride + j, sizeof(wd));
            sum = (((sum - a * wa) - b * wb) - c * wc) - d * wd;
            memcpy(target + j, &sum, sizeof(sum));
        }
        for (; j < end; j++)
            target[j] = (((target[j] - a * row[j]) - b * row[stride + j]) - c * row[2 * stride + j]) - d * row[3 * stride + j];
    }
    for (; t < n_rows; t++)
        for (int64_t j = first; j < (lower ? t + 1 : last); j++)
            target[j] -= factors[t * factor_stride] * rows[t * stride + j];
}

#undef TILE_COLUMNS
#undef LANES
#undef VDOUBLE
#undef NAME
#undef TARGET
