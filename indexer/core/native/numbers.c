/* Lists of integers between Python and C: every value is checked where it comes in. */

#include "numbers.h"

static int from_sequence(PyObject *from, Numbers *into)
{
    PyObject *items = PySequence_Fast(from, "a list of integers is needed");
    if (items == NULL)
        return -1;
    Py_ssize_t size = PySequence_Fast_GET_SIZE(items);
    into->at = PyMem_New(int64_t, size ? size : 1);
    if (into->at == NULL) {
        Py_DECREF(items);
        PyErr_NoMemory();
        return -1;
    }
    into->size = size;
    PyObject **item = PySequence_Fast_ITEMS(items);
    for (Py_ssize_t i = 0; i < size; i++) {
        into->at[i] = PyLong_AsLongLong(item[i]);
        if (into->at[i] == -1 && PyErr_Occurred()) {
            Py_DECREF(items);
            return -1;
        }
    }
    Py_DECREF(items);
    return 0;
}

#define WIDEN(TYPE)                                   \
    for (Py_ssize_t i = 0; i < size; i++) {           \
        TYPE value;                                   \
        memcpy(&value, from + i * sizeof value, sizeof value); \
        into[i] = (int64_t)value;                     \
    }                                                 \
    return 0;

/* Copies numbers of a format of the array module; -1 for one that is not known. */
static int widen(const char *from, char format, Py_ssize_t size, int64_t *into)
{
    switch (format) {
    case 'B': WIDEN(unsigned char)
    case 'b': WIDEN(signed char)
    case 'H': WIDEN(unsigned short)
    case 'h': WIDEN(short)
    case 'I': WIDEN(unsigned int)
    case 'i': WIDEN(int)
    case 'q': WIDEN(long long)
    default: return -1;
    }
}

int numbers_from(PyObject *from, Numbers *into)
{
    if (PyList_CheckExact(from) || PyTuple_CheckExact(from) || !PyObject_CheckBuffer(from))
        return from_sequence(from, into);
    Py_buffer view;
    if (PyObject_GetBuffer(from, &view, PyBUF_FORMAT | PyBUF_ND) < 0)
        return -1;
    const char *format = view.format == NULL ? "B" : view.format;
    int failed = -1;
    if (view.ndim == 1 && format[0] != '\0' && format[1] == '\0') {
        into->size = view.len / view.itemsize;
        into->at = PyMem_New(int64_t, into->size ? into->size : 1);
        if (into->at == NULL) {
            PyBuffer_Release(&view);
            PyErr_NoMemory();
            return -1;
        }
        failed = widen(view.buf, format[0], into->size, into->at);
    }
    PyBuffer_Release(&view);
    if (failed)
        PyErr_SetString(PyExc_TypeError, "a buffer of integers is needed");
    return failed;
}

void numbers_free(Numbers *numbers)
{
    PyMem_Free(numbers->at);
    numbers->at = NULL;
}

double *floats_from(PyObject *from, Py_ssize_t *size)
{
    PyObject *items = PySequence_Fast(from, "a list of numbers is needed");
    if (items == NULL)
        return NULL;
    *size = PySequence_Fast_GET_SIZE(items);
    double *values = PyMem_New(double, *size ? *size : 1);
    if (values == NULL)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; values != NULL && i < *size; i++) {
        values[i] = PyFloat_AsDouble(PySequence_Fast_GET_ITEM(items, i));
        if (values[i] == -1.0 && PyErr_Occurred()) {
            PyMem_Free(values);
            values = NULL;
        }
    }
    Py_DECREF(items);
    return values;
}

PyObject *list_of(const int64_t *at, Py_ssize_t size)
{
    PyObject *list = PyList_New(size);
    for (Py_ssize_t i = 0; list != NULL && i < size; i++) {
        PyObject *number = PyLong_FromLongLong(at[i]);
        if (number == NULL)
            Py_CLEAR(list);
        else
            PyList_SET_ITEM(list, i, number);
    }
    return list;
}

int must_ascend(const Numbers *numbers, const char *name)
{
    for (Py_ssize_t i = 1; i < numbers->size; i++)
        if (numbers->at[i] < numbers->at[i - 1]) {
            PyErr_Format(PyExc_ValueError, "%s must ascend", name);
            return -1;
        }
    return 0;
}

