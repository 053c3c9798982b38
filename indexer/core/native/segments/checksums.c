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

#define AHEAD 2048 /* bytes that are read from memory before they are needed */
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
    for (size -= 64; size >= 64; size -= 64) {
        _mm_prefetch((const char *)at + AHEAD, _MM_HINT_T0);
        for (int i = 0; i < 4; i++)
            parts[i] = moved(parts[i], over_64, _mm_loadu_si128(at++));
    }
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

/* A file whose blocks are verified. */
typedef struct {
    Py_buffer data, unseen;
    Column sums;
    Py_ssize_t size, verified; /* of a block; blocks that were verified now */
} Blocks;

/* Verifies the blocks from `first` to before `last` that are unseen; the number of a damaged one, or -1. Runs without
   the interpreter's lock. */
static Py_ssize_t verified(Blocks *blocks, Py_ssize_t first, Py_ssize_t last, int folds)
{
    unsigned char *unseen = blocks->unseen.buf;
    for (Py_ssize_t at = first; at < last; at++) {
        if (!unseen[at])
            continue;
        Py_ssize_t left = blocks->data.len - at * blocks->size;
        const unsigned char *block = (const unsigned char *)blocks->data.buf + at * blocks->size;
        if (crc32_of(block, left < blocks->size ? left : blocks->size, folds) != (uint32_t)column_at(&blocks->sums, at))
            return at;
        unseen[at] = 0;
        blocks->verified++;
    }
    return -1;
}

/* True if all blocks from `first` to before `last` are there; else an exception is set. */
static int are_there(const Blocks *blocks, Py_ssize_t first, Py_ssize_t last)
{
    if (blocks->size >= 1 && first >= 0 && last <= blocks->sums.size && last <= blocks->unseen.len
        && (last - 1) * blocks->size < blocks->data.len)
        return 1;
    PyErr_SetString(PyExc_IndexError, "a block that is not there");
    return 0;
}

static void blocks_free(Blocks *blocks)
{
    column_free(&blocks->sums);
    PyBuffer_Release(&blocks->data);
    PyBuffer_Release(&blocks->unseen);
}

PyObject *native_damaged_block(PyObject *module, PyObject *args)
{
    Blocks blocks = {.size = 0};
    PyObject *sums, *result = NULL;
    Py_ssize_t first, last, damaged;
    if (!PyArg_ParseTuple(args, "y*nOw*nn", &blocks.data, &blocks.size, &sums, &blocks.unseen, &first, &last))
        return NULL;
    if (column_from(sums, 1, &blocks.sums) < 0 || !are_there(&blocks, first, last))
        goto done;
    if (!table[0][1])
        make_table();
    int folds = CAN_FOLD;
    Py_BEGIN_ALLOW_THREADS
    damaged = verified(&blocks, first, last, folds);
    Py_END_ALLOW_THREADS
    result = PyLong_FromSsize_t(damaged);
done:
    blocks_free(&blocks);
    return result;
}

/* True for a value that is in the data. */
static int is_there(const Blocks *blocks, const Column *starts, int64_t number)
{
    return number >= 0 && number < starts->size - 1 && column_at(starts, number) >= 0
           && column_at(starts, number) <= column_at(starts, number + 1)
           && column_at(starts, number + 1) <= blocks->data.len;
}

typedef struct {
    Py_ssize_t first, last;
} Range;

/* The blocks of a value that is there, the last exclusive. */
static Range range_of(const Blocks *blocks, const Column *starts, int64_t number)
{
    Py_ssize_t begin = (Py_ssize_t)column_at(starts, number), end = (Py_ssize_t)column_at(starts, number + 1);
    return (Range){begin / blocks->size, end / blocks->size + (end % blocks->size != 0)};
}

PyObject *native_damaged_value(PyObject *module, PyObject *args)
{
    Blocks blocks = {.size = 0};
    PyObject *sums, *starts_from, *numbers_of, *result = NULL;
    Column starts = {.size = 0};
    Numbers numbers = {0};
    Py_ssize_t damaged = -1;
    if (!PyArg_ParseTuple(args, "y*nOw*OO", &blocks.data, &blocks.size, &sums, &blocks.unseen, &starts_from,
                          &numbers_of))
        return NULL;
    if (column_from(sums, 1, &blocks.sums) < 0 || column_from(starts_from, 1, &starts) < 0
        || numbers_from(numbers_of, &numbers) < 0)
        goto done;
    for (Py_ssize_t i = 0; i < numbers.size; i++) {
        if (blocks.size < 1 || !is_there(&blocks, &starts, numbers.at[i])) {
            PyErr_SetString(PyExc_IndexError, "a value that is not there");
            goto done;
        }
        Range range = range_of(&blocks, &starts, numbers.at[i]);
        if (!are_there(&blocks, range.first, range.last))
            goto done;
    }
    if (!table[0][1])
        make_table();
    int folds = CAN_FOLD;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t i = 0; i < numbers.size && damaged < 0; i++) {
        Range range = range_of(&blocks, &starts, numbers.at[i]);
        damaged = verified(&blocks, range.first, range.last, folds);
    }
    Py_END_ALLOW_THREADS
    result = Py_BuildValue("nn", damaged, blocks.verified);
done:
    column_free(&starts);
    numbers_free(&numbers);
    blocks_free(&blocks);
    return result;
}
