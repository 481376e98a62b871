/* The inner loops for one instruction set. _simd.h includes this file once for each set, after defining:
   LANES, VFLOAT, VINT   numbers in a register; the types of a register of floats and of one of 32-bit integers
   NAME                  adds the suffix of the instruction set to the name of a function
   TARGET                tells the compiler to use the instruction set */

#define BROADCAST(number) ((number) - (VFLOAT) {0})

TARGET static inline VFLOAT NAME(load)(const float *address) {
    VFLOAT v;
    memcpy(&v, address, sizeof v);
    return v;
}

TARGET static inline void NAME(store)(float *address, VFLOAT v) {
    memcpy(address, &v, sizeof v);
}

/* log x, for x > 0. With x = 2^k m, m in [sqrt(1/2), sqrt(2)) and s = (m - 1) / (m + 1),
   log x = k log 2 + 2 (s + s^3/3 + s^5/5 + ...). Subnormal x are first multiplied by 2^24. */
TARGET static inline VFLOAT NAME(logarithm)(VFLOAT x) {
    VINT subnormal = x < 1.17549435e-38f;
    x = (VFLOAT) ((subnormal & (VINT) (x * 16777216.0f)) | (~subnormal & (VINT) x));
    VINT k = ((VINT) x - 0x3f3504f3) >> 23;                     /* 0x3f3504f3: the bits of sqrt(1/2) */
    VFLOAT m = (VFLOAT) ((VINT) x - (k << 23));
    VFLOAT s = (m - 1.0f) / (m + 1.0f), z = s * s;
    VFLOAT series = ((((2.0f / 11 * z + 2.0f / 9) * z + 2.0f / 7) * z + 2.0f / 5) * z + 2.0f / 3) * z;
    VFLOAT power = __builtin_convertvector(k + (subnormal & -24), VFLOAT);
    /* log 2 in two parts, the first short enough for exact products */
    return power * 0.693145752f + (power * 1.42860677e-6f + (s * series + 2.0f * s));
}

/* e^t, for -87 <= t <= 0. With t = n log 2 + r and |r| <= log(2) / 2, e^t = 2^n (1 + r + r^2/2! + ...). */
TARGET static inline VFLOAT NAME(exponential)(VFLOAT t) {
    VFLOAT n = (t * 1.44269504f + 12582912.0f) - 12582912.0f;   /* 1.5 * 2^23: to add and subtract it rounds */
    VFLOAT r = (t - n * 0.693145752f) - n * 1.42860677e-6f;
    VFLOAT series = 1.0f / 5040 * r + 1.0f / 720;
    series = (((series * r + 1.0f / 120) * r + 1.0f / 24) * r + 1.0f / 6) * r + 0.5f;
    return (VFLOAT) ((VINT) (series * r * r + r + 1.0f) + (__builtin_convertvector(n, VINT) << 23));
}

/* 1 / sqrt(x) for normal x, with a relative error of at most 7e-4. An integer shift halves the exponent; one step of Newton's
   method follows, with the constants that minimise the largest error (Moroz, Walczyk, Hrynchyshyn, Holimath and Cieslinski,
   "Fast calculation of inverse square root with the use of magic constant", 2018). The instructions that approximate it
   differ between processors. */
TARGET static inline VFLOAT NAME(inverse_square_root)(VFLOAT x) {
    VFLOAT y = (VFLOAT) (0x5f1ffff9 - ((VINT) x >> 1));
    return 0.703952253f * y * (2.38924456f - x * y * y);
}

/* The dot product of two rows of parameters; _adagrad.pyx describes their layout. There are 16 partial sums; the upper half of
   them is added to the lower half until one is left. */
