/* Finds a run of atoms in many token streams at once.

   A signature tells which blocks of a stream may hold a pair of neighbouring atoms: a row of bits for each hash of a
   pair, a bit for each block. A run is in the blocks that have all of its pairs, and in a few others. */

#include "native.h"

#define ROW_BITS 12
#define ROWS (1 << ROW_BITS)
#define BLOCK ((Py_ssize_t)1024)
#define PAIRS ((Py_ssize_t)8) /* of a run that are looked up; a block also has so many that begin behind it, but one */

static inline uint32_t row_of(uint32_t one, uint32_t other)
{
    return (one * 2654435761u + other * 2246822519u) >> (32 - ROW_BITS);
}

/* The bytes of a row. */
static inline Py_ssize_t row_size(Py_ssize_t units)
{
    return ((units + BLOCK - 1) / BLOCK + 7) / 8;
}

PyObject *native_sign(PyObject *module, PyObject *args)
{
    Py_buffer data;
    Py_ssize_t begin, end;
    int width;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*nni", &data, &begin, &end, &width))
        return NULL;
    if ((width != 2 && width != 4) || begin < 0 || begin > end || end > data.len) {
        PyErr_SetString(PyExc_ValueError, "a stream is cut off");
        goto done;
    }
    const char *text = (const char *)data.buf + begin;
    Py_ssize_t units = (end - begin) / width, size = row_size(units);
    result = PyBytes_FromStringAndSize(NULL, size * ROWS);
    if (result == NULL)
        goto done;
    unsigned char *rows = (unsigned char *)PyBytes_AS_STRING(result);
    memset(rows, 0, (size_t)(size * ROWS));
    for (Py_ssize_t at = 0; at + 1 < units; at++) {
        unsigned char *row = rows + row_of(unit_at(text, width, at), unit_at(text, width, at + 1)) * size;
        Py_ssize_t block = at / BLOCK;
        row[block >> 3] |= (unsigned char)(1 << (block & 7));
        if (block && at % BLOCK < PAIRS - 1) /* of a run that begins in the block before */
            row[(block - 1) >> 3] |= (unsigned char)(1 << ((block - 1) & 7));
    }
done:
    PyBuffer_Release(&data);
    return result;
}

typedef struct {
    Py_buffer *buffers;
    Py_ssize_t held, size;
    Span *spans;
} Spans;

static void spans_free(Spans *spans)
{
    for (Py_ssize_t i = 0; i < spans->held; i++)
        PyBuffer_Release(&spans->buffers[i]);
    PyMem_Free(spans->buffers);
    PyMem_Free(spans->spans);
}

/* Reads (data, begin, end, width, signature); neighbours with the same data share a buffer. -1 with an exception. */
static int span_from(PyObject *place, Spans *spans)
{
    if (!PyTuple_Check(place) || PyTuple_GET_SIZE(place) != 5) {
        PyErr_SetString(PyExc_TypeError, "a place is (data, begin, end, width, signature)");
        return -1;
    }
    PyObject *data = PyTuple_GET_ITEM(place, 0);
    if (!spans->held || spans->buffers[spans->held - 1].obj != data) {
        if (PyObject_GetBuffer(data, &spans->buffers[spans->held], PyBUF_SIMPLE) < 0)
            return -1;
        spans->held++;
    }
    return span_of(place, &spans->buffers[spans->held - 1], &spans->spans[spans->size++]);
}

int span_of(PyObject *place, const Py_buffer *buffer, Span *span)
{
    PyObject *signature = PyTuple_GET_ITEM(place, 4);
    Py_ssize_t begin = PyLong_AsSsize_t(PyTuple_GET_ITEM(place, 1)), end = PyLong_AsSsize_t(PyTuple_GET_ITEM(place, 2));
    long width = PyLong_AsLong(PyTuple_GET_ITEM(place, 3));
    if (PyErr_Occurred())
        return -1;
    if ((width != 2 && width != 4) || begin < 0 || begin > end || end > buffer->len) {
        PyErr_SetString(PyExc_ValueError, "a stream is cut off");
        return -1;
    }
    span->text = (const char *)buffer->buf + begin;
    span->units = (end - begin) / width;
    span->width = (int)width;
    span->rows = NULL;
    if (signature != Py_None) {
        if (!PyBytes_Check(signature) || PyBytes_GET_SIZE(signature) != row_size(span->units) * ROWS) {
            PyErr_SetString(PyExc_ValueError, "a signature is of another stream");
            return -1;
        }
        span->rows = (const unsigned char *)PyBytes_AS_STRING(signature);
    }
    return 0;
}

