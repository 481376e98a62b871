/* What the kernels of training know of an instruction set: its loops, and how these want their data laid out.

   The loops are compiled by _instruction_sets.pyx alone, which includes _simd.h. */

#ifndef GLOVE_SKLEARN_INSTRUCTION_SETS_H
#define GLOVE_SKLEARN_INSTRUCTION_SETS_H

#include <stdint.h>

#include "glove_sklearn/_training/_records.h"

enum {
    SUM_LANES = 16,     /* partial sums of a dot product, and columns of a chunk */
    HALF_CHUNK = 8      /* rows are padded to a multiple of it: their last chunk may be a half */
};

/* See _simd_body.h for the arguments. */
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
