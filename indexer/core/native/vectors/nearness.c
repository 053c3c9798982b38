/* Compares a question's vector with those of segments. All sums are of integers, so they are the same to the last digit
   however they are added. */

#include "native.h"
#include <math.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define LARGEST_SUM (1LL << 31) /* that of 128 times each of the question's numbers stays below it */

static int32_t product(const int8_t *row, const int16_t *question, Py_ssize_t size)
{
    int32_t sum = 0;
    Py_ssize_t at = 0;
#if defined(__SSE2__)
    __m128i sums = _mm_setzero_si128();
    for (; at + 16 <= size; at += 16) {
        __m128i numbers = _mm_loadu_si128((const __m128i *)(row + at));
        __m128i low = _mm_srai_epi16(_mm_unpacklo_epi8(numbers, numbers), 8);
        __m128i high = _mm_srai_epi16(_mm_unpackhi_epi8(numbers, numbers), 8);
        sums = _mm_add_epi32(sums, _mm_madd_epi16(low, _mm_loadu_si128((const __m128i *)(question + at))));
        sums = _mm_add_epi32(sums, _mm_madd_epi16(high, _mm_loadu_si128((const __m128i *)(question + at + 8))));
    }
    int32_t four[4];
    _mm_storeu_si128((__m128i *)four, sums);
    sum = four[0] + four[1] + four[2] + four[3];
#endif
    for (; at < size; at++)
        sum += (int32_t)row[at] * question[at];
    return sum;
}

/* The float of four bytes, little-endian, at a place. */
static double scale_at(const unsigned char *from)
{
    uint32_t bits = from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
    float value;
    memcpy(&value, &bits, 4);
    return value;
}

PyObject *native_products(PyObject *module, PyObject *args)
{
    Py_buffer vectors, scale, question;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*y*", &vectors, &scale, &question))
        return NULL;
    Py_ssize_t rows = scale.len / 4, size = question.len / 2;
    int16_t *wanted = NULL;
    if (scale.len % 4 || question.len % 2 || size == 0 || vectors.len / size != rows || vectors.len % size) {
        PyErr_SetString(PyExc_ValueError, "vectors, scale and question do not fit each other");
        goto done;
    }
    wanted = PyMem_Malloc((size_t)question.len); /* for its alignment */
    if (wanted == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    memcpy(wanted, question.buf, (size_t)question.len);
    int64_t sum = 0;
    for (Py_ssize_t at = 0; at < size; at++)
        sum += 128 * (wanted[at] < 0 ? -(int64_t)wanted[at] : wanted[at]);
    if (sum >= LARGEST_SUM) {
        PyErr_SetString(PyExc_ValueError, "the numbers of the question are too large");
        goto done;
    }
    result = PyBytes_FromStringAndSize(NULL, rows * (Py_ssize_t)sizeof(double));
    if (result == NULL)
        goto done;
    double *found = (double *)PyBytes_AS_STRING(result);
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t row = 0; row < rows; row++)
        found[row] = product((const int8_t *)vectors.buf + row * size, wanted, size) *
                     scale_at((const unsigned char *)scale.buf + 4 * row);
    Py_END_ALLOW_THREADS
done:
    PyMem_Free(wanted);
    PyBuffer_Release(&vectors);
    PyBuffer_Release(&scale);
    PyBuffer_Release(&question);
    return result;
}

PyObject *native_standardized(PyObject *module, PyObject *args)
{
    Py_buffer values;
    if (!PyArg_ParseTuple(args, "y*", &values))
        return NULL;
    Py_ssize_t amount = values.len / (Py_ssize_t)sizeof(double);
    const double *from = values.buf;
    PyObject *result = PyBytes_FromStringAndSize(NULL, amount * (Py_ssize_t)sizeof(double));
    if (result != NULL && amount) {
        double *into = (double *)PyBytes_AS_STRING(result), sum = 0, squares = 0;
        for (Py_ssize_t at = 0; at < amount; at++)
            sum += from[at];
        double mean = sum / (double)amount;
        for (Py_ssize_t at = 0; at < amount; at++)
            squares += (from[at] - mean) * (from[at] - mean);
        double spread = sqrt(squares / (double)amount);
        for (Py_ssize_t at = 0; at < amount; at++)
            into[at] = spread > 0 ? (from[at] - mean) / spread : 0.0;
    }
    PyBuffer_Release(&values);
    return result;
}