int search_span(const Span *span, const char *needle, Py_ssize_t length, Growing *found)
{
    if (span->rows == NULL || length < 2)
        return scan_units(span->text, span->units, span->width, needle, length, 0, span->units, found);
    const unsigned char *rows[PAIRS];
    Py_ssize_t pairs = length - 1 < PAIRS ? length - 1 : PAIRS, size = row_size(span->units);
    for (Py_ssize_t i = 0; i < pairs; i++)
        rows[i] = span->rows + row_of(unit_at(needle, span->width, i), unit_at(needle, span->width, i + 1)) * size;
    Py_ssize_t from = -1, until = -1; /* the stretch of blocks that is to be searched next */
    for (Py_ssize_t byte = 0; byte < size; byte++) {
        unsigned int bits = rows[0][byte];
        for (Py_ssize_t i = 1; i < pairs && bits; i++)
            bits &= rows[i][byte];
        for (Py_ssize_t block = byte * 8; bits; bits >>= 1, block++) {
            if (!(bits & 1))
                continue;
            if (block != until) {
                if (from >= 0
                    && scan_units(span->text, span->units, span->width, needle, length, from * BLOCK, until * BLOCK,
                                  found) < 0)
                    return -1;
                from = block;
            }
            until = block + 1;
        }
    }
    return from < 0 ? 0
                    : scan_units(span->text, span->units, span->width, needle, length, from * BLOCK, until * BLOCK,
                                 found);
}

/* [(number, positions)] of the streams in which anything was found; `ends` is where those of each end. */
static PyObject *found_in(const Growing *found, const Py_ssize_t *ends, Py_ssize_t size)
{
    PyObject *result = PyList_New(0);
    Py_ssize_t begin = 0;
    for (Py_ssize_t i = 0; result != NULL && i < size; begin = ends[i++]) {
        if (ends[i] == begin)
            continue;
        PyObject *places = list_of(found->at + begin, ends[i] - begin);
        PyObject *entry = places == NULL ? NULL : Py_BuildValue("(nN)", i, places);
        if (entry == NULL || PyList_Append(result, entry) < 0)
            Py_CLEAR(result);
        Py_XDECREF(entry);
    }
    return result;
}

PyObject *native_find_in_all(PyObject *module, PyObject *args)
{
    PyObject *several, *result = NULL;
    Py_buffer narrow, wide;
    Spans spans = {0};
    Growing found = {.raw = 1};
    if (!PyArg_ParseTuple(args, "Oy*y*", &several, &narrow, &wide))
        return NULL;
    Py_ssize_t length = narrow.len / 2;
    PyObject *places = PySequence_Tuple(several); /* keeps them, also if another thread changes the list */
    if (places == NULL)
        goto done;
    Py_ssize_t size = PyTuple_GET_SIZE(places);
    spans.buffers = PyMem_New(Py_buffer, size + 1);
    spans.spans = PyMem_New(Span, size + 1);
    Py_ssize_t *ends = PyMem_New(Py_ssize_t, size + 1);
    if (spans.buffers == NULL || spans.spans == NULL || ends == NULL) {
        PyErr_NoMemory();
        goto freed;
    }
    if (!length || narrow.len != length * 2 || wide.len != length * 4) {
        PyErr_SetString(PyExc_ValueError, "a needle is cut off");
        goto freed;
    }
    for (Py_ssize_t i = 0; i < size; i++)
        if (span_from(PyTuple_GET_ITEM(places, i), &spans) < 0)
            goto freed;
    int failed = 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 0; i < size && !failed; i++) {
        const Span *span = &spans.spans[i];
        failed = search_span(span, span->width == 2 ? narrow.buf : wide.buf, length, &found);
        ends[i] = found.size;
    }
    Py_END_ALLOW_THREADS
    if (failed)
        PyErr_NoMemory();
    else
        result = found_in(&found, ends, size);
freed:
    PyMem_Free(ends);
    spans_free(&spans);
    Py_DECREF(places);
done:
    PyMem_RawFree(found.at);
    PyBuffer_Release(&narrow);
    PyBuffer_Release(&wide);
    return result;
}