TARGET static inline float NAME(dot)(const float *w, const float *c, int64_t width) {
    const int64_t whole = width / SUM_LANES * SUM_LANES;
    VFLOAT parts[SUM_LANES / LANES] = {{0}};
    for (int64_t k = 0; k < whole; k += SUM_LANES)
        for (int64_t j = 0; j < SUM_LANES / LANES; j++)
            parts[j] += NAME(load)(w + 2 * k + j * LANES) * NAME(load)(c + 2 * k + j * LANES);
    w += 2 * whole;
    c += 2 * whole;
    float4 four;
#if LANES == 4
    if (whole < width) {
        parts[0] += NAME(load)(w) * NAME(load)(c);
        parts[1] += NAME(load)(w + LANES) * NAME(load)(c + LANES);
    }
    four = (parts[0] + parts[2]) + (parts[1] + parts[3]);
#else
#if LANES == 16
    union { float16 v; float8 half[2]; } sixteen = {parts[0]};
    float8 lower = sixteen.half[0], upper = sixteen.half[1];
#else
    float8 lower = parts[0], upper = parts[1];
#endif
    if (whole < width)
        lower += load_avx2(w) * load_avx2(c);
    union { float8 v; float4 half[2]; } eight = {lower + upper};
    four = eight.half[0] + eight.half[1];
#endif
    return (four[0] + four[2]) + (four[1] + four[3]);
}

/* One step of LANES columns: w -= g c / sqrt(G), then G += (g c)^2; and the same for c, with w from before the step. The
   accumulators lie `distance` numbers after the parameters. */
TARGET static inline void NAME(step)(float *w, float *c, int64_t distance, float g) {
    const VFLOAT old_w = NAME(load)(w), old_c = NAME(load)(c);
    const VFLOAT w_gradient = BROADCAST(g) * old_c, c_gradient = BROADCAST(g) * old_w;
    const VFLOAT w_sum = NAME(load)(w + distance), c_sum = NAME(load)(c + distance);
    NAME(store)(w, old_w - w_gradient * NAME(inverse_square_root)(w_sum));
    NAME(store)(c, old_c - c_gradient * NAME(inverse_square_root)(c_sum));
    NAME(store)(w + distance, w_sum + w_gradient * w_gradient);
    NAME(store)(c + distance, c_sum + c_gradient * c_gradient);
}

/* log x and f(x) = min(1, (x / x_max)^alpha) of n numbers, where n is a multiple of SUM_LANES. */
TARGET static void NAME(log_and_weight)(const float *x, int64_t n, float x_max, float alpha, float *log_x, float *f) {
    VFLOAT log_x_max = NAME(logarithm)(BROADCAST(x_max));
    for (int64_t i = 0; i < n; i += LANES) {
        VFLOAT log_of_x = NAME(logarithm)(NAME(load)(x + i));
        VFLOAT t = alpha * (log_of_x - log_x_max);
        t = (VFLOAT) ((VINT) t & (t < 0.0f));                   /* x >= x_max: f = e^0 */
        VINT tiny = t < -87.0f;
        t = (VFLOAT) ((tiny & (VINT) BROADCAST(-87.0f)) | (~tiny & (VINT) t));
        NAME(store)(log_x + i, log_of_x);
        NAME(store)(f + i, NAME(exponential)(t));
    }
}

/* The same for the values of at most BATCH records. */
TARGET static inline void NAME(log_and_weight_of)(
        const record_t *records, int64_t n, float x_max, float alpha, float *log_x, float *f) {
    float x[BATCH];
    for (int64_t i = 0; i < n; i++)
        x[i] = records[i].value;
    for (int64_t i = n; i < BATCH; i++)
        x[i] = 1;
    NAME(log_and_weight)(x, BATCH, x_max, alpha, log_x, f);
}

