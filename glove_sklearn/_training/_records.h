/* The layout of a record, declared here for C, Cython (_records.pxd) and NumPy (RECORD in _blocks.pyx, made from this struct). */

#ifndef GLOVE_SKLEARN_RECORDS_H
#define GLOVE_SKLEARN_RECORDS_H

#include <stddef.h>
#include <stdint.h>

/* One entry of X, named by its indices inside a block. */
typedef struct {
    uint16_t row;           /* index of the row in its partition */
    uint16_t column;        /* index of the column in its partition */
    float value;            /* X_ij */
} record_t;

_Static_assert(
    offsetof(record_t, row) == 0 && offsetof(record_t, column) == 2 && offsetof(record_t, value) == 4 && sizeof(record_t) == 8,
    "a record is two 16-bit indices and a float32, in 8 bytes without padding");

#endif
