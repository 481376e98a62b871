/* The inner loops for one instruction set. _gram.h includes this file once for each set, after defining:
   LANES, VDOUBLE, VFLOAT  numbers in a register; its type, and that of as many floats
   ROWS                    rows of a tile: as many as leave its sums in registers
   NAME                    adds the suffix of the instruction set to the name of a function
   TARGET                  tells the compiler to use the instruction set */

/* Writes the row of the design matrix of an entry with the context vector c: sqrt(f) (c, 1, residual), or without the 1. */
TARGET static inline void NAME(write_row)(const float *c, const float *w, double bias, double log_x, double root, int64_t d,
                                          int with_bias, double *row) {
    double sums[COLUMNS];
    VDOUBLE parts[COLUMNS / LANES] = {{0}};
    int64_t k = 0;
    for (; k + COLUMNS <= d; k += COLUMNS)
        for (int64_t j = 0; j < COLUMNS / LANES; j++) {
            VFLOAT some_c, some_w;
            memcpy(&some_c, c + k + j * LANES, sizeof some_c);
            memcpy(&some_w, w + k + j * LANES, sizeof some_w);
            const VDOUBLE c_values = __builtin_convertvector(some_c, VDOUBLE);
            const VDOUBLE scaled = root * c_values;
            parts[j] += __builtin_convertvector(some_w, VDOUBLE) * c_values;
            memcpy(row + k + j * LANES, &scaled, sizeof scaled);
        }
    memcpy(sums, parts, sizeof sums);
    for (; k < d; k++) {
        row[k] = root * c[k];
        sums[k % COLUMNS] += (double) w[k] * c[k];
    }
    const double dot = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    if (with_bias)
        row[k++] = root;
    row[k] = root * (log_x - (dot + bias));
}

/* gram += A'A for n rows of A, in tiles: those that hold a part of the upper triangle. */
TARGET static inline void NAME(add_tiles)(const double *a, int64_t n, int64_t width, double *gram) {
    for (int64_t row = 0; row < width; row += ROWS)
        for (int64_t column = row / COLUMNS * COLUMNS; column < width; column += COLUMNS) {
            VDOUBLE sums[ROWS][COLUMNS / LANES];
#pragma GCC unroll 8
            for (int64_t r = 0; r < ROWS; r++)
#pragma GCC unroll 8
                for (int64_t j = 0; j < COLUMNS / LANES; j++)
                    sums[r][j] = (VDOUBLE) {0};
            for (int64_t i = 0; i < n; i++) {
                const double *line = a + i * width;
                VDOUBLE right[COLUMNS / LANES];
#pragma GCC unroll 8
                for (int64_t j = 0; j < COLUMNS / LANES; j++)
                    memcpy(&right[j], line + column + j * LANES, sizeof right[j]);
#pragma GCC unroll 8
                for (int64_t r = 0; r < ROWS; r++)
#pragma GCC unroll 8
                    for (int64_t j = 0; j < COLUMNS / LANES; j++)
                        sums[r][j] += line[row + r] * right[j];
            }
#pragma GCC unroll 8
            for (int64_t r = 0; r < ROWS; r++)
#pragma GCC unroll 8
                for (int64_t j = 0; j < COLUMNS / LANES; j++) {
                    VDOUBLE old;
                    double *address = gram + (row + r) * width + column + j * LANES;
                    memcpy(&old, address, sizeof old);
                    old += sums[r][j];
                    memcpy(address, &old, sizeof old);
                }
        }
}

TARGET static void NAME(add_entries)(
        const int32_t *columns,         /* IN      of the entries of a row of X */
        const float *log_x,             /* IN      their logarithms */
        const float *f,                 /* IN      and weights */
        int64_t n,
        const float *contexts,          /* IN      d numbers for each column */
        const float *context_biases,
        const float *word,              /* IN      d numbers */
        float word_bias,
        int64_t d,
        int with_bias,                  /* IN      whether the bias of the word is an unknown */
        double *rows,                   /* WORK    ENTRIES * width numbers, whose padding is 0 */
        int64_t width,                  /* IN      a multiple of COLUMNS */
        double *gram) {                 /* IN/OUT  (width, width): the upper triangle */
    for (int64_t start = 0; start < n; start += ENTRIES) {
        const int64_t size = n - start < ENTRIES ? n - start : ENTRIES;
        for (int64_t i = 0; i < size; i++) {
            const int64_t entry = start + i;
            const int64_t later = entry + ENTRIES_AHEAD < n ? entry + ENTRIES_AHEAD : entry;
            for (int64_t k = 0; k < d; k += 16)
                __builtin_prefetch(contexts + columns[later] * d + k);
            NAME(write_row)(contexts + columns[entry] * d, word, (double) word_bias + context_biases[columns[entry]],
                            log_x[entry], sqrt((double) f[entry]), d, with_bias, rows + i * width);
        }
        NAME(add_tiles)(rows, size, width, gram);
    }
}

/* Cholesky's method, row by row: the upper triangle of the first q rows becomes U with U'U = gram, and is packed. Returns whether
   the first q - 1 columns are linearly independent. */
TARGET static int NAME(factorise)(
        double *gram,                   /* WORK    (width, width) */
        int64_t width,
        int64_t q,
        double *diagonal,               /* WORK    q numbers */
        double *packed) {               /* OUT     q (q + 1) / 2 numbers */
    for (int64_t k = 0; k < q; k++)
        diagonal[k] = gram[k * width + k];
    for (int64_t k = 0; k < q; k++) {
        const double *restrict row = gram + k * width;
        double *restrict u = packed;
        const int64_t n = q - k;
        const double pivot = row[k];
        if (k < q - 1 && !(pivot > NEGLIGIBLE_FRACTION * diagonal[k]))
            return 0;
        const double root = pivot > 0 ? sqrt(pivot) : 0;
        u[0] = root;
        for (int64_t j = 1; j < n; j++)
            u[j] = row[k + j] / root;
        for (int64_t i = 1; i < n; i++) {
            double *restrict below = gram + (k + i) * width + k;
            const double factor = u[i];
            for (int64_t j = i; j < n; j++)
                below[j] -= factor * u[j];
        }
        packed += n;
    }
    return 1;
}

/* x becomes the solution of U'x = x, for the first p rows of a packed factor of q. */
TARGET static void NAME(solve)(
        const double *packed,           /* IN      q (q + 1) / 2 numbers */
        int64_t q,
        int64_t p,
        double *x) {                    /* IN/OUT  p numbers */
    for (int64_t k = 0; k < p; k++) {
        const double *restrict u = packed;
        double *restrict rest = x + k;
        const double solved = rest[0] / u[0];
        rest[0] = solved;
        for (int64_t j = 1; j < p - k; j++)
            rest[j] -= solved * u[j];
        packed += q - k;
    }
}

#undef LANES
#undef ROWS
#undef VDOUBLE
#undef VFLOAT
#undef NAME
#undef TARGET