TARGET static double NAME(train)(
        const record_t *records,        /* IN      of one block, in the order of the visit */
        int64_t n,
        float *words,                   /* IN/OUT  the rows of the block, with their accumulators: 2 * width numbers each */
        float *contexts,                /* IN/OUT  the same for its columns */
        int64_t width,
        float x_max,
        float alpha) {
    const int64_t stride = 2 * width, whole = width / SUM_LANES * SUM_LANES;
    float log_x[BATCH], f[BATCH];
    double loss = 0;

    for (int64_t start = 0; start < n; start += BATCH) {
        const int64_t size = n - start < BATCH ? n - start : BATCH;
        NAME(log_and_weight_of)(records + start, size, x_max, alpha, log_x, f);

        for (int64_t i = 0; i < size; i++) {
            const record_t *record = records + start + i;
            const record_t *later = start + i + AHEAD < n ? record + AHEAD : record;
            float *w = words + record->row * stride, *c = contexts + record->column * stride;

            const char *later_w = (const char *) (words + later->row * stride);
            const char *later_c = (const char *) (contexts + later->column * stride);
            for (int64_t byte = 0; byte < stride * (int64_t) sizeof(float); byte += CACHE_LINE) {
                __builtin_prefetch(later_w + byte, 1);
                __builtin_prefetch(later_c + byte, 1);
            }

            /* w.c + b + b': in one column b is multiplied by 1, in another 1 by b' */
            const float diff = NAME(dot)(w, c, width) - log_x[i];
            const float g = f[i] * diff;
            loss += (double) g * diff;

            for (int64_t k = 0; k < whole; k += SUM_LANES)
                for (int64_t j = 0; j < SUM_LANES; j += LANES)
                    NAME(step)(w + 2 * k + j, c + 2 * k + j, SUM_LANES, g);
            if (whole < width)
#if LANES == 16
                step_avx2(w + 2 * whole, c + 2 * whole, HALF_CHUNK, g);
#else
                for (int64_t j = 0; j < HALF_CHUNK; j += LANES)
                    NAME(step)(w + 2 * whole + j, c + 2 * whole + j, HALF_CHUNK, g);
#endif
        }
    }
    return loss;
}

/* For each record (i, j, x), out_i += p in_j, or out_j += p in_i if `transposed`, where p = max(0, log x - rows_i - columns_j).
   Most p are 0, and no branch predictor guesses which: the others are collected first. */
TARGET static void NAME(add_products)(
        const record_t *records,        /* IN      of one block */
        int64_t n,
        const float *rows,              /* IN      a number for each row of the block */
        const float *columns,           /* IN      a number for each column */
        const float *in,                /* IN      `width` numbers for each column; for each row if `transposed` */
        float *out,                     /* IN/OUT  `width` numbers for each row; for each column if `transposed` */
        int64_t width,                  /* IN      a multiple of SUM_LANES */
        int transposed) {
    float log_x[BATCH], f[BATCH], p[BATCH];
    const float *from[BATCH];
    float *to[BATCH];

    for (int64_t start = 0; start < n; start += BATCH) {
        const int64_t size = n - start < BATCH ? n - start : BATCH;
        NAME(log_and_weight_of)(records + start, size, 1, 0, log_x, f);

        int64_t n_positive = 0;
        for (int64_t i = 0; i < size; i++) {
            const record_t *record = records + start + i;
            p[n_positive] = log_x[i] - rows[record->row] - columns[record->column];
            from[n_positive] = in + (transposed ? record->row : record->column) * width;
            to[n_positive] = out + (transposed ? record->column : record->row) * width;
            n_positive += p[n_positive] > 0;
        }
        for (int64_t i = 0; i < n_positive; i++) {
            const int64_t later = i + AHEAD < n_positive ? i + AHEAD : i;
            for (int64_t k = 0; k < width; k += CACHE_LINE / (int64_t) sizeof(float)) {
                __builtin_prefetch(from[later] + k);
                __builtin_prefetch(to[later] + k, 1);
            }
            for (int64_t k = 0; k < width; k += LANES)
                NAME(store)(to[i] + k, NAME(load)(to[i] + k) + BROADCAST(p[i]) * NAME(load)(from[i] + k));
        }
    }
}

#undef BROADCAST
#undef LANES
#undef VFLOAT
#undef VINT
#undef NAME
#undef TARGET
