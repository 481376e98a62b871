/* Types that the training kernels share: records, vectors, and an instruction set as a table of functions. The vector types are
   an extension of C that GCC and Clang have. */

#ifndef GLOVE_SKLEARN_SIMD_H
#define GLOVE_SKLEARN_SIMD_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if !defined(__GNUC__) && !defined(__clang__)
#error "glove_sklearn needs GCC or Clang, for their vector extension of C"
#endif

typedef struct {
    uint16_t row;
    uint16_t column;
    float value;
} record_t;

/* Cython's Record, in _records.pxd, and NumPy's RECORD, in blocks.py, have this layout. */
_Static_assert(sizeof(record_t) == 8 && offsetof(record_t, row) == 0 && offsetof(record_t, column) == 2
               && offsetof(record_t, value) == 4, "the layout of a record has changed");

enum {
    SUM_LANES = 16,     /* partial sums of a dot product, and columns of a chunk */
    HALF_CHUNK = 8,     /* a row is padded to a multiple of it: its last chunk may be a half */
    BATCH = 64,         /* records whose logarithms and weights are computed at a time */
    AHEAD = 4,          /* records between the prefetch of parameters and their use */
    CACHE_LINE = 64
};

typedef float float4 __attribute__((vector_size(16)));
typedef float float8 __attribute__((vector_size(32)));
typedef float float16 __attribute__((vector_size(64)));
typedef int32_t int4 __attribute__((vector_size(16)));
typedef int32_t int8 __attribute__((vector_size(32)));
typedef int32_t int16 __attribute__((vector_size(64)));

typedef double train_t(const record_t *, int64_t, float *, float *, int64_t, float, float);
typedef void add_products_t(const record_t *, int64_t, const float *, const float *, const float *, float *, int64_t, int);
typedef void log_and_weight_t(const float *, int64_t, float, float, float *, float *);

typedef struct {
    const char *name;
    train_t *train;
    add_products_t *add_products;
    log_and_weight_t *log_and_weight;
} instruction_set_t;

#endif
