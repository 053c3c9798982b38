/* The extents of a NEAR whose sides are NEARs, or its hits further apart than a window. */

#include "native.h"

/* Rows (who, first, last), by who: those of hit i are rows[begin[i]] to rows[begin[i + 1]]. */
typedef struct {
    int64_t *rows;
    Py_ssize_t *begin;
    int64_t *order; /* the hits that have any, ascending */
    Py_ssize_t amount;
} Side;

static void side_free(Side *side)
{
    PyMem_Free(side->rows);
    PyMem_Free(side->begin);
    PyMem_Free(side->order);
}

/* Sorts the three lists of an Extents by who; every number must be the index of a hit. -1 with an exception. */
static int side_from(PyObject *from, Py_ssize_t hits, Side *side)
{
    PyObject *lists[3];
    Numbers columns[3] = {{0}};
    int failed = -1;
    if (!PyTuple_Check(from) || !PyArg_ParseTuple(from, "OOO", &lists[0], &lists[1], &lists[2])) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "extents are three lists");
        return -1;
    }
    for (int i = 0; i < 3; i++)
        if (numbers_from(lists[i], &columns[i]) < 0)
            goto done;
    Py_ssize_t size = columns[0].size;
    side->rows = PyMem_New(int64_t, 2 * size + 1);
    side->begin = PyMem_Calloc((size_t)hits + 2, sizeof *side->begin);
    side->order = PyMem_New(int64_t, hits + 1);
    if (side->rows == NULL || side->begin == NULL || side->order == NULL) {
        PyErr_NoMemory();
        goto done;
    }
    for (int i = 0; i < 3; i++)
        for (Py_ssize_t row = 0; row < size; row++)
            if (columns[i].size != size || columns[i].at[row] < 0 || columns[i].at[row] >= hits) {
                PyErr_SetString(PyExc_IndexError, "an extent of a hit that is not there");
                goto done;
            }
    for (Py_ssize_t row = 0; row < size; row++)
        side->begin[columns[0].at[row] + 2]++;
    for (Py_ssize_t hit = 0; hit < hits; hit++) {
        if (side->begin[hit + 2])
            side->order[side->amount++] = hit;
        side->begin[hit + 2] += side->begin[hit + 1];
    }
    for (Py_ssize_t row = 0; row < size; row++) { /* leaves begin[i + 1] where the rows of hit i end */
        Py_ssize_t at = side->begin[columns[0].at[row] + 1]++;
        side->rows[2 * at] = columns[1].at[row];
        side->rows[2 * at + 1] = columns[2].at[row];
    }
    failed = 0;
done:
    for (int i = 0; i < 3; i++)
        numbers_free(&columns[i]);
    return failed;
}

typedef struct {
    Numbers where, lengths, reach, earliest;
    int64_t longest, most;
    int in_order;
} Rule;

static int is_beyond(const Rule *rule, int64_t one, int64_t other, int64_t longest)
{
    int64_t length = longest ? longest : rule->lengths.at[one];
    return rule->in_order && rule->where.at[other] - rule->where.at[one] - length > rule->most;
}

static int are_near(const Rule *rule, int64_t one, int64_t other)
{
    int64_t apart = rule->where.at[other] - rule->where.at[one];
    return (apart < 0 ? -apart : apart) - rule->lengths.at[one] <= rule->most;
}

/* Appends each extent of one hit joined with each of another. */
static int join(const Side *these, int64_t index, const Side *those, int64_t other, Growing *joined)
{
    for (Py_ssize_t i = these->begin[index]; i < these->begin[index + 1]; i++)
        for (Py_ssize_t j = those->begin[other]; j < those->begin[other + 1]; j++) {
            int64_t a = these->rows[2 * i], b = these->rows[2 * i + 1];
            int64_t c = those->rows[2 * j], d = those->rows[2 * j + 1];
            if (growing_push(joined, a < c ? a : c) < 0 || growing_push(joined, b > d ? b : d) < 0)
                return -1;
        }
    return 0;
}

