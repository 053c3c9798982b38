/* Which syllables can be part of text that sounds like a name: bounds by the cheapest syllables before and after. */

#include "native.h"
#include <math.h>

#define MOST_LIMITS 4
#define LONGEST 64 /* pieces */

/* The syllables for each piece of a name, and what each costs against each stretch of its phones. Of a stretch from
   `begin` to `end`, the costs are at begin * size + end. */
typedef struct {
    Py_ssize_t size, cells; /* the phones of the name and one; stretches */
    Py_ssize_t pieces, limits;
    Py_ssize_t starts[LONGEST + 1]; /* the first syllable of each piece, of all */
    double shares[MOST_LIMITS], mosts[MOST_LIMITS];
    double *costs[MOST_LIMITS];  /* by syllable and stretch */
    double *before[MOST_LIMITS]; /* the cheapest of the pieces before one, against each beginning of the name */
    double *after[MOST_LIMITS];  /* of those from it on, against each end */
} Name;

static void free_name(Name *name)
{
    for (Py_ssize_t limit = 0; limit < name->limits; limit++) {
        PyMem_Free(name->costs[limit]);
        PyMem_Free(name->before[limit]);
        PyMem_Free(name->after[limit]);
    }
}

/* PyArg_ParseTuple takes only tuples. */
static int is_pair(PyObject *item)
{
    if (!PyTuple_Check(item))
        PyErr_SetString(PyExc_TypeError, "limits, and ways to say a syllable, are pairs");
    return PyTuple_Check(item);
}

static int read_limits(PyObject *limits, Name *name)
{
    Py_ssize_t amount = PyList_GET_SIZE(limits);
    if (amount < 1 || amount > MOST_LIMITS) {
        PyErr_SetString(PyExc_ValueError, "there are 1 to 4 limits");
        return -1;
    }
    for (Py_ssize_t at = 0; at < amount; at++)
        if (!is_pair(PyList_GET_ITEM(limits, at)) ||
            !PyArg_ParseTuple(PyList_GET_ITEM(limits, at), "dd", &name->shares[at], &name->mosts[at]))
            return -1;
    name->limits = amount;
    return 0;
}

/* Counts the syllables of each piece. */
static int read_starts(PyObject *said, Name *name)
{
    name->pieces = PyList_GET_SIZE(said);
    if (name->pieces < 1 || name->pieces > LONGEST) {
        PyErr_SetString(PyExc_ValueError, "there are 1 to 64 pieces");
        return -1;
    }
    for (Py_ssize_t piece = 0; piece < name->pieces; piece++) {
        PyObject *syllables = PyList_GET_ITEM(said, piece);
        if (!PyList_Check(syllables) || PyList_GET_SIZE(syllables) < 1) {
            PyErr_SetString(PyExc_ValueError, "a piece has a list of syllables");
            return -1;
        }
        name->starts[piece + 1] = name->starts[piece] + PyList_GET_SIZE(syllables);
    }
    return 0;
}

