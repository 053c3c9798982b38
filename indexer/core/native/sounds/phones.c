/* What it costs to mishear one string of phones as another. */

#include "native.h"

int read_phone_costs(PyObject *from, PhoneCosts *costs)
{
    PyObject *changed, *lost;
    memset(costs, 0, sizeof *costs);
    if (!PyArg_ParseTuple(from, "dOO", &costs->first, &changed, &lost) ||
        array_from(changed, 0, sizeof(double), &costs->changed) < 0 ||
        array_from(lost, 0, sizeof(double), &costs->lost) < 0)
        goto failed;
    if (costs->changed.len == PHONES * PHONES * (Py_ssize_t)sizeof(double) &&
        costs->lost.len == PHONES * (Py_ssize_t)sizeof(double))
        return 0;
    PyErr_SetString(PyExc_ValueError, "there is a cost for each pair of 128 phones, and for each of them");
failed:
    free_phone_costs(costs);
    return -1;
}

void free_phone_costs(PhoneCosts *costs)
{
    PyBuffer_Release(&costs->changed);
    PyBuffer_Release(&costs->lost);
}

/* Phones that are no ASCII are all as unlike as the first of the table is to itself. */
static inline double lost(const PhoneCosts *costs, Py_UCS4 phone)
{
    return ((const double *)costs->lost.buf)[phone < PHONES ? phone : 0];
}

static inline double changed(const PhoneCosts *costs, Py_UCS4 one, Py_UCS4 other)
{
    if (one == other)
        return 0.0;
    return ((const double *)costs->changed.buf)[one < PHONES && other < PHONES ? one * PHONES + other : 0];
}

void phone_distances(const PhoneCosts *costs, Text one, Text other, int is_first, double *row, double *found)
{
    double first = is_first ? costs->first : 1.0;
    row[0] = 0.0;
    for (Py_ssize_t at = 0; at < other.size; at++)
        row[at + 1] = row[at] + lost(costs, other.at[at]) * (at ? 1.0 : first);
    found[0] = row[other.size];
    for (Py_ssize_t at = 0; at < one.size; at++) {
        double times = at ? 1.0 : first, diagonal = row[0], own = lost(costs, one.at[at]);
        row[0] = diagonal + own * times;
        for (Py_ssize_t place = 0; place < other.size; place++) {
            double above = row[place + 1];
            double best = diagonal + changed(costs, one.at[at], other.at[place]) * (place ? 1.0 : times);
            if (above + own < best)
                best = above + own;
            if (row[place] + lost(costs, other.at[place]) < best)
                best = row[place] + lost(costs, other.at[place]);
            row[place + 1] = best;
            diagonal = above;
        }
        found[at + 1] = row[other.size];
    }
}

PyObject *native_distances(PyObject *module, PyObject *args)
{
    PyObject *one, *other, *table, *result = NULL;
    PhoneCosts costs;
    int is_first;
    if (!PyArg_ParseTuple(args, "UUpO!", &one, &other, &is_first, &PyTuple_Type, &table) ||
        read_phone_costs(table, &costs) < 0)
        return NULL;
    Py_ssize_t size = PyUnicode_GET_LENGTH(one), length = PyUnicode_GET_LENGTH(other);
    Text from = {PyUnicode_AsUCS4Copy(one), size}, to = {PyUnicode_AsUCS4Copy(other), length};
    double *found = PyMem_New(double, size + length + 2);
    if (from.at == NULL || to.at == NULL)
        goto done;
    if (found == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    phone_distances(&costs, from, to, is_first, found + size + 1, found);
    result = PyList_New(size + 1);
    for (Py_ssize_t at = 0; result != NULL && at <= size; at++) {
        PyObject *cost = PyFloat_FromDouble(found[at]);
        if (cost == NULL)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, at, cost);
    }
done:
    PyMem_Free(found);
    PyMem_Free(from.at);
    PyMem_Free(to.at);
    free_phone_costs(&costs);
    return result;
}
