/* Where windows of many terms may score much: one pass over the text of an episode, without a list of positions. */

#include "native.h"
#include "upper_bound.h"

#define SLOTS 4096

/* Needles by a hash of their first unit: `first[hash]` and `next[needle]` are the number of a needle + 1, or 0. */
typedef struct {
    Py_ssize_t size;
    Py_buffer *needles;
    int64_t *groups;
    uint32_t *begins; /* the first unit of each */
    int *next, first[SLOTS];
} Wanted;

/* Terms that add nothing at most are left out. */
static int wanted_from(PyObject *from, int width, const double *most, Py_ssize_t groups, Wanted *wanted)
{
    PyObject *items = PySequence_Fast(from, "needles are a list");
    if (items == NULL)
        return -1;
    Py_ssize_t size = PySequence_Fast_GET_SIZE(items);
    wanted->needles = PyMem_Calloc((size_t)size + 1, sizeof *wanted->needles);
    wanted->groups = PyMem_Calloc((size_t)size + 1, sizeof *wanted->groups);
    wanted->next = PyMem_Calloc((size_t)size + 1, sizeof *wanted->next);
    wanted->begins = PyMem_Calloc((size_t)size + 1, sizeof *wanted->begins);
    if (wanted->needles == NULL || wanted->groups == NULL || wanted->next == NULL || wanted->begins == NULL)
        PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < size && !PyErr_Occurred(); i++) {
        long long group;
        if (!PyArg_ParseTuple(PySequence_Fast_GET_ITEM(items, i), "Ly*", &group, &wanted->needles[i]))
            break;
        Py_buffer *needle = &wanted->needles[wanted->size++];
        if (needle->len < width || needle->len % width || group < 0 || group >= groups) {
            PyErr_SetString(PyExc_ValueError, "a needle is cut off, or of a term that is not there");
            break;
        }
        wanted->begins[i] = unit_at(needle->buf, width, 0);
        uint32_t slot = wanted->begins[i] % SLOTS;
        if (most[group] == 0.0)
            continue;
        wanted->groups[i] = group;
        wanted->next[i] = wanted->first[slot];
        wanted->first[slot] = (int)i + 1;
    }
    Py_DECREF(items);
    return PyErr_Occurred() ? -1 : 0;
}

static void wanted_free(Wanted *wanted)
{
    for (Py_ssize_t i = 0; i < wanted->size; i++)
        PyBuffer_Release(&wanted->needles[i]);
    PyMem_Free(wanted->needles);
    PyMem_Free(wanted->groups);
    PyMem_Free(wanted->next);
    PyMem_Free(wanted->begins);
}

/* Appends where the needles are, by place; -1 with an exception. */
static int spot(const char *text, Py_ssize_t units, int width, const Wanted *wanted, Growing *spots)
{
    for (Py_ssize_t at = 0; at < units; at++) {
        uint32_t unit = unit_at(text, width, at);
        for (int one = wanted->first[unit % SLOTS]; one; one = wanted->next[one - 1]) {
            const Py_buffer *needle = &wanted->needles[one - 1];
            if (unit == wanted->begins[one - 1] && needle->len <= (units - at) * width
                && (needle->len == width
                    || memcmp(text + (at + 1) * width, (char *)needle->buf + width, (size_t)(needle->len - width)) == 0)
                && (growing_push(spots, at) < 0 || growing_push(spots, wanted->groups[one - 1]) < 0))
                return -1;
        }
    }
    return 0;
}

static int by_place(const void *one, const void *other)
{
    const Spot *left = one, *right = other;
    if (left->place != right->place)
        return left->place < right->place ? -1 : 1;
    return left->group < right->group ? -1 : left->group > right->group;
}

/* Sorts spots. Those found in the text are in order but for the groups at one place. */
static void in_order(Spot *spots, Py_ssize_t size)
{
    for (Py_ssize_t i = 1; i < size; i++) {
        if (by_place(&spots[i - 1], &spots[i]) <= 0)
            continue;
        if (spots[i].place != spots[i - 1].place) {
            qsort(spots, (size_t)size, sizeof *spots, by_place);
            return;
        }
        Spot one = spots[i];
        Py_ssize_t at = i;
        for (; at > 0 && by_place(&spots[at - 1], &one) > 0; at--)
            spots[at] = spots[at - 1];
        spots[at] = one;
    }
}

