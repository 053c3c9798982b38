/* Verifies the blocks of a file by their CRC-32. */

#include "native.h"

#define POLYNOMIAL 0xEDB88320u

/* Row n has the remainder of each byte that is followed by n zero bytes. */
static uint32_t table[8][256];

static void make_table(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t rest = byte;
        for (int bit = 0; bit < 8; bit++)
            rest = rest >> 1 ^ (rest & 1 ? POLYNOMIAL : 0);
        table[0][byte] = rest;
    }
    for (int row = 1; row < 8; row++)
        for (int byte = 0; byte < 256; byte++)
            table[row][byte] = table[row - 1][byte] >> 8 ^ table[0][table[row - 1][byte] & 255];
}

/* The remainder after more bytes, eight at a time. */
static uint32_t by_table(const unsigned char *data, Py_ssize_t size, uint32_t rest)
{
    for (; size >= 8; data += 8, size -= 8) {
        uint32_t four = (uint32_t)data[0] | (uint32_t)data[1] << 8 | (uint32_t)data[2] << 16 | (uint32_t)data[3] << 24;
        uint32_t low = rest ^ four;
        rest = table[7][low & 255] ^ table[6][low >> 8 & 255] ^ table[5][low >> 16 & 255] ^ table[4][low >> 24]
               ^ table[3][data[4]] ^ table[2][data[5]] ^ table[1][data[6]] ^ table[0][data[7]];
    }
    for (; size > 0; data++, size--)
        rest = rest >> 8 ^ table[0][(rest ^ *data) & 255];
    return rest;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define CAN_FOLD (__builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1"))

/* Moves 16 bytes of remainder over the next ones. */
__attribute__((target("pclmul,sse4.1"))) static inline __m128i moved(__m128i rest, __m128i by, __m128i next)
{
    __m128i low = _mm_clmulepi64_si128(rest, by, 0x00), high = _mm_clmulepi64_si128(rest, by, 0x11);
    return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

/* The same by carry-less multiplication, for a multiple of 16 bytes, 64 at least (Gopal et al., Fast CRC Computation
   for Generic Polynomials Using PCLMULQDQ Instruction, Intel 2009): four times 16 bytes at a time are moved over the
   next. */
__attribute__((target("pclmul,sse4.1"))) static uint32_t by_folding(const unsigned char *data, Py_ssize_t size,
                                                                    uint32_t rest)
{
    const __m128i *at = (const __m128i *)data;
    const __m128i over_64 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
    const __m128i over_16 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
    const __m128i low_half = _mm_setr_epi32(-1, 0, -1, 0), reduction = _mm_set_epi64x(0x01f7011641, 0x01db710641);
    __m128i parts[4];
    for (int i = 0; i < 4; i++)
        parts[i] = _mm_loadu_si128(at++);
    parts[0] = _mm_xor_si128(parts[0], _mm_cvtsi32_si128((int)rest));
    for (size -= 64; size >= 64; size -= 64)
        for (int i = 0; i < 4; i++)
            parts[i] = moved(parts[i], over_64, _mm_loadu_si128(at++));
    __m128i whole = parts[0];
    for (int i = 1; i < 4; i++)
        whole = moved(whole, over_16, parts[i]);
    for (; size >= 16; size -= 16)
        whole = moved(whole, over_16, _mm_loadu_si128(at++));
    whole = _mm_xor_si128(_mm_srli_si128(whole, 8), _mm_clmulepi64_si128(whole, over_16, 0x10));
    whole = _mm_xor_si128(_mm_srli_si128(whole, 4),
                          _mm_clmulepi64_si128(_mm_and_si128(whole, low_half), _mm_cvtsi64_si128(0x0163cd6124), 0x00));
    __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(whole, low_half), reduction, 0x10);
    quotient = _mm_clmulepi64_si128(_mm_and_si128(quotient, low_half), reduction, 0x00);
    return (uint32_t)_mm_extract_epi32(_mm_xor_si128(whole, quotient), 1);
}
#else
#define CAN_FOLD 0
#define by_folding by_table
#endif

static uint32_t crc32_of(const unsigned char *data, Py_ssize_t size, int folds)
{
    uint32_t rest = 0xFFFFFFFFu;
    Py_ssize_t folded = folds && size >= 64 ? size & ~(Py_ssize_t)15 : 0;
    if (folded)
        rest = by_folding(data, folded, rest);
    return ~by_table(data + folded, size - folded, rest);
}

PyObject *native_damaged_block(PyObject *module, PyObject *args)
{
    Py_buffer data, unseen;
    PyObject *from;
    Column sums = {.size = 0};
    Py_ssize_t size, first, last, damaged = -1;
    if (!PyArg_ParseTuple(args, "y*nOw*nn", &data, &size, &from, &unseen, &first, &last))
        return NULL;
    PyObject *result = NULL;
    if (column_from(from, 1, &sums) < 0)
        goto done;
    if (size < 1 || first < 0 || last > sums.size || last > unseen.len || (last - 1) * size >= data.len) {
        PyErr_SetString(PyExc_IndexError, "a block that is not there");
        goto done;
    }
    if (!table[0][1])
        make_table();
    int folds = CAN_FOLD;
    unsigned char *is_unseen = unseen.buf;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t at = first; at < last && damaged < 0; at++) {
        if (!is_unseen[at])
            continue;
        Py_ssize_t left = data.len - at * size;
        uint32_t found = crc32_of((const unsigned char *)data.buf + at * size, left < size ? left : size, folds);
        if (found == (uint32_t)column_at(&sums, at))
            is_unseen[at] = 0;
        else
            damaged = at;
    }
    Py_END_ALLOW_THREADS
    result = PyLong_FromSsize_t(damaged);
done:
    column_free(&sums);
    PyBuffer_Release(&data);
    PyBuffer_Release(&unseen);
    return result;
}