PyObject *native_best_means(PyObject *module, PyObject *args)
{
    Py_buffer values;
    PyObject *of_starts, *result = NULL;
    Numbers starts = {0};
    if (!PyArg_ParseTuple(args, "y*O", &values, &of_starts))
        return NULL;
    Py_ssize_t amount = values.len / (Py_ssize_t)sizeof(double);
    const double *from = values.buf;
    if (numbers_from(of_starts, &starts) < 0)
        goto done;
    for (Py_ssize_t at = 0; at + 1 < starts.size; at++)
        if (starts.at[at] < 0 || starts.at[at] >= starts.at[at + 1] || starts.at[at + 1] > amount) {
            PyErr_SetString(PyExc_ValueError, "the starts do not fit the values");
            goto done;
        }
    Py_ssize_t groups = starts.size ? starts.size - 1 : 0;
    result = PyBytes_FromStringAndSize(NULL, groups * (Py_ssize_t)sizeof(double));
    if (result == NULL)
        goto done;
    double *into = (double *)PyBytes_AS_STRING(result);
    for (Py_ssize_t group = 0; group < groups; group++) {
        double first = -HUGE_VAL, second = -HUGE_VAL, third = -HUGE_VAL;
        for (int64_t at = starts.at[group]; at < starts.at[group + 1]; at++) {
            double value = from[at];
            if (value > first) {
                third = second;
                second = first;
                first = value;
            } else if (value > second && value < first) {
                third = second;
                second = value;
            } else if (value > third && value < second)
                third = value;
        }
        if (second == -HUGE_VAL)
            second = first;
        if (third == -HUGE_VAL)
            third = second;
        into[group] = (first + second + third) / 3;
    }
done:
    numbers_free(&starts);
    PyBuffer_Release(&values);
    return result;
}

/* True if the value at one place comes after that at another: it is less, or as great and later. */
static inline int is_after(const double *values, int64_t one, int64_t other)
{
    return values[one] < values[other] || (values[one] == values[other] && one > other);
}

/* Lets the place at `at` of a heap, whose first is the last of all, sink to where it belongs. */
static void sink(const double *values, int64_t *heap, Py_ssize_t size, Py_ssize_t at)
{
    for (;;) {
        Py_ssize_t last = at, left = 2 * at + 1, right = left + 1;
        if (left < size && is_after(values, heap[left], heap[last]))
            last = left;
        if (right < size && is_after(values, heap[right], heap[last]))
            last = right;
        if (last == at)
            return;
        int64_t kept = heap[at];
        heap[at] = heap[last];
        heap[last] = kept;
        at = last;
    }
}

PyObject *native_largest(PyObject *module, PyObject *args)
{
    Py_buffer values;
    Py_ssize_t begin, end, most;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*nnn", &values, &begin, &end, &most))
        return NULL;
    Py_ssize_t amount = values.len / (Py_ssize_t)sizeof(double);
    int64_t *heap = NULL;
    if (begin < 0 || begin > end || end > amount || most < 0) {
        PyErr_SetString(PyExc_ValueError, "there are no such values");
        goto done;
    }
    const double *from = values.buf;
    Py_ssize_t size = most < end - begin ? most : end - begin;
    heap = PyMem_Malloc((size_t)(size + 1) * sizeof(int64_t));
    if (heap == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (Py_ssize_t at = 0; at < size; at++)
        heap[at] = begin + at;
    for (Py_ssize_t at = size / 2; at-- > 0;)
        sink(from, heap, size, at);
    for (Py_ssize_t at = begin + size; size && at < end; at++)
        if (is_after(from, heap[0], at)) {
            heap[0] = at;
            sink(from, heap, size, 0);
        }
    for (Py_ssize_t left = size; left > 1; left--) { /* the last of all goes to the end */
        int64_t last = heap[0];
        heap[0] = heap[left - 1];
        heap[left - 1] = last;
        sink(from, heap, left - 1, 0);
    }
    result = list_of(heap, size);
done:
    PyMem_Free(heap);
    PyBuffer_Release(&values);
    return result;
}
