/* A window that slides over the places of terms: an upper bound of what it is worth. */

#ifndef PODSEEK_UPPER_BOUND_H
#define PODSEEK_UPPER_BOUND_H

#include "numbers.h"

/* Where the terms are: pairs of a position and a group. */
typedef struct {
    int64_t place, group;
} Spot;

/* What the groups weigh, the most each adds, and what is in the window. */
typedef struct {
    double *weights, *most, *saturation, *values;
    Py_ssize_t *counts, groups, last;
    double score, covered;
} Window;

/* Takes a term into the window, or out of it. */
static inline void counted(Window *window, int64_t group, int by)
{
    Py_ssize_t count = window->counts[group] += by;
    double value = window->weights[group] * window->saturation[count < window->last ? count : window->last];
    if (value > window->most[group])
        value = window->most[group];
    window->score += value - window->values[group];
    window->values[group] = value;
    if (by > 0 ? count == 1 : count == 0)
        window->covered += by * window->weights[group];
}

/* Slides the window over the spots, and appends the regions of those that are worth more than `least`, first and end;
   the most that one is worth, or -1 without memory. Without times (`at` NULL), only atoms bound it. */
static inline double slid(const Spot *spots, const int64_t *at, Py_ssize_t size, Window *window, long long milliseconds,
                          long long atoms, double least, Growing *regions)
{
    double best = 0.0;
    Py_ssize_t end = 0;
    for (Py_ssize_t begin = 0; begin < size; begin++) {
        if (end == begin) /* the window is empty: clear rounding errors */
            window->score = window->covered = 0.0;
        for (; end < size && (end == begin || (spots[end].place <= spots[begin].place + atoms
                                               && (at == NULL || at[end] <= at[begin] + milliseconds))); end++)
            counted(window, spots[end].group, 1);
        double worth = window->score * window->covered;
        if (worth > best)
            best = worth;
        if (worth > least) {
            int64_t first = spots[begin].place, after = spots[end - 1].place + 1;
            if (regions->size && first <= regions->at[regions->size - 1]) {
                if (after > regions->at[regions->size - 1])
                    regions->at[regions->size - 1] = after;
            } else if (growing_push(regions, first) < 0 || growing_push(regions, after) < 0)
                return -1.0;
        }
        counted(window, spots[begin].group, -1);
    }
    return best;
}

#endif
