/* The inner loops of the variance of word vectors, compiled for each instruction set.

   As in training, the arithmetic consists of operations that are rounded once, in an order that does not depend on the width of
   the registers: each element of a matrix is a sum of its own, and a dot product is kept in COLUMNS partial sums. */

#ifndef GLOVE_SKLEARN_GRAM_H
#define GLOVE_SKLEARN_GRAM_H

#include <math.h>
#include <stdint.h>
#include <string.h>

enum {
    COLUMNS = 8,        /* of a tile; rows of the design matrix are padded to a multiple of it */
    ENTRIES = 32,       /* rows of the design matrix that are in the cache at a time */
    ENTRIES_AHEAD = 4   /* between the prefetch of a context vector and its use */
};

/* A column is a linear combination of those before it if no more than this fraction of its square is left. */
#define NEGLIGIBLE_FRACTION 1e-12

typedef double double2 __attribute__((vector_size(16)));
typedef double double4 __attribute__((vector_size(32)));
typedef double double8 __attribute__((vector_size(64)));
typedef float floats2 __attribute__((vector_size(8)));
typedef float floats4 __attribute__((vector_size(16)));
typedef float floats8 __attribute__((vector_size(32)));

#define LANES 2
#define ROWS 2
#define VDOUBLE double2
#define VFLOAT floats2
#define NAME(name) name##_baseline
#define TARGET
#include "_gram_body.h"

#if defined(__x86_64__)

#define LANES 4
#define ROWS 4
#define VDOUBLE double4
#define VFLOAT floats4
#define NAME(name) name##_avx2
#define TARGET __attribute__((target("avx2")))
#include "_gram_body.h"

#define LANES 8
#define ROWS 8
#define VDOUBLE double8
#define VFLOAT floats8
#define NAME(name) name##_avx512
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#include "_gram_body.h"

#endif

/* See _gram_body.h for the arguments. */
typedef struct {
    const char *name;
    void (*add_entries)(const int32_t *, const float *, const float *, int64_t, const float *, const float *, const float *, float,
                        int64_t, int, double *, int64_t, double *);
    int (*factorise)(double *, int64_t, int64_t, double *, double *);
    void (*solve)(const double *, int64_t, int64_t, double *);
} loops_t;

static const loops_t LOOPS[] = {
    {"baseline", add_entries_baseline, factorise_baseline, solve_baseline},
#if defined(__x86_64__)
    {"avx2", add_entries_avx2, factorise_avx2, solve_avx2},
    {"avx512", add_entries_avx512, factorise_avx512, solve_avx512},
#endif
};

/* The loops for the instruction set of this name. */
static const loops_t *loops_for(const char *name) {
    const loops_t *loops = LOOPS;
    while (strcmp(loops->name, name) != 0)
        loops++;
    return loops;
}

#endif
