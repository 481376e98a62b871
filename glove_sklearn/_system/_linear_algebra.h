/* The loops of linear algebra, compiled for each instruction set, with a table to choose from at run time.

   They consist of additions, subtractions and multiplications, each rounded once (-ffp-contract=off), in an order that does not
   depend on the width of the registers, so that every instruction set computes the same bits. */

#ifndef GLOVE_SKLEARN_LINEAR_ALGEBRA_H
#define GLOVE_SKLEARN_LINEAR_ALGEBRA_H

#include <stdint.h>
#include <string.h>

#include "glove_sklearn/_system/_bits.h"

enum {
    TERMS = 256,    /* terms that are added to a tile of a product before the next tile */
    STRIP = 16      /* columns that are rotated together */
};

typedef double double2 __attribute__((vector_size(16)));
typedef double double4 __attribute__((vector_size(32)));
typedef double double8 __attribute__((vector_size(64)));

#define LANES 2
#define VDOUBLE double2
#define NAME(name) name##_baseline
#define TARGET
#include "_linear_algebra_body.h"

#if defined(__x86_64__)

#define LANES 4
#define VDOUBLE double4
#define NAME(name) name##_avx2
#define TARGET __attribute__((target("avx2")))
#include "_linear_algebra_body.h"

#define LANES 8
#define VDOUBLE double8
#define NAME(name) name##_avx512
#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl")))
#include "_linear_algebra_body.h"

#endif

typedef struct {
    void (*multiply)(double *, const double *, const double *, int64_t, int64_t, int64_t, int);
    void (*update_and_multiply)(double *, int64_t, int64_t, const double *, const double *, const double *, double *);
    void (*rotate)(double *, const double *, int64_t, int64_t);
    void (*reflect)(double *, const double *, double, int64_t);
    void (*subtract_rows)(double *, const double *, int64_t, const double *, int64_t, int64_t, int64_t, int64_t, int);
} matrix_loops_t;

#define LOOPS(set) {multiply_##set, update_and_multiply_##set, rotate_##set, reflect_##set, subtract_rows_##set}

/* In the order of instruction_set_name. */
static const matrix_loops_t MATRIX_LOOPS[] = {
    LOOPS(baseline),
#if defined(__x86_64__)
    LOOPS(avx2),
    LOOPS(avx512),
#endif
};

#endif