/* Joins the extents of a hit with those of the near hits of the other side, the nearest first, before and after it. */
static int join_near(const Rule *rule, const Side *these, int64_t index, const Side *those, Growing *joined)
{
    Numbers order = {those->order, those->amount};
    Py_ssize_t above = first_above(&order, index, 0);
    int64_t reached = rule->reach.at[index];
    for (Py_ssize_t at = above; at < order.size; at++) {
        int64_t other = order.at[at];
        if (other >= reached || is_beyond(rule, index, other, 0))
            break;
        if (!are_near(rule, index, other))
            continue;
        if (join(these, index, those, other, joined) < 0)
            return -1;
        for (Py_ssize_t j = those->begin[other]; j < those->begin[other + 1]; j++)
            if (those->rows[2 * j] >= index && those->rows[2 * j + 1] < reached)
                reached = those->rows[2 * j + 1];
    }
    reached = rule->earliest.at[index] - 1;
    for (Py_ssize_t at = above - 1; at >= 0; at--) {
        int64_t other = order.at[at];
        if (other == index)
            continue;
        if (other <= reached || is_beyond(rule, other, index, rule->longest))
            break;
        if (!are_near(rule, other, index))
            continue;
        if (join(these, index, those, other, joined) < 0)
            return -1;
        for (Py_ssize_t j = those->begin[other]; j < those->begin[other + 1]; j++)
            if (those->rows[2 * j + 1] <= index && those->rows[2 * j] > reached)
                reached = those->rows[2 * j];
    }
    return 0;
}

/* The later first, then the shorter. */
static int by_first(const void *one, const void *other)
{
    const int64_t *a = one, *b = other;
    if (a[0] != b[0])
        return a[0] > b[0] ? -1 : 1;
    return (a[1] > b[1]) - (a[1] < b[1]);
}

/* Appends the rows of a hit: of its extents those that fit into a window and contain no other. */
static int push_least(const Rule *rule, int64_t index, const Growing *joined, Growing *out)
{
    int64_t least = -1;
    if (joined->size)
        qsort(joined->at, (size_t)joined->size / 2, 2 * sizeof *joined->at, by_first);
    for (Py_ssize_t i = 0; i + 1 < joined->size; i += 2) {
        int64_t first = joined->at[i], last = joined->at[i + 1];
        if (last < rule->reach.at[first] && (least < 0 || last < least)) {
            if (growing_push(out, index) < 0 || growing_push(out, first) < 0 || growing_push(out, last) < 0)
                return -1;
            least = last;
        }
    }
    return 0;
}

static PyObject *columns_of(const Growing *rows)
{
    PyObject *columns[3];
    for (int i = 0; i < 3; i++)
        columns[i] = PyList_New(rows->size / 3);
    int failed = columns[0] == NULL || columns[1] == NULL || columns[2] == NULL;
    for (Py_ssize_t at = 0; at < rows->size && !failed; at++) {
        PyObject *number = PyLong_FromLongLong(rows->at[at]);
        failed = number == NULL;
        if (!failed)
            PyList_SET_ITEM(columns[at % 3], at / 3, number);
    }
    PyObject *result = failed ? NULL : PyTuple_Pack(3, columns[0], columns[1], columns[2]);
    for (int i = 0; i < 3; i++)
        Py_XDECREF(columns[i]);
    return result;
}

PyObject *native_joined_extents(PyObject *module, PyObject *args)
{
    PyObject *left, *right, *lists[4], *result = NULL;
    long long longest, most;
    Rule rule = {{0}, {0}, {0}, {0}, 0, 0, 0};
    Side sides[2] = {{0}};
    Growing joined = {0}, out = {0};
    if (!PyArg_ParseTuple(args, "OOOOOOLLp", &left, &right, &lists[0], &lists[1], &lists[2], &lists[3], &longest, &most,
                          &rule.in_order))
        return NULL;
    rule.longest = longest;
    rule.most = most;
    Numbers *columns[4] = {&rule.where, &rule.lengths, &rule.reach, &rule.earliest};
    for (int i = 0; i < 4; i++)
        if (numbers_from(lists[i], columns[i]) < 0)
            goto done;
    Py_ssize_t hits = rule.where.size;
    if (rule.lengths.size != hits || rule.reach.size < hits || rule.earliest.size < hits) {
        PyErr_SetString(PyExc_ValueError, "a window for each hit");
        goto done;
    }
    if (side_from(left, hits, &sides[0]) < 0 || side_from(right, hits, &sides[1]) < 0)
        goto done;
    for (int64_t index = 0; index < hits; index++) {
        joined.size = 0;
        for (int side = 0; side < 2; side++)
            if (sides[side].begin[index] < sides[side].begin[index + 1]
                && join_near(&rule, &sides[side], index, &sides[1 - side], &joined) < 0)
                goto done;
        if (push_least(&rule, index, &joined, &out) < 0)
            goto done;
    }
    result = columns_of(&out);
done:
    for (int i = 0; i < 4; i++)
        numbers_free(columns[i]);
    side_free(&sides[0]);
    side_free(&sides[1]);
    PyMem_Free(joined.at);
    PyMem_Free(out.at);
    return result;
}
