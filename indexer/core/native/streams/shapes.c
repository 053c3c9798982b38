/* Groups places by what is said there, and by the word boundaries around it. */

#include "native.h"

#define MOST_KNOWN 16 /* texts that are compared one by one; sound classes have few */

/* The list of the places of a text in a dict, a new one if there is none yet. Borrowed; NULL with an exception. */
static PyObject *list_in(PyObject *by_text, const char *text, Py_ssize_t length)
{
    PyObject *key = PyBytes_FromStringAndSize(text, length), *list = NULL;
    if (key == NULL)
        return NULL;
    list = PyDict_GetItemWithError(by_text, key);
    if (list == NULL && !PyErr_Occurred() && (list = PyList_New(0)) != NULL) {
        int failed = PyDict_SetItem(by_text, key, list);
        Py_DECREF(list);
        if (failed < 0)
            list = NULL;
    }
    Py_DECREF(key);
    return list;
}

PyObject *native_by_text(PyObject *module, PyObject *args)
{
    Py_buffer data;
    Py_ssize_t begin, end, size, known = 0;
    int width;
    PyObject *places, *items = NULL, *result = NULL;
    struct {
        const char *text;
        PyObject *list;
    } texts[MOST_KNOWN];
    if (!PyArg_ParseTuple(args, "y*nniOn", &data, &begin, &end, &width, &places, &size))
        return NULL;
    if ((width != 2 && width != 4) || begin < 0 || begin > end || end > data.len || size < 1) {
        PyErr_SetString(PyExc_ValueError, "a stream is cut off");
        goto done;
    }
    items = PySequence_Tuple(places);
    if (items == NULL || (result = PyDict_New()) == NULL)
        goto done;
    const char *units = (const char *)data.buf + begin;
    Py_ssize_t count = (end - begin) / width, length = size > count ? 0 : size * width;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items); i++) {
        PyObject *item = PyTuple_GET_ITEM(items, i), *list = NULL;
        Py_ssize_t at = PyLong_AsSsize_t(item);
        if (at < 0 || at > count - size) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_IndexError, "a position that is not there");
            Py_CLEAR(result);
            goto done;
        }
        const char *text = units + at * width;
        for (Py_ssize_t one = 0; one < known && list == NULL; one++)
            if (memcmp(texts[one].text, text, (size_t)length) == 0)
                list = texts[one].list;
        if (list == NULL && (list = list_in(result, text, length)) != NULL && known < MOST_KNOWN) {
            texts[known].text = text;
            texts[known++].list = list;
        }
        if (list == NULL || PyList_Append(list, item) < 0) {
            Py_CLEAR(result);
            goto done;
        }
    }
done:
    Py_XDECREF(items);
    PyBuffer_Release(&data);
    return result;
}

/* Which of three lists a place belongs to: 0 for a word, 1 for several, 2 for what does not fit between two borders. */
static int cut(const unsigned char *bits, Py_ssize_t padding, Py_ssize_t at, Py_ssize_t size, Py_ssize_t count)
{
    if (!bit(bits, padding, at) || (at + size < count && !bit(bits, padding, at + size)))
        return 2;
    for (Py_ssize_t inside = at + 1; inside < at + size; inside++)
        if (bit(bits, padding, inside))
            return 1;
    return 0;
}

/* Lists of the places by their bits: two by those at the places, or, with a size, the three above. */
static PyObject *parted(PyObject *places, const Py_buffer *bits, Py_ssize_t count, Py_ssize_t size)
{
    PyObject *lists[3] = {NULL}, *result = NULL, *items = PySequence_Tuple(places);
    Py_ssize_t amount = size ? 3 : 2, padding = bits->len * 8 - count, reach = size ? size : 1;
    if (items == NULL)
        return NULL;
    if (count < 0 || bits->len != (count + 7) / 8) {
        PyErr_SetString(PyExc_ValueError, "the marks of words are cut off");
        goto done;
    }
    for (Py_ssize_t i = 0; i < amount; i++)
        if ((lists[i] = PyList_New(0)) == NULL)
            goto done;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items); i++) {
        PyObject *item = PyTuple_GET_ITEM(items, i);
        Py_ssize_t at = PyLong_AsSsize_t(item);
        if (at < 0 || at > count - reach) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_IndexError, "a position that is not there");
            goto done;
        }
        int which = size ? cut(bits->buf, padding, at, size, count) : bit(bits->buf, padding, at);
        if (PyList_Append(lists[which], item) < 0)
            goto done;
    }
    result = size ? PyTuple_Pack(3, lists[0], lists[1], lists[2]) : PyTuple_Pack(2, lists[0], lists[1]);
done:
    for (Py_ssize_t i = 0; i < amount; i++)
        Py_XDECREF(lists[i]);
    Py_DECREF(items);
    return result;
}

PyObject *native_by_cut(PyObject *module, PyObject *args)
{
    PyObject *places, *result = NULL;
    Py_buffer bits;
    Py_ssize_t size, count;
    if (!PyArg_ParseTuple(args, "Ony*n", &places, &size, &bits, &count))
        return NULL;
    if (size < 1)
        PyErr_SetString(PyExc_ValueError, "a text of no atoms");
    else
        result = parted(places, &bits, count, size);
    PyBuffer_Release(&bits);
    return result;
}

PyObject *native_by_bit(PyObject *module, PyObject *args)
{
    PyObject *places, *result;
    Py_buffer bits;
    Py_ssize_t count;
    if (!PyArg_ParseTuple(args, "Oy*n", &places, &bits, &count))
        return NULL;
    result = parted(places, &bits, count, 0);
    PyBuffer_Release(&bits);
    return result;
}
