/* What groups of hits can score at most. */

#include "native.h"

/* What the score of a group is made of; terms are ranks, 0 the heaviest. */
typedef struct {
    double *weights, *saturation;
    Py_ssize_t terms, last;
    double total;
    Py_ssize_t *counts; /* by rank, zero between groups */
    int64_t *present;   /* the ranks of a group */
} Scale;

static double scored(const Scale *scale, Py_ssize_t amount)
{
    double score = 0.0, covered = 0.0;
    for (Py_ssize_t i = 0; i < amount; i++) {
        int64_t rank = scale->present[i];
        Py_ssize_t count = scale->counts[rank];
        score += scale->weights[rank] * scale->saturation[count < scale->last ? count : scale->last];
        covered += scale->weights[rank];
    }
    return scale->total != 0.0 ? score * covered / scale->total : 0.0;
}

/* Counts the ranks of hits [begin, end), in the order in which they come first; how many different ones. */
static Py_ssize_t counted(Scale *scale, const int64_t *ranks, Py_ssize_t begin, Py_ssize_t end)
{
    Py_ssize_t amount = 0;
    for (Py_ssize_t i = begin; i < end; i++)
        if (scale->counts[ranks[i]]++ == 0)
            scale->present[amount++] = ranks[i];
    return amount;
}

static void forget(Scale *scale, Py_ssize_t amount)
{
    for (Py_ssize_t i = 0; i < amount; i++)
        scale->counts[scale->present[i]] = 0;
}

static void in_order(int64_t *numbers, Py_ssize_t size)
{
    for (Py_ssize_t i = 1; i < size; i++) {
        int64_t number = numbers[i];
        Py_ssize_t at = i;
        for (; at > 0 && numbers[at - 1] > number; at--)
            numbers[at] = numbers[at - 1];
        numbers[at] = number;
    }
}

static double most_closeness(const Scale *scale, Py_ssize_t amount, int64_t alike, double half)
{
    double close = 0.0;
    int64_t pairs = 0;
    for (Py_ssize_t terms = 0; terms < amount; terms++) {
        close += scale->weights[scale->present[terms]] * (double)terms / (1.0 + (double)(pairs / alike) / half);
        pairs += terms;
    }
    return close;
}

/* The bounds of a group, without the factors of closeness and context. */
typedef struct {
    double score, close, beside;
    Py_ssize_t terms;
} Bounds;

/* Groups of hits, read from the arguments that group_bounds and group_mosts begin with. */
typedef struct {
    Scale scale;
    Numbers ranks, ends, around;
    int64_t together;
    double half;
} Groups;

static void groups_free(Groups *groups)
{
    PyMem_Free(groups->scale.weights);
    PyMem_Free(groups->scale.saturation);
    PyMem_Free(groups->scale.counts);
    PyMem_Free(groups->scale.present);
    numbers_free(&groups->ranks);
    numbers_free(&groups->ends);
    numbers_free(&groups->around);
}

