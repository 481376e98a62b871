/* Trains on the same records with every instruction set of this machine, and prints a digest of the parameters for each width
   of a row. The digests are the same on every machine, whatever the compiler. Where there is AVX2, vectors of 16 numbers are
   tested as well, of which each is two registers of AVX2.

   The last line says how many instruction sets this machine can run. */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "glove_sklearn/_training/_simd.h"

#if defined(__x86_64__)
#define LANES 16
#define VFLOAT float16
#define VINT int16
#define NAME(name) name##_halved
#define TARGET __attribute__((target("avx2")))
#include "glove_sklearn/_training/_simd_body.h"
#endif

enum { ROWS = 40, RECORDS = 5003, MAX_RUNS = 4 };

/* rand() differs between C libraries. */
static int random_below(int n) {
    static uint32_t state = 1;
    state = state * 1664525u + 1013904223u;
    return (int) ((state >> 16) % (uint32_t) n);
}

static float *random_rows(int64_t width) {
    float *rows = malloc(ROWS * 2 * width * sizeof(float));
    for (int64_t row = 0; row < ROWS; row++)
        for (int64_t k = 0; k < width; k++) {
            const int64_t chunk = k / SUM_LANES * SUM_LANES, rest = width - chunk;
            float *parameter = rows + row * 2 * width + chunk + k;
            parameter[0] = (float) (random_below(1000) - 500) / 5000;
            parameter[rest < SUM_LANES ? rest : SUM_LANES] = 400;
        }
    return rows;
}

static float *copy_of(const float *rows, size_t size) {
    float *copy = malloc(size);
    memcpy(copy, rows, size);
    return copy;
}

/* FNV-1a. */
static uint64_t digest_of(const void *data, size_t size, uint64_t digest) {
    for (size_t i = 0; i < size; i++)
        digest = (digest ^ ((const unsigned char *) data)[i]) * 0x100000001b3u;
    return digest;
}

int main(void) {
    const int64_t widths[] = {8, 16, 24, 32, 56, 104, 304};
    record_t records[RECORDS];
    for (int i = 0; i < RECORDS; i++) {
        records[i].row = (uint16_t) random_below(ROWS);
        records[i].column = (uint16_t) random_below(ROWS);
        records[i].value = 0.1f + (float) random_below(1000) / 50;
    }

    train_t *runs[MAX_RUNS];
    const int n_sets = number_of_usable_sets();
    int n_runs = 0;
    for (; n_runs < n_sets; n_runs++)
        runs[n_runs] = INSTRUCTION_SETS[n_runs].train;
#if defined(__x86_64__)
    if (n_sets > 1)
        runs[n_runs++] = train_halved;
#endif

    for (int i = 0; i < 7; i++) {
        const int64_t width = widths[i];
        const size_t size = ROWS * 2 * width * sizeof(float);
        const float *words = random_rows(width), *contexts = random_rows(width);
        uint64_t digests[MAX_RUNS];
        for (int run = 0; run < n_runs; run++) {
            float *w = copy_of(words, size), *c = copy_of(contexts, size);
            const double loss = runs[run](records, RECORDS, w, c, width, 10, 0.75f);
            if (!memcmp(w, words, size))
                return 2;
            digests[run] = digest_of(w, size, 0xcbf29ce484222325u);
            digests[run] = digest_of(c, size, digests[run]);
            digests[run] = digest_of(&loss, sizeof loss, digests[run]);
            if (digests[run] != digests[0]) {
                printf("width %d: set %d is not the same\n", (int) width, run);
                return 1;
            }
        }
        printf("width %d: %016" PRIx64 "\n", (int) width, digests[0]);
    }
    printf("instruction sets: %d\n", n_sets);
    return 0;
}