/* Appends positions that are known; -1 with an exception. */
static int add_known(PyObject *from, const double *most, Py_ssize_t groups, Growing *spots)
{
    PyObject *items = PySequence_Fast(from, "known positions are a list");
    if (items == NULL)
        return -1;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items) && !PyErr_Occurred(); i++) {
        long long group;
        PyObject *places_of;
        Numbers places = {0};
        if (!PyArg_ParseTuple(PySequence_Fast_GET_ITEM(items, i), "LO", &group, &places_of)
            || numbers_from(places_of, &places) < 0)
            break;
        if (group < 0 || group >= groups)
            PyErr_SetString(PyExc_IndexError, "a term that is not there");
        for (Py_ssize_t at = 0; at < places.size && !PyErr_Occurred() && most[group] != 0.0; at++)
            if (growing_push(spots, places.at[at]) < 0 || growing_push(spots, group) < 0)
                break;
        numbers_free(&places);
    }
    Py_DECREF(items);
    return PyErr_Occurred() ? -1 : 0;
}

/* The time of each spot; -1 with an exception. */
static int times_of(const Spot *spots, Py_ssize_t size, const Numbers *first, const Numbers *starts, int64_t *at)
{
    if (first->size != starts->size + 1) {
        PyErr_SetString(PyExc_ValueError, "times are cut off");
        return -1;
    }
    Py_ssize_t cue = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (spots[i].place < first->at[0] || spots[i].place >= first->at[starts->size]) {
            PyErr_SetString(PyExc_IndexError, "a position that is not there");
            return -1;
        }
        while (spots[i].place >= first->at[cue + 1])
            cue++;
        at[i] = starts->at[cue];
    }
    return 0;
}

PyObject *native_likely_regions(PyObject *module, PyObject *args)
{
    Py_buffer data;
    Py_ssize_t begin, end, several = 0, saturations = 0;
    int width;
    long long milliseconds, atoms;
    double least;
    PyObject *needles, *known, *weights, *most, *saturation, *first_of, *starts_of, *result = NULL;
    Window window = {0};
    Numbers first = {0}, starts = {0};
    Growing spots = {0}, regions = {0};
    int64_t *at = NULL;
    if (!PyArg_ParseTuple(args, "y*nniOOOOOOOLLd", &data, &begin, &end, &width, &needles, &known, &weights, &most,
                          &saturation, &first_of, &starts_of, &milliseconds, &atoms, &least))
        return NULL;
    Wanted *wanted = PyMem_Calloc(1, sizeof *wanted);
    if (wanted == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if ((window.weights = floats_from(weights, &window.groups)) == NULL
        || (window.most = floats_from(most, &several)) == NULL
        || (window.saturation = floats_from(saturation, &saturations)) == NULL
        || numbers_from(first_of, &first) < 0 || numbers_from(starts_of, &starts) < 0)
        goto done;
    if ((width != 2 && width != 4) || begin < 0 || begin > end || end > data.len || several != window.groups
        || saturations == 0 || must_ascend(&first, "atoms") < 0) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_ValueError, "a stream is cut off, or a value is missing");
        goto done;
    }
    window.last = saturations - 1;
    window.counts = PyMem_Calloc((size_t)window.groups + 1, sizeof *window.counts);
    window.values = PyMem_Calloc((size_t)window.groups + 1, sizeof *window.values);
    if (window.counts == NULL || window.values == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if (wanted_from(needles, width, window.most, window.groups, wanted) < 0
        || spot((const char *)data.buf + begin, (end - begin) / width, width, wanted, &spots) < 0
        || add_known(known, window.most, window.groups, &spots) < 0)
        goto done;
    Py_ssize_t size = spots.size / 2;
    in_order((Spot *)spots.at, size);
    at = PyMem_New(int64_t, size + 1);
    if (at == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if (times_of((const Spot *)spots.at, size, &first, &starts, at) < 0)
        goto done;
    double best = slid((const Spot *)spots.at, at, size, &window, milliseconds, atoms, least, &regions);
    if (best >= 0.0)
        result = Py_BuildValue("dN", best, pairs_of(regions.at, regions.size / 2));
done:
    if (wanted != NULL)
        wanted_free(wanted);
    PyMem_Free(wanted);
    PyMem_Free(window.weights);
    PyMem_Free(window.most);
    PyMem_Free(window.saturation);
    PyMem_Free(window.counts);
    PyMem_Free(window.values);
    PyMem_Free(spots.at);
    PyMem_Free(regions.at);
    PyMem_Free(at);
    numbers_free(&first);
    numbers_free(&starts);
    PyBuffer_Release(&data);
    return result;
}