/* 0, or -1 with an exception; freed in either case. */
static int groups_from(PyObject *args, Groups *groups)
{
    PyObject *ranks, *ends, *around, *weights, *saturation;
    Py_ssize_t together, saturations = 0;
    Scale *scale = &groups->scale;
    if (!PyArg_ParseTuple(args, "OOOOOdnd", &ranks, &ends, &around, &weights, &saturation, &scale->total, &together,
                          &groups->half))
        return -1;
    if (numbers_from(ranks, &groups->ranks) < 0 || numbers_from(ends, &groups->ends) < 0
        || numbers_from(around, &groups->around) < 0 || (scale->weights = floats_from(weights, &scale->terms)) == NULL
        || (scale->saturation = floats_from(saturation, &saturations)) == NULL)
        return -1;
    if (saturations == 0 || together < 1 || (groups->around.size && groups->around.size != 2 * groups->ends.size)) {
        PyErr_SetString(PyExc_ValueError, "groups are cut off");
        return -1;
    }
    groups->together = together;
    scale->last = saturations - 1;
    scale->counts = PyMem_Calloc((size_t)scale->terms + 1, sizeof *scale->counts);
    scale->present = PyMem_New(int64_t, scale->terms + 1);
    if (scale->counts == NULL || scale->present == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t i = 0; i < groups->ranks.size; i++)
        if (groups->ranks.at[i] < 0 || groups->ranks.at[i] >= scale->terms) {
            PyErr_SetString(PyExc_IndexError, "a term that is not there");
            return -1;
        }
    for (Py_ssize_t group = 0, begin = 0; group < groups->ends.size; begin = (Py_ssize_t)groups->ends.at[group++]) {
        const int64_t *span = groups->around.size ? groups->around.at + 2 * group : NULL;
        if (groups->ends.at[group] <= begin || groups->ends.at[group] > groups->ranks.size
            || (span != NULL && (span[0] < 0 || span[1] > groups->ranks.size))) {
            PyErr_SetString(PyExc_ValueError, "groups are out of order");
            return -1;
        }
    }
    return 0;
}

static Bounds bounds_of(Groups *groups, Py_ssize_t group)
{
    Scale *scale = &groups->scale;
    Py_ssize_t begin = group ? (Py_ssize_t)groups->ends.at[group - 1] : 0, end = (Py_ssize_t)groups->ends.at[group];
    Bounds bounds = {0};
    bounds.terms = counted(scale, groups->ranks.at, begin, end);
    in_order(scale->present, bounds.terms);
    bounds.score = scored(scale, bounds.terms);
    bounds.close = most_closeness(scale, bounds.terms, (int64_t)(end - begin) * groups->together, groups->half);
    forget(scale, bounds.terms);
    if (groups->around.size) {
        const int64_t *span = groups->around.at + 2 * group;
        Py_ssize_t several = counted(scale, groups->ranks.at, (Py_ssize_t)span[0], (Py_ssize_t)span[1]);
        bounds.beside = scored(scale, several);
        forget(scale, several);
    }
    return bounds;
}

PyObject *native_group_bounds(PyObject *module, PyObject *args)
{
    PyObject *result = NULL;
    Groups groups = {{0}};
    if (groups_from(args, &groups) == 0)
        result = PyList_New(groups.ends.size);
    for (Py_ssize_t group = 0; result != NULL && group < groups.ends.size; group++) {
        Bounds one = bounds_of(&groups, group);
        PyObject *row = Py_BuildValue("dddn", one.score, one.close, one.beside, one.terms);
        if (row == NULL)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, group, row);
    }
    groups_free(&groups);
    return result;
}

PyObject *native_group_mosts(PyObject *module, PyObject *args)
{
    PyObject *groups_of, *rows = NULL, *result = NULL;
    double by_closeness, by_context, context, besides, least = Py_HUGE_VAL;
    Groups groups = {{0}};
    if (!PyArg_ParseTuple(args, "O!dddd", &PyTuple_Type, &groups_of, &by_closeness, &by_context, &context, &besides))
        return NULL;
    if (groups_from(groups_of, &groups) == 0)
        rows = PyBytes_FromStringAndSize(NULL, groups.ends.size * 4 * (Py_ssize_t)sizeof(double));
    if (rows != NULL) {
        char *into = PyBytes_AS_STRING(rows);
        for (Py_ssize_t group = 0; group < groups.ends.size; group++, into += 4 * sizeof(double)) {
            Bounds one = bounds_of(&groups, group);
            double row[4];
            row[1] = one.close * by_closeness;
            row[2] = groups.around.size ? by_context * one.beside : context;
            row[0] = -(one.score + row[2] + besides + row[1]);
            row[3] = (double)one.terms;
            if (row[0] < least)
                least = row[0];
            memcpy(into, row, sizeof row);
        }
        result = Py_BuildValue("dN", least, rows);
    }
    groups_free(&groups);
    return result;
}
