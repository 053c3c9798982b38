/* Where the units of streams lie in their column. */

#include "native.h"

#define HEADER 5

/* The place of the units of a stream that is data[begin:end]; NULL with an exception. */
static PyObject *units_of(PyObject *data, const Py_buffer *view, int64_t begin, int64_t end, int64_t atoms)
{
    if (begin >= 0 && begin <= view->len && begin + HEADER <= end && end <= view->len) {
        const unsigned char *head = (const unsigned char *)view->buf + begin;
        int64_t width = head[0], length = head[1] | head[2] << 8 | head[3] << 16 | (int64_t)head[4] << 24;
        begin += HEADER;
        if ((width == 2 || width == 4) && begin + length <= end && length / width == atoms)
            return Py_BuildValue("OLLLO", data, (long long)begin, (long long)(begin + length), (long long)width,
                                 Py_None);
    }
    PyErr_SetString(PyExc_ValueError, "a stream is cut off");
    return NULL;
}

PyObject *native_stream_units(PyObject *module, PyObject *args)
{
    PyObject *data, *starts_from, *atoms_from, *numbers_of, *result = NULL;
    Py_buffer view = {0};
    Column starts = {.size = 0}, atoms = {.size = 0};
    Numbers numbers = {0};
    if (!PyArg_ParseTuple(args, "OOOO", &data, &starts_from, &atoms_from, &numbers_of))
        return NULL;
    if (PyObject_GetBuffer(data, &view, PyBUF_SIMPLE) < 0 || column_from(starts_from, 1, &starts) < 0
        || column_from(atoms_from, 1, &atoms) < 0 || numbers_from(numbers_of, &numbers) < 0)
        goto done;
    result = PyList_New(numbers.size);
    for (Py_ssize_t i = 0; result != NULL && i < numbers.size; i++) {
        int64_t number = numbers.at[i];
        PyObject *units = NULL;
        if (number < 0 || number >= starts.size - 1 || number >= atoms.size)
            PyErr_SetString(PyExc_IndexError, "a stream that is not there");
        else
            units = units_of(data, &view, column_at(&starts, number), column_at(&starts, number + 1),
                             column_at(&atoms, number));
        if (units == NULL)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, i, units);
    }
done:
    numbers_free(&numbers);
    column_free(&starts);
    column_free(&atoms);
    PyBuffer_Release(&view);
    return result;
}