static int make_room(Name *name)
{
    Py_ssize_t ends = (name->pieces + 1) * name->size, stretches = name->starts[name->pieces] * name->cells;
    for (Py_ssize_t limit = 0; limit < name->limits; limit++) {
        name->costs[limit] = PyMem_New(double, stretches);
        name->before[limit] = PyMem_New(double, ends);
        name->after[limit] = PyMem_New(double, ends);
        if (name->costs[limit] == NULL || name->before[limit] == NULL || name->after[limit] == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        for (Py_ssize_t at = 0; at < stretches; at++)
            name->costs[limit][at] = HUGE_VAL;
        for (Py_ssize_t at = 0; at < ends; at++)
            name->before[limit][at] = name->after[limit][at] = HUGE_VAL;
    }
    return 0;
}

/* Lowers the costs of a syllable to those of one way to say it. */
static int say(Name *name, const PhoneCosts *costs, Text phones, Py_ssize_t syllable, int is_first, PyObject *way)
{
    PyObject *spoken;
    double worth;
    if (!is_pair(way) || !PyArg_ParseTuple(way, "Ud", &spoken, &worth))
        return -1;
    Text as = {PyUnicode_AsUCS4Copy(spoken), PyUnicode_GET_LENGTH(spoken)};
    double *found = as.at == NULL ? NULL : PyMem_New(double, name->size + as.size + 1);
    if (found == NULL) {
        PyMem_Free(as.at);
        PyErr_NoMemory();
        return -1;
    }
    for (Py_ssize_t begin = 0; begin < (is_first ? 1 : name->size); begin++) {
        Text rest = {phones.at + begin, phones.size - begin};
        phone_distances(costs, rest, as, is_first, found + name->size, found);
        for (Py_ssize_t limit = 0; limit < name->limits; limit++) {
            double *row = name->costs[limit] + syllable * name->cells + begin * name->size;
            for (Py_ssize_t end = begin; end < name->size; end++) {
                double cost = found[end - begin] - name->shares[limit] * worth;
                if (cost < row[end])
                    row[end] = cost;
            }
        }
    }
    PyMem_Free(found);
    PyMem_Free(as.at);
    return 0;
}

static int say_all(Name *name, const PhoneCosts *costs, Text phones, PyObject *said)
{
    for (Py_ssize_t piece = 0; piece < name->pieces; piece++)
        for (Py_ssize_t at = name->starts[piece]; at < name->starts[piece + 1]; at++) {
            PyObject *ways = PyList_GET_ITEM(PyList_GET_ITEM(said, piece), at - name->starts[piece]);
            if (!PyTuple_Check(ways)) {
                PyErr_SetString(PyExc_TypeError, "the ways to say a syllable are a tuple");
                return -1;
            }
            for (Py_ssize_t way = 0; way < PyTuple_GET_SIZE(ways); way++)
                if (say(name, costs, phones, at, piece == 0, PyTuple_GET_ITEM(ways, way)) < 0)
                    return -1;
        }
    return 0;
}

/* The costs of a text with a syllable after it, from those of the text without it. */
static void extend(const Name *name, Py_ssize_t limit, Py_ssize_t syllable, const double *before, double *into)
{
    const double *costs = name->costs[limit] + syllable * name->cells;
    for (Py_ssize_t begin = 0; begin < name->size; begin++)
        for (Py_ssize_t end = begin; end < name->size; end++) {
            double cost = before[begin] + costs[begin * name->size + end];
            if (cost < into[end])
                into[end] = cost;
        }
}

static void sum_up(Name *name)
{
    for (Py_ssize_t limit = 0; limit < name->limits; limit++) {
        name->before[limit][0] = 0.0;
        name->after[limit][name->pieces * name->size + name->size - 1] = 0.0;
        for (Py_ssize_t piece = 0; piece < name->pieces; piece++)
            for (Py_ssize_t at = name->starts[piece]; at < name->starts[piece + 1]; at++) {
                double *before = name->before[limit] + piece * name->size;
                extend(name, limit, at, before, before + name->size);
            }
        for (Py_ssize_t piece = name->pieces; piece-- > 0;)
            for (Py_ssize_t at = name->starts[piece]; at < name->starts[piece + 1]; at++) {
                const double *costs = name->costs[limit] + at * name->cells;
                double *after = name->after[limit] + piece * name->size;
                for (Py_ssize_t begin = 0; begin < name->size; begin++)
                    for (Py_ssize_t end = begin; end < name->size; end++) {
                        double cost = costs[begin * name->size + end] + after[name->size + end];
                        if (cost < after[begin])
                            after[begin] = cost;
                    }
            }
    }
}

/* Reads (phones, said, limits, costs) and works out all costs. -1 with an exception; free_name in either case. */
static int read_name(PyObject *args, Name *name)
{
    PyObject *phones, *said, *limits, *table;
    PhoneCosts costs;
    memset(name, 0, sizeof *name);
    if (!PyArg_ParseTuple(args, "UO!O!O!", &phones, &PyList_Type, &said, &PyList_Type, &limits, &PyTuple_Type,
                          &table) ||
        read_limits(limits, name) < 0 || read_starts(said, name) < 0 || read_phone_costs(table, &costs) < 0)
        return -1;
    Text text = {PyUnicode_AsUCS4Copy(phones), PyUnicode_GET_LENGTH(phones)};
    name->size = text.size + 1;
    name->cells = name->size * name->size;
    int failed = text.at == NULL || make_room(name) < 0 || say_all(name, &costs, text, said) < 0;
    if (!failed)
        sum_up(name);
    PyMem_Free(text.at);
    free_phone_costs(&costs);
    return failed ? -1 : 0;
}

/* Whether a text with this syllable for a piece may be cheap enough. */
static int may_have(const Name *name, Py_ssize_t piece, Py_ssize_t syllable)
{
    for (Py_ssize_t limit = 0; limit < name->limits; limit++) {
        const double *costs = name->costs[limit] + syllable * name->cells;
        const double *before = name->before[limit] + piece * name->size;
        const double *after = name->after[limit] + (piece + 1) * name->size;
        for (Py_ssize_t begin = 0; begin < name->size; begin++)
            for (Py_ssize_t end = begin; end < name->size; end++)
                if (before[begin] + costs[begin * name->size + end] + after[end] <= name->mosts[limit])
                    return 1;
    }
    return 0;
}

PyObject *native_fitting_syllables(PyObject *module, PyObject *args)
{
    Name name;
    PyObject *result = NULL;
    if (read_name(args, &name) < 0 || (result = PyList_New(name.pieces)) == NULL)
        goto done;
    for (Py_ssize_t piece = 0; piece < name.pieces; piece++) {
        Growing kept = {0};
        for (Py_ssize_t at = name.starts[piece]; at < name.starts[piece + 1]; at++)
            if (may_have(&name, piece, at) && growing_push(&kept, at - name.starts[piece]) < 0)
                break;
        PyObject *numbers = PyErr_Occurred() ? NULL : list_of(kept.at, kept.size);
        PyMem_Free(kept.at);
        if (numbers == NULL) {
            Py_CLEAR(result);
            break;
        }
        PyList_SET_ITEM(result, piece, numbers);
    }
done:
    free_name(&name);
    return result;
}

/* Whether a text of these costs, of the pieces before this one, may be cheap enough in the end. */
static int may_end(const Name *name, Py_ssize_t piece, const double *costs)
{
    for (Py_ssize_t limit = 0; limit < name->limits; limit++)
        for (Py_ssize_t at = 0; at < name->size; at++)
            if (costs[limit * name->size + at] + name->after[limit][piece * name->size + at] <= name->mosts[limit])
                return 1;
    return 0;
}

/* Adds the ways that begin with these syllables, of these costs; `costs` has room for those of each longer way. */
static int add_ways(const Name *name, Py_ssize_t piece, int64_t *way, double *costs, PyObject *found)
{
    if (piece == name->pieces) {
        PyObject *numbers = list_of(way, piece), *tuple = numbers == NULL ? NULL : PyList_AsTuple(numbers);
        int failed = tuple == NULL || PyList_Append(found, tuple) < 0;
        Py_XDECREF(numbers);
        Py_XDECREF(tuple);
        return failed ? -1 : 0;
    }
    double *more = costs + name->limits * name->size;
    for (Py_ssize_t at = name->starts[piece]; at < name->starts[piece + 1]; at++) {
        for (Py_ssize_t cost = 0; cost < name->limits * name->size; cost++)
            more[cost] = HUGE_VAL;
        for (Py_ssize_t limit = 0; limit < name->limits; limit++)
            extend(name, limit, at, costs + limit * name->size, more + limit * name->size);
        way[piece] = at - name->starts[piece];
        if (may_end(name, piece + 1, more) && add_ways(name, piece + 1, way, more, found) < 0)
            return -1;
    }
    return 0;
}

PyObject *native_fitting_ways(PyObject *module, PyObject *args)
{
    Name name;
    int64_t way[LONGEST];
    double *costs = NULL;
    PyObject *result = NULL;
    if (read_name(args, &name) < 0)
        goto done;
    costs = PyMem_New(double, (name.pieces + 1) * name.limits * name.size);
    if (costs == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t at = 0; at < name.limits * name.size; at++)
        costs[at] = at % name.size ? HUGE_VAL : 0.0;
    result = PyList_New(0);
    if (result != NULL && add_ways(&name, 0, way, costs, result) < 0)
        Py_CLEAR(result);
done:
    PyMem_Free(costs);
    free_name(&name);
    return result;
}
