/* Unpacks a block of postings. */

#include "native.h"

/* A count of a posting, which may be a float; -1 with an exception. */
static int64_t count_of(PyObject *item)
{
    if (PyFloat_Check(item)) {
        double count = PyFloat_AS_DOUBLE(item);
        if (count > -1.0 && count < 4294967296.0)
            return (int64_t)count;
    } else {
        int64_t count = PyLong_AsLongLong(item);
        if (PyErr_Occurred())
            return -1;
        if (count >= 0 && count <= UINT32_MAX)
            return count;
    }
    PyErr_SetString(PyExc_OverflowError, "a posting is out of range");
    return -1;
}

/* The numbers of a sequence as those of an array "I", or their sums if `adds`; NULL with an exception. */
static PyObject *packed(PyObject *from, int adds)
{
    PyObject *items = PySequence_Fast(from, "postings are lists"), *result = NULL;
    if (items == NULL)
        return NULL;
    Py_ssize_t size = PySequence_Fast_GET_SIZE(items);
    result = PyBytes_FromStringAndSize(NULL, size * (Py_ssize_t)sizeof(unsigned int));
    int64_t sum = 0;
    for (Py_ssize_t i = 0; result != NULL && i < size; i++) {
        int64_t count = count_of(PySequence_Fast_GET_ITEM(items, i));
        sum = adds ? sum + count : count;
        if (count >= 0 && sum > UINT32_MAX)
            PyErr_SetString(PyExc_OverflowError, "a posting is out of range");
        unsigned int number = (unsigned int)sum;
        if (PyErr_Occurred())
            Py_CLEAR(result);
        else
            memcpy(PyBytes_AS_STRING(result) + i * (Py_ssize_t)sizeof number, &number, sizeof number);
    }
    Py_DECREF(items);
    return result;
}

PyObject *native_unpacked_block(PyObject *module, PyObject *args)
{
    PyObject *from, *weights, *peaks, *parts[3] = {NULL}, *result = NULL;
    if (!PyArg_ParseTuple(args, "OOO", &from, &weights, &peaks))
        return NULL;
    if ((parts[0] = packed(from, 1)) != NULL && (parts[1] = packed(weights, 0)) != NULL
        && (parts[2] = peaks == weights ? Py_NewRef(parts[1]) : packed(peaks, 0)) != NULL)
        result = PyTuple_Pack(3, parts[0], parts[1], parts[2]);
    for (int i = 0; i < 3; i++)
        Py_XDECREF(parts[i]);
    return result;
}
