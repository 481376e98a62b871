/* Trains on the same records with vectors of 4, 8 and 16 numbers, where each of 16 is two registers of AVX2. */

#include <stdio.h>
#include <stdlib.h>

#include "glove_sklearn/_training/_simd.h"

#define LANES 16
#define VFLOAT float16
#define VINT int16
#define NAME(name) name##_halved
#define TARGET __attribute__((target("avx2")))
#include "glove_sklearn/_training/_simd_body.h"

enum { ROWS = 40, RECORDS = 5003 };

static float *random_rows(int64_t width) {
    float *rows = malloc(ROWS * 2 * width * sizeof(float));
    for (int64_t row = 0; row < ROWS; row++)
        for (int64_t k = 0; k < width; k++) {
            const int64_t chunk = k / SUM_LANES * SUM_LANES, rest = width - chunk;
            float *parameter = rows + row * 2 * width + chunk + k;
            parameter[0] = (float) (rand() % 1000 - 500) / 5000;
            parameter[rest < SUM_LANES ? rest : SUM_LANES] = 400;
        }
    return rows;
}

static float *copy_of(const float *rows, int64_t width) {
    float *copy = malloc(ROWS * 2 * width * sizeof(float));
    memcpy(copy, rows, ROWS * 2 * width * sizeof(float));
    return copy;
}

int main(void) {
    const int64_t widths[] = {8, 16, 24, 32, 56, 104, 304};
    record_t records[RECORDS];
    for (int i = 0; i < RECORDS; i++)
        records[i] = (record_t) {(uint16_t) (rand() % ROWS), (uint16_t) (rand() % ROWS), 0.1f + (float) (rand() % 1000) / 50};
    for (int i = 0; i < 7; i++) {
        const int64_t width = widths[i];
        const size_t size = ROWS * 2 * width * sizeof(float);
        train_t *const sets[] = {train_baseline, train_avx2, train_halved};
        const float *words = random_rows(width), *contexts = random_rows(width);
        float *w[3], *c[3];
        double loss[3];
        for (int set = 0; set < 3; set++) {
            w[set] = copy_of(words, width);
            c[set] = copy_of(contexts, width);
            loss[set] = sets[set](records, RECORDS, w[set], c[set], width, 10, 0.75f);
        }
        if (!memcmp(w[0], words, size) || loss[0] != loss[1] || loss[0] != loss[2]
                || memcmp(w[0], w[1], size) || memcmp(w[0], w[2], size)
                || memcmp(c[0], c[1], size) || memcmp(c[0], c[2], size)) {
            printf("width %d: not the same\n", (int) width);
            return 1;
        }
        printf("width %d: same bits\n", (int) width);
    }
    return 0;
}
