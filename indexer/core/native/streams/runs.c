/* Finds runs of atoms in a token stream, and tells which of them are cut as one word. */

#include "native.h"

#define BLOCK 64

/* Appends the positions in [from, until) at which `length` units of the needle begin. The caller has checked that
   until + length - 1 units are there. A block is first looked over as a whole, which the compiler does by vectors. */
#define SCANNER(NAME, UNIT)                                                                                       \
    static inline UNIT NAME##_unit(const char *text, Py_ssize_t at)                                               \
    {                                                                                                             \
        UNIT unit;                                                                                                \
        memcpy(&unit, text + at * (Py_ssize_t)sizeof unit, sizeof unit);                                          \
        return unit;                                                                                              \
    }                                                                                                             \
    static int NAME(const char *text, const char *needle, Py_ssize_t length, Py_ssize_t from, Py_ssize_t until,   \
                    Growing *found)                                                                               \
    {                                                                                                             \
        const UNIT first = NAME##_unit(needle, 0), last = NAME##_unit(needle, length - 1);                        \
        const char *end = text + (length - 1) * (Py_ssize_t)sizeof(UNIT);                                         \
        for (Py_ssize_t at = from; at < until; at += BLOCK) {                                                     \
            Py_ssize_t size = until - at < BLOCK ? until - at : BLOCK, amount = 0;                                \
            unsigned char there[BLOCK + 1];                                                                       \
            if (size == BLOCK) {                                                                                  \
                UNIT any = 0;                                                                                     \
                for (Py_ssize_t i = 0; i < BLOCK; i++)                                                            \
                    any |= (UNIT)((NAME##_unit(text, at + i) == first) & (NAME##_unit(end, at + i) == last));     \
                if (!any)                                                                                         \
                    continue;                                                                                     \
            }                                                                                                     \
            for (Py_ssize_t i = 0; i < size; i++) {                                                               \
                there[amount] = (unsigned char)i;                                                                 \
                amount += (NAME##_unit(text, at + i) == first) & (NAME##_unit(end, at + i) == last);              \
            }                                                                                                     \
            if (found->room - found->size < amount && growing_more(found, amount) < 0)                            \
                return -1;                                                                                        \
            for (Py_ssize_t i = 0; i < amount; i++) {                                                             \
                Py_ssize_t place = at + there[i];                                                                 \
                if (length < 3 || memcmp(text + place * (Py_ssize_t)sizeof(UNIT), needle,                         \
                                         (size_t)length * sizeof(UNIT)) == 0)                                     \
                    found->at[found->size++] = place;                                                             \
            }                                                                                                     \
        }                                                                                                         \
        return 0;                                                                                                 \
    }

SCANNER(scan_one, uint8_t)
SCANNER(scan_two, uint16_t)
SCANNER(scan_four, uint32_t)

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define HAS_WIDE __builtin_cpu_supports("avx2")
#define AT_ONCE 32

/* A bit for each of 32 units, 1 where the needle's first unit is and its last one as far behind. */
__attribute__((target("avx2"))) static inline uint32_t begins(const char *text, const char *end, __m256i first,
                                                              __m256i last)
{
    __m256i found[2];
    for (int i = 0; i < 2; i++) {
        __m256i one = _mm256_loadu_si256((const __m256i *)text + i), other = _mm256_loadu_si256((const __m256i *)end + i);
        found[i] = _mm256_and_si256(_mm256_cmpeq_epi16(one, first), _mm256_cmpeq_epi16(other, last));
    }
    if (_mm256_testz_si256(_mm256_or_si256(found[0], found[1]), _mm256_set1_epi16(-1)))
        return 0;
    __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi16(found[0], found[1]), 0xD8);
    return (uint32_t)_mm256_movemask_epi8(both);
}

/* `scan_two` where the processor has vectors of 16 units. */
__attribute__((target("avx2"))) static int scan_two_wide(const char *text, const char *needle, Py_ssize_t length,
                                                         Py_ssize_t from, Py_ssize_t until, Growing *found)
{
    const char *end = text + (length - 1) * 2;
    const __m256i first = _mm256_set1_epi16((short)scan_two_unit(needle, 0));
    const __m256i last = _mm256_set1_epi16((short)scan_two_unit(needle, length - 1));
    Py_ssize_t at = from;
    for (; until - at >= AT_ONCE; at += AT_ONCE) {
        uint32_t bits = begins(text + at * 2, end + at * 2, first, last);
        if (!bits)
            continue;
        if (found->room - found->size < AT_ONCE && growing_more(found, AT_ONCE) < 0)
            return -1;
        for (; bits; bits &= bits - 1) {
            Py_ssize_t place = at + __builtin_ctz(bits);
            if (length < 3 || memcmp(text + place * 2, needle, (size_t)length * 2) == 0)
                found->at[found->size++] = place;
        }
    }
    return scan_two(text, needle, length, at, until, found);
}
#else
#define HAS_WIDE 0
#define scan_two_wide scan_two
#endif

int scan_units(const char *text, Py_ssize_t units, int width, const char *needle, Py_ssize_t length, Py_ssize_t from,
               Py_ssize_t until, Growing *found)
{
    if (from < 0)
        from = 0;
    if (until > units - length + 1)
        until = units - length + 1;
    if (from >= until) /* also where `until - from` is no number */
        return 0;
    if (width == 2 && HAS_WIDE)
        return scan_two_wide(text, needle, length, from, until, found);
    return (width == 1 ? scan_one : width == 2 ? scan_two : scan_four)(text, needle, length, from, until, found);
}

PyObject *native_find(PyObject *module, PyObject *args)
{
    Py_buffer data, needle;
    Py_ssize_t begin, end;
    int width;
    PyObject *regions, *result = NULL;
    Growing found = {0};
    if (!PyArg_ParseTuple(args, "y*nniy*O", &data, &begin, &end, &width, &needle, &regions))
        return NULL;
    if ((width != 1 && width != 2 && width != 4) || begin < 0 || begin > end || end > data.len || needle.len < width
        || needle.len % width) {
        PyErr_SetString(PyExc_ValueError, "a stream is cut off");
        goto done;
    }
    const char *text = (const char *)data.buf + begin;
    Py_ssize_t units = (end - begin) / width, length = needle.len / width;
    if (regions == Py_None) {
        if (scan_units(text, units, width, needle.buf, length, 0, units, &found) < 0)
            goto done;
    } else {
        PyObject *several = PySequence_Fast(regions, "regions are a list");
        if (several == NULL)
            goto done;
        for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(several); i++) {
            Py_ssize_t from, until;
            if (!PyArg_ParseTuple(PySequence_Fast_GET_ITEM(several, i), "nn", &from, &until)
                || scan_units(text, units, width, needle.buf, length, from, until, &found) < 0) {
                Py_DECREF(several);
                goto done;
            }
        }
        Py_DECREF(several);
    }
    result = list_of(found.at, found.size);
done:
    PyMem_Free(found.at);
    PyBuffer_Release(&data);
    PyBuffer_Release(&needle);
    return result;
}

/* Needles by a hash of their first unit: `first[hash]` and `next[needle]` are the number of a needle + 1, or 0. */
#define SLOTS 4096

typedef struct {
    Py_ssize_t size;
    Py_buffer *needles;
    Growing *found;
    int *next, first[SLOTS];
} Needles;

/* One pass over all units; -1 with an exception. */
static int scan_each(const char *text, Py_ssize_t units, int width, Needles *needles)
{
    for (Py_ssize_t at = 0; at < units; at++)
        for (int one = needles->first[unit_at(text, width, at) % SLOTS]; one; one = needles->next[one - 1]) {
            const Py_buffer *needle = &needles->needles[one - 1];
            if (needle->len <= (units - at) * width && memcmp(text + at * width, needle->buf, (size_t)needle->len) == 0
                && growing_push(&needles->found[one - 1], at) < 0)
                return -1;
        }
    return 0;
}

static PyObject *lists_of(const Needles *needles)
{
    PyObject *lists = PyList_New(needles->size);
    for (Py_ssize_t i = 0; lists != NULL && i < needles->size; i++) {
        PyObject *list = list_of(needles->found[i].at, needles->found[i].size);
        if (list == NULL)
            Py_CLEAR(lists);
        else
            PyList_SET_ITEM(lists, i, list);
    }
    return lists;
}

PyObject *native_find_each(PyObject *module, PyObject *args)
{
    Py_buffer data;
    Py_ssize_t begin, end, amount = 0;
    int width;
    PyObject *several, *items = NULL, *result = NULL;
    if (!PyArg_ParseTuple(args, "y*nniO", &data, &begin, &end, &width, &several))
        return NULL;
    Needles *needles = PyMem_Calloc(1, sizeof *needles);
    if (needles == NULL || (items = PySequence_Fast(several, "needles are a list")) == NULL) {
        if (needles == NULL)
            PyErr_NoMemory();
        goto done;
    }
    needles->size = PySequence_Fast_GET_SIZE(items);
    needles->needles = PyMem_Calloc((size_t)needles->size + 1, sizeof *needles->needles);
    needles->found = PyMem_Calloc((size_t)needles->size + 1, sizeof *needles->found);
    needles->next = PyMem_Calloc((size_t)needles->size + 1, sizeof *needles->next);
    if (needles->needles == NULL || needles->found == NULL || needles->next == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    if ((width != 2 && width != 4) || begin < 0 || begin > end || end > data.len) {
        PyErr_SetString(PyExc_ValueError, "a stream is cut off");
        goto done;
    }
    for (; amount < needles->size; amount++) {
        Py_buffer *needle = &needles->needles[amount];
        if (PyObject_GetBuffer(PySequence_Fast_GET_ITEM(items, amount), needle, PyBUF_SIMPLE) < 0)
            goto done;
        if (needle->len < width || needle->len % width) {
            amount++; /* to be released */
            PyErr_SetString(PyExc_ValueError, "a needle is cut off");
            goto done;
        }
        uint32_t slot = unit_at(needle->buf, width, 0) % SLOTS;
        needles->next[amount] = needles->first[slot];
        needles->first[slot] = (int)amount + 1;
    }
    if (scan_each((const char *)data.buf + begin, (end - begin) / width, width, needles) == 0)
        result = lists_of(needles);
done:
    for (Py_ssize_t i = 0; i < amount; i++)
        PyBuffer_Release(&needles->needles[i]);
    for (Py_ssize_t i = 0; needles != NULL && needles->found != NULL && i < needles->size; i++)
        PyMem_Free(needles->found[i].at);
    if (needles != NULL) {
        PyMem_Free(needles->needles);
        PyMem_Free(needles->found);
        PyMem_Free(needles->next);
    }
    PyMem_Free(needles);
    Py_XDECREF(items);
    PyBuffer_Release(&data);
    return result;
}

PyObject *native_unbroken(PyObject *module, PyObject *args)
{
    PyObject *places, *result = NULL, *unbroken = NULL, *alone = NULL;
    Py_buffer bits;
    Py_ssize_t size, count;
    if (!PyArg_ParseTuple(args, "Ony*n", &places, &size, &bits, &count))
        return NULL;
    PyObject *items = PySequence_Fast(places, "places are a list");
    if (items == NULL)
        goto done;
    if (size < 1 || count < 0 || bits.len != (count + 7) / 8) {
        PyErr_SetString(PyExc_ValueError, "the marks of words are cut off");
        goto done;
    }
    const unsigned char *marks = bits.buf;
    Py_ssize_t padding = bits.len * 8 - count;
    unbroken = PyList_New(0);
    alone = PyList_New(0);
    if (unbroken == NULL || alone == NULL)
        goto done;
    for (Py_ssize_t i = 0; i < PySequence_Fast_GET_SIZE(items); i++) {
        PyObject *item = PySequence_Fast_GET_ITEM(items, i);
        Py_ssize_t at = PyLong_AsSsize_t(item), inside = at + 1;
        if (at < 0 || at > count - size) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_IndexError, "a position that is not there");
            goto done;
        }
        while (inside < at + size && !bit(marks, padding, inside))
            inside++;
        if (inside < at + size)
            continue;
        if (PyList_Append(unbroken, item) < 0)
            goto done;
        if (bit(marks, padding, at) && (at + size == count || bit(marks, padding, at + size))
            && PyList_Append(alone, item) < 0)
            goto done;
    }
    result = PyTuple_Pack(2, unbroken, alone);
done:
    Py_XDECREF(items);
    Py_XDECREF(unbroken);
    Py_XDECREF(alone);
    PyBuffer_Release(&bits);
    return result;
}