Py_ssize_t first_above(const Numbers *numbers, int64_t limit, Py_ssize_t low)
{
    Py_ssize_t high = numbers->size;
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (numbers->at[middle] > limit)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

int growing_more(Growing *list, Py_ssize_t amount)
{
    Py_ssize_t room = list->size + (amount > list->size ? amount : list->size) + 64;
    size_t bytes = (size_t)room * sizeof *list->at;
    int64_t *at = list->raw ? PyMem_RawRealloc(list->at, bytes) : PyMem_Realloc(list->at, bytes);
    if (at == NULL) {
        if (!list->raw)
            PyErr_NoMemory();
        return -1;
    }
    list->at = at;
    list->room = room;
    return 0;
}

int hits_from(PyObject *from, Py_ssize_t terms, Hits *into)
{
    PyObject *items = PySequence_Fast(from, "a list of hits is needed");
    if (items == NULL)
        return -1;
    Py_ssize_t size = PySequence_Fast_GET_SIZE(items);
    into->size = size;
    into->places = PyMem_New(int64_t, 2 * size + 1);
    if (into->places == NULL) {
        Py_DECREF(items);
        PyErr_NoMemory();
        return -1;
    }
    into->terms = into->places + size;
    for (Py_ssize_t i = 0; i < size; i++) {
        PyObject *hit = PySequence_Fast_GET_ITEM(items, i);
        if (!PyTuple_Check(hit) || PyTuple_GET_SIZE(hit) < 2) {
            PyErr_SetString(PyExc_TypeError, "a hit is (position, term, alternative)");
            break;
        }
        into->places[i] = PyLong_AsLongLong(PyTuple_GET_ITEM(hit, 0));
        into->terms[i] = PyLong_AsLongLong(PyTuple_GET_ITEM(hit, 1));
        if ((into->places[i] == -1 || into->terms[i] == -1) && PyErr_Occurred())
            break;
        if (into->terms[i] < 0 || (terms >= 0 && into->terms[i] >= terms)) {
            PyErr_SetString(PyExc_IndexError, "a hit of a term that is not there");
            break;
        }
    }
    Py_DECREF(items);
    return PyErr_Occurred() ? -1 : 0;
}

void hits_free(Hits *hits)
{
    PyMem_Free(hits->places);
    hits->places = NULL;
}

PyObject *pairs_of(const int64_t *at, Py_ssize_t size)
{
    PyObject *pairs = PyList_New(size);
    for (Py_ssize_t i = 0; pairs != NULL && i < size; i++) {
        PyObject *pair = Py_BuildValue("LL", (long long)at[2 * i], (long long)at[2 * i + 1]);
        if (pair == NULL)
            Py_CLEAR(pairs);
        else
            PyList_SET_ITEM(pairs, i, pair);
    }
    return pairs;
}

int column_from(PyObject *from, int copied, Column *into)
{
    if (PyList_CheckExact(from) || PyTuple_CheckExact(from) || !PyObject_CheckBuffer(from)) {
        if (copied) {
            Numbers own = {0};
            if (from_sequence(from, &own) < 0) {
                numbers_free(&own);
                return -1;
            }
            into->own = own.at;
            into->at = (const char *)own.at;
            into->size = own.size;
            into->format = 'q';
            return 0;
        }
        into->items = PySequence_Fast(from, "a list of integers is needed");
        if (into->items == NULL)
            return -1;
        into->size = PySequence_Fast_GET_SIZE(into->items);
        return 0;
    }
    if (PyObject_GetBuffer(from, &into->view, PyBUF_FORMAT | PyBUF_ND) < 0)
        return -1;
    const char *format = into->view.format == NULL ? "B" : into->view.format;
    if (into->view.ndim != 1 || format[0] == '\0' || strchr("BbHhIiq", format[0]) == NULL || format[1] != '\0') {
        PyErr_SetString(PyExc_TypeError, "a buffer of integers is needed");
        return -1;
    }
    into->at = into->view.buf;
    into->format = format[0];
    into->size = into->view.len / into->view.itemsize;
    return 0;
}

void column_free(Column *column)
{
    Py_XDECREF(column->items);
    PyMem_Free(column->own);
    if (column->view.obj != NULL)
        PyBuffer_Release(&column->view);
}

int array_from(PyObject *from, int writable, size_t itemsize, Py_buffer *into)
{
    if (PyObject_GetBuffer(from, into, writable ? PyBUF_WRITABLE : PyBUF_SIMPLE) < 0)
        return -1;
    if (into->itemsize == (Py_ssize_t)itemsize)
        return 0;
    PyErr_Format(PyExc_TypeError, "an array of items of %zu bytes is needed", itemsize);
    return -1;
}
