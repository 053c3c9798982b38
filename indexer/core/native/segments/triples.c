/* Marks in a signature of a segment which three neighbouring units a stream has. */

#include "native.h"

PyObject *native_mark_triples(PyObject *module, PyObject *args)
{
    Py_buffer data, bits;
    Py_ssize_t begin, end, rows, document;
    int width;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*nniw*nn", &data, &begin, &end, &width, &bits, &rows, &document))
        return NULL;
    Py_ssize_t size = rows > 0 ? bits.len / rows : 0;
    if ((width != 2 && width != 4) || begin < 0 || begin > end || end > data.len) {
        PyErr_SetString(PyExc_ValueError, "a stream is cut off");
        goto done;
    }
    if (document < 0 || document >= size * 8 || rows > (Py_ssize_t)UINT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "a signature has no such document");
        goto done;
    }
    const char *text = (const char *)data.buf + begin;
    unsigned char *column = (unsigned char *)bits.buf + (document >> 3), bit = (unsigned char)(1 << (document & 7));
    Py_ssize_t units = (end - begin) / width;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t at = 0; at + 2 < units; at++) {
        uint32_t hash = stored_unit(text, width, at) * 2654435761u + stored_unit(text, width, at + 1) * 2246822519u
                        + stored_unit(text, width, at + 2) * 3266489917u;
        column[(Py_ssize_t)((uint64_t)hash * (uint64_t)rows >> 32) * size] |= bit;
    }
    Py_END_ALLOW_THREADS
    result = Py_NewRef(Py_None);
done:
    PyBuffer_Release(&data);
    PyBuffer_Release(&bits);
    return result;
}
