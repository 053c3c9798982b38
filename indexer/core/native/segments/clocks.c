/* Sums up the lists of a clock: positions of cues, and their times. */

#include "native.h"

#define BEYOND 255

/* A list: bytes that count from `lowest`, and for each that is BEYOND a number of `size` bytes. */
typedef struct {
    Py_buffer view;
    const unsigned char *code, *large, *end;
    int lowest, size;
} List;

/* Reads (bytes) of a list of `amount` numbers; an empty one has zeros only, if that `may_be`. -1 with an exception.
   Zeroed before, it is freed with PyBuffer_Release. */
static int list_from(PyObject *from, Py_ssize_t amount, int may_be, List *list)
{
    if (PyObject_GetBuffer(from, &list->view, PyBUF_SIMPLE) < 0)
        return -1;
    const unsigned char *data = list->view.buf;
    Py_ssize_t size = list->view.len, beyond = 0;
    if (!size && may_be)
        return 0;
    if (amount >= 0 && size >= 2 && size - 2 >= amount) {
        list->lowest = (signed char)data[0];
        list->size = data[1] == 'h' ? 2 : data[1] == 'i' ? 4 : data[1] == 'q' ? 8 : 0;
        list->code = data + 2;
        list->large = list->code + amount;
        list->end = data + size;
        for (Py_ssize_t i = 0; i < amount; i++)
            beyond += list->code[i] == BEYOND;
        if (list->size && (size - 2 - amount) % list->size == 0 && (size - 2 - amount) / list->size == beyond)
            return 0;
    }
    PyErr_SetString(PyExc_ValueError, "a clock is cut off");
    return -1;
}

/* The next number of a list; unsigned, so that sums of damaged ones are defined. */
static inline uint64_t next_of(List *list)
{
    if (list->code == NULL)
        return 0;
    unsigned char code = *list->code++;
    if (code != BEYOND)
        return (uint64_t)((int64_t)code + list->lowest);
    uint64_t value = 0;
    for (int i = 0; i < list->size; i++)
        value |= (uint64_t)*list->large++ << (8 * i);
    uint64_t sign = (uint64_t)1 << (8 * list->size - 1);
    return (value ^ sign) - sign;
}

/* (format, bytes) of numbers, as narrow as they can be. */
static PyObject *narrow(const int64_t *at, Py_ssize_t size)
{
    int64_t least = 0, most = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        least = at[i] < least ? at[i] : least;
        most = at[i] > most ? at[i] : most;
    }
    char format = least >= 0 && most <= UINT16_MAX ? 'H' : least >= INT32_MIN && most <= INT32_MAX ? 'i' : 'q';
    Py_ssize_t width = format == 'H' ? 2 : format == 'i' ? 4 : 8;
    PyObject *packed = PyBytes_FromStringAndSize(NULL, size * width);
    if (packed == NULL)
        return NULL;
    char *into = PyBytes_AS_STRING(packed);
    for (Py_ssize_t i = 0; i < size; i++) {
        if (format == 'H') {
            uint16_t one = (uint16_t)at[i];
            memcpy(into + i * 2, &one, 2);
        } else if (format == 'i') {
            int32_t one = (int32_t)at[i];
            memcpy(into + i * 4, &one, 4);
        } else
            memcpy(into + i * 8, &at[i], 8);
    }
    return Py_BuildValue("CN", format, packed);
}

PyObject *native_summed_up(PyObject *module, PyObject *args)
{
    PyObject *from, *result = NULL;
    Py_ssize_t size;
    List list = {.size = 0};
    int64_t *sums = NULL;
    if (!PyArg_ParseTuple(args, "On", &from, &size))
        return NULL;
    if (list_from(from, size, 0, &list) == 0) {
        sums = PyMem_New(int64_t, size + 1);
        if (sums == NULL)
            PyErr_NoMemory();
    }
    if (sums != NULL) {
        uint64_t sum = 0;
        for (Py_ssize_t i = 0; i < size; i++)
            sums[i] = (int64_t)(sum += next_of(&list));
        result = narrow(sums, size);
    }
    PyMem_Free(sums);
    PyBuffer_Release(&list.view);
    return result;
}

/* What a frame is: its time is (number * milliseconds + rounding) / frames, rounded down. */
typedef struct {
    int64_t milliseconds, frames, rounding;
} Frame;

static inline uint64_t time_of(const Frame *frame, uint64_t number)
{
    int64_t signed_number = (int64_t)number, whole = signed_number / frame->frames;
    int64_t rest = signed_number % frame->frames;
    if (rest < 0) {
        rest += frame->frames;
        whole--;
    }
    return (uint64_t)whole * (uint64_t)frame->milliseconds
           + (uint64_t)((rest * frame->milliseconds + frame->rounding) / frame->frames);
}

/* The times of cues, and the durations if there are lists of both. 0, or -1 without memory. */
static int times_from(List *lists, int amount, List *beside, const Frame *frame, int64_t **into, Py_ssize_t cues)
{
    for (int i = 0; i < amount; i++)
        if ((into[i] = PyMem_New(int64_t, cues + 1)) == NULL) {
            PyErr_NoMemory();
            return -1;
        }
    uint64_t number = 0;
    for (Py_ssize_t at = 0; at < cues; at++) {
        number += next_of(&lists[0]);
        uint64_t start = time_of(frame, number) + next_of(beside);
        into[0][at] = (int64_t)start;
        if (amount == 2) {
            number += next_of(&lists[1]);
            into[1][at] = (int64_t)(time_of(frame, number) + next_of(beside) - start);
        }
    }
    return 0;
}

PyObject *native_clocked(PyObject *module, PyObject *args)
{
    PyObject *from[2] = {NULL, NULL}, *also, *several, *found[2] = {NULL, NULL}, *result = NULL;
    Py_ssize_t size;
    long long per, frames, rounding;
    List lists[2] = {{.size = 0}, {.size = 0}}, beside = {.size = 0};
    int64_t *times[2] = {NULL, NULL};
    if (!PyArg_ParseTuple(args, "O!On(LLL)", &PyTuple_Type, &several, &also, &size, &per, &frames, &rounding)
        || !PyArg_ParseTuple(several, "O|O", &from[0], &from[1]))
        return NULL;
    if (per < 1 || per > UINT16_MAX || frames < 1 || frames > UINT16_MAX || rounding < 0 || rounding > UINT16_MAX
        || size < 0 || size > PY_SSIZE_T_MAX / 32) {
        PyErr_SetString(PyExc_ValueError, "a clock has no frames");
        return NULL;
    }
    int amount = from[1] == NULL ? 1 : 2, failed = list_from(also, amount * size, 1, &beside);
    for (int i = 0; i < amount && !failed; i++)
        failed = list_from(from[i], size, 0, &lists[i]);
    Frame frame = {per, frames, rounding};
    if (!failed)
        failed = times_from(lists, amount, &beside, &frame, times, size);
    for (int i = 0; i < amount && !failed; i++)
        failed = (found[i] = narrow(times[i], size)) == NULL;
    if (!failed)
        result = PyTuple_Pack(amount, found[0], found[1]);
    for (int i = 0; i < 2; i++) {
        Py_XDECREF(found[i]);
        PyMem_Free(times[i]);
        PyBuffer_Release(&lists[i].view);
    }
    PyBuffer_Release(&beside.view);
    return result;
}
