/* Reads the keys of a hash file with a number of each value. */

#include "native.h"

#define HEAD 8

static int64_t big_endian(const unsigned char *at)
{
    return (int64_t)at[0] << 24 | at[1] << 16 | at[2] << 8 | at[3];
}

/* (key, number) of a record; NULL with an exception. */
static PyObject *entry_of(const Py_buffer *data, int64_t record, Py_ssize_t skip, Py_ssize_t at)
{
    if (record >= 0 && record <= data->len - HEAD) {
        const unsigned char *from = (const unsigned char *)data->buf + record;
        int64_t length = big_endian(from), size = big_endian(from + 4);
        if (length >= skip && size - 4 >= at && record + HEAD + length + size <= data->len)
            return Py_BuildValue("y#L", (const char *)from + HEAD + skip, (Py_ssize_t)(length - skip),
                                 (long long)big_endian(from + HEAD + length + at));
    }
    PyErr_SetString(PyExc_ValueError, "a table of terms is cut off");
    return NULL;
}

PyObject *native_keyed_numbers(PyObject *module, PyObject *args)
{
    Py_buffer data;
    PyObject *records_from, *result = NULL;
    Column records = {.size = 0};
    Py_ssize_t skip, at;
    if (!PyArg_ParseTuple(args, "y*Onn", &data, &records_from, &skip, &at))
        return NULL;
    if (skip < 0 || at < 0)
        PyErr_SetString(PyExc_ValueError, "a table of terms is cut off");
    else if (column_from(records_from, 1, &records) == 0)
        result = PyList_New(records.size);
    for (Py_ssize_t i = 0; result != NULL && i < records.size; i++) {
        PyObject *entry = entry_of(&data, column_at(&records, i), skip, at);
        if (entry == NULL)
            Py_CLEAR(result);
        else
            PyList_SET_ITEM(result, i, entry);
    }
    column_free(&records);
    PyBuffer_Release(&data);
    return result;
}
