"""The instruction set in use, for the kernels that call its loops."""

from libc.stdint cimport int64_t

from glove_sklearn._training._records cimport Record

cdef extern from "glove_sklearn/_training/_instruction_sets.h":
    enum:
        SUM_LANES
        HALF_CHUNK
    ctypedef double train_t(const Record *, int64_t, float *, float *, int64_t, float, float) noexcept nogil
    ctypedef void add_products_t(
        const Record *, int64_t, const float *, const float *, const float *, float *, int64_t, int) noexcept nogil
    ctypedef void log_and_weight_t(const float *, int64_t, float, float, float *, float *) noexcept nogil
    ctypedef struct instruction_set_t:
        const char *name
        train_t *train
        add_products_t *add_products
        log_and_weight_t *log_and_weight

cdef const instruction_set_t *chosen
