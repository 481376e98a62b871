"""Kernels: lines of text and binary records <-> rows of float32.

A number in text is a string of digits with a point: a whole number m times a power of ten, m * 10^e. For most of them m <=
2^53 and |e| <= 22; both factors are then exact doubles, and one division or multiplication yields the correctly rounded
double (W. Clinger, "How to read floating point numbers accurately", PLDI 1990). For up to 19 digits and larger powers, a few
operations yield a double with a relative error below 2^-50: if all doubles that close to it round to the same float32, that
is the result. What remains, about one number in ten million, is left to CPython's own conversion. So every value equals
``float32(float(text))``, bit for bit, and nothing depends on the locale.

The other direction finds the fewest digits that read back as the same float32: it tries six, then seven, eight, nine. Each
attempt is checked by the very division or multiplication that the reader does, so the result cannot be wrong. Numbers from
0.0001 to below 1e16 are written without an exponent, as Python does; the others have one.

A line is read from the left: a token without spaces, and then exactly as many numbers as there are columns. A line that does
not fit is read from the right, because tokens may contain spaces; but a token of several parts must not end in a number,
because the line would then have a number too many. The characters belong to an immutable object that the caller holds, and
the loops run without the GIL. They stop at what they cannot parse, and leave it to the caller to report what is wrong.
"""

from libc.math cimport INFINITY, fabs, frexp, isnan, signbit
from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.string cimport memchr, memcpy, memmove, memset, strlen

from glove_sklearn._system._bits cimport load_little_endian, lowest_bit

cdef extern from "Python.h":
    ctypedef struct PyObject
    str PyUnicode_DecodeUTF8(const char *, Py_ssize_t, const char *)
    double PyOS_string_to_double(const char *, char **, PyObject *) except? -1.0
    char *PyOS_double_to_string(double, char, int, int, int *) except NULL
    void PyMem_Free(void *)

cdef enum:
    MAX_DIGITS = 19             # this many digits always fit into an unsigned integer of 64 bits
    EXACT_POWER = 22            # the largest power of ten that is an exact double
    FAR_POWER = 88              # the largest that is reached by four exact powers
    FLOAT_BYTES = 24            # more than any float32 takes in text, with its sign and a space

#: Bytes that `format_rows` writes at most for each value.
BYTES_OF_A_VALUE = FLOAT_BYTES
#: Bytes that must follow a text, because eight characters are read together.
PADDING = bytes(8)

cdef uint64_t WHOLE_POWERS[9]

cdef double POWERS[EXACT_POWER + 1]
cdef double SIGNS[2]
cdef double SLACK = 2.0 ** -49


cdef void fill_powers() noexcept:
    cdef int exponent
    SIGNS[0], SIGNS[1] = 1, -1
    POWERS[0] = 1
    for exponent in range(EXACT_POWER):
        POWERS[exponent + 1] = POWERS[exponent] * 10
    for exponent in range(9):
        WHOLE_POWERS[exponent] = <uint64_t> POWERS[exponent]


fill_powers()


cdef inline bint is_blank(uint8_t character) noexcept nogil:
    return character == c" " or character == c"\t"


cdef inline const uint8_t *scan_digits(const uint8_t *p, uint64_t *number) noexcept nogil:
    """Append the digits that begin here to a number. Returns where they end."""
    cdef uint64_t word, others
    cdef int n
    while True:
        word = load_little_endian(p) ^ 0x3030303030303030ULL
        # The highest bit of each byte that is not a digit; correct up to the first such byte.
        others = (word + 0x7676767676767676ULL | word) & 0x8080808080808080ULL
        n = lowest_bit(others) >> 3 if others else 8
        if n == 0:
            return p
        # Shift out what follows the digits, as if zeros preceded them; then combine pairs, fours, and all eight.
        word <<= 64 - 8 * n
        word = word * 10 + (word >> 8) & 0x00FF00FF00FF00FFULL
        word = word * 100 + (word >> 16) & 0x0000FFFF0000FFFFULL
        number[0] = number[0] * WHOLE_POWERS[n] + (word * 10000 + (word >> 32) & 0xFFFFFFFFULL)
        p += n
        if n < 8:
            return p


cdef const uint8_t *scan_slowly(const uint8_t *start, float *value) noexcept with gil:
    """Read the number that begins here with CPython's conversion. Returns where it ends, or NULL if there is none."""
    cdef char *end = NULL
    try:
        value[0] = <float> PyOS_string_to_double(<const char *> start, &end, NULL)
    except ValueError:
        return NULL
    return <const uint8_t *> end


cdef inline const uint8_t *scan(const uint8_t *start, float *value) noexcept nogil:
    """Read the number that begins here. Returns where it ends, or NULL if there is none.

    The text must go on after the number, with something that is not a digit.
    """
    cdef const uint8_t *p = start
    cdef const uint8_t *mark
    cdef uint64_t mantissa = 0
    cdef int64_t n_digits, exponent = 0, power = 0
    cdef uint8_t digit
    cdef bint negative = p[0] == c"-", negative_power
    cdef double found
    # Signs are unpredictable: no branch depends on them.
    p += negative | (p[0] == c"+")
    mark = p
    digit = p[0] - c"0"
    while digit < 10:
        mantissa = mantissa * 10 + digit
        p += 1
        digit = p[0] - c"0"
    n_digits = p - mark
    if p[0] == c".":
        p += 1
        mark = p
        p = scan_digits(p, &mantissa)
        exponent = mark - p
        n_digits -= exponent
    if n_digits == 0:
        # "inf" and "nan" in all their spellings begin with these letters.
        digit = p[0] | 32
        return scan_slowly(start, value) if digit == c"i" or digit == c"n" else NULL
    if p[0] | 32 == c"e":
        mark = p + 1
        negative_power = mark[0] == c"-"
        if negative_power or mark[0] == c"+":
            mark += 1
        digit = mark[0] - c"0"
        if digit > 9:
            return NULL
        while digit < 10:
            power = min(power * 10 + digit, 1000000)
            mark += 1
            digit = mark[0] - c"0"
        exponent += -power if negative_power else power
        p = mark
    if n_digits > MAX_DIGITS:
        mark = start
        while mark[0] == c"-" or mark[0] == c"+" or mark[0] == c"." or mark[0] == c"0":
            n_digits -= mark[0] == c"0"
            mark += 1
        if n_digits > MAX_DIGITS:
            return scan_slowly(start, value)
    found = <double> mantissa
    if mantissa <= <uint64_t> 1 << 53 and -EXACT_POWER <= exponent <= EXACT_POWER:
        if exponent < 0:
            found /= POWERS[-exponent]
        else:
            found *= POWERS[exponent]
    elif mantissa != 0:
        if exponent < -FAR_POWER or exponent > FAR_POWER:
            return scan_slowly(start, value)
        while exponent < 0:
            found /= POWERS[min(-exponent, EXACT_POWER)]
            exponent += min(-exponent, EXACT_POWER)
        while exponent > 0:
            found *= POWERS[min(exponent, EXACT_POWER)]
            exponent -= min(exponent, EXACT_POWER)
        if <float> (found * (1 - SLACK)) != <float> (found * (1 + SLACK)):
            return scan_slowly(start, value)
    value[0] = <float> (found * SIGNS[negative])
    return p


def is_number(bytes field not None):
    """Whether a field of a line is a number, and nothing else."""
    cdef bytes padded = field + PADDING
    cdef const uint8_t *start = <const uint8_t *> <const char *> padded
    cdef float value
    return scan(start, &value) == start + len(field)


cdef inline bint scan_values(
        const uint8_t *p,
        const uint8_t *end,
        int64_t d,
        float *values) noexcept nogil:
    """Read d numbers with blanks before each. Returns whether the line has them, and nothing else."""
    cdef int64_t j
    for j in range(d):
        if not is_blank(p[0]):
            return False
        while is_blank(p[0]):
            p += 1
        p = scan(p, &values[j])
        if p == NULL:
            return False
    return p == end


cdef const uint8_t *end_of_token(const uint8_t *start, const uint8_t *end, int64_t d) noexcept nogil:
    """Find where the token of a line ends if d numbers follow it. Returns NULL if there are fewer parts, or a number too many."""
    cdef const uint8_t *p = end
    cdef const uint8_t *part
    cdef int64_t _j
    cdef float value
    for _j in range(d):
        part = p
        while p > start and not is_blank((p - 1)[0]):
            p -= 1
        if p == part or p == start:
            return NULL
        while p > start and is_blank((p - 1)[0]):
            p -= 1
    part = p
    while part > start and not is_blank((part - 1)[0]):
        part -= 1
    if part > start and scan(part, &value) == p:
        return NULL
    return p


def parse_lines(
        const uint8_t[::1] text,        # IN     lines, followed by PADDING; what follows the last newline is not read
        float[:, ::1] vectors,          # OUT    the numbers of each line, from row `row` onwards
        int64_t row,                    # IN
        int64_t[:, ::1] tokens):        # OUT    of each vector: where its token begins and ends, and the number of lines before
    """Read lines of a token and as many numbers as there are columns, with blanks between them; empty lines are skipped.

    Stops after the last complete line, and before a line for which there is no row or that has another form. Returns the number
    of vectors read, the number of lines read, and the number of bytes that these take.
    """
    cdef int64_t d = vectors.shape[1], n_rows = min(vectors.shape[0] - row, tokens.shape[0]), n_read = 0, n_lines = 0
    cdef const uint8_t *start
    cdef const uint8_t *line
    cdef const uint8_t *stop
    cdef const uint8_t *newline
    cdef const uint8_t *end
    cdef const uint8_t *p
    if text.shape[0] == 0 or d == 0:
        return 0, 0, 0
    with nogil:
        start = line = &text[0]
        stop = start + text.shape[0]
        while line < stop:
            newline = <const uint8_t *> memchr(line, c"\n", stop - line)
            if newline == NULL:
                break
            end = newline
            while end > line and (is_blank((end - 1)[0]) or (end - 1)[0] == c"\r"):
                end -= 1
            if end > line:
                if n_read == n_rows:
                    break
                p = line
                while p < end and not is_blank(p[0]):
                    p += 1
                if p == line or not scan_values(p, end, d, &vectors[row + n_read, 0]):
                    p = end_of_token(line, end, d)
                    if p == NULL or not scan_values(p, end, d, &vectors[row + n_read, 0]):
                        break
                tokens[n_read, 0] = line - start
                tokens[n_read, 1] = p - start
                tokens[n_read, 2] = n_lines
                n_read += 1
            n_lines += 1
            line = newline + 1
    return n_read, n_lines, line - start


def parse_records(
        const uint8_t[::1] data,        # IN     records; what follows the last complete one is not read
        float[:, ::1] vectors,          # OUT    the values of each record, from row `row` onwards
        int64_t row,                    # IN
        int64_t[:, ::1] tokens):        # OUT    of each record: where its token begins and ends, and number of records before
    """Read records of a token, a space and as many float32 as there are columns; newlines before a token are skipped.

    Stops after the last complete record, or when there are no more rows. Returns the number of records read, twice (in place of
    the vectors and the lines of `parse_lines`), and the number of bytes that they take.
    """
    cdef int64_t n_bytes = vectors.shape[1] * sizeof(float), n_rows = min(vectors.shape[0] - row, tokens.shape[0])
    cdef int64_t n_read = 0, position = 0, token
    cdef const uint8_t *start
    cdef const uint8_t *space
    if data.shape[0] == 0 or n_bytes == 0:
        return 0, 0, 0
    with nogil:
        start = &data[0]
        while n_read < n_rows:
            token = position
            while token < data.shape[0] and start[token] == c"\n":
                token += 1
            space = <const uint8_t *> memchr(start + token, c" ", data.shape[0] - token)
            if space == NULL or data.shape[0] - (space + 1 - start) < n_bytes:
                break
            memcpy(&vectors[row + n_read, 0], space + 1, n_bytes)
            tokens[n_read, 0] = token
            tokens[n_read, 1] = space - start
            tokens[n_read, 2] = n_read
            n_read += 1
            position = space + 1 - start + n_bytes
    return n_read, n_read, position


def decode(
        const uint8_t[::1] text,        # IN
        const int64_t[:, ::1] tokens,   # IN     where each token begins and ends
        list terms not None,            # IN/OUT the decoded tokens are appended
        str errors not None):           # IN     how to handle bytes that are not UTF-8, as in bytes.decode
    """Decode each token. Returns the indices of those that are not UTF-8."""
    cdef const char *start
    cdef int64_t i, length
    cdef bytes policy = errors.encode()
    cdef list invalid = []
    if tokens.shape[0] == 0:
        return invalid
    start = <const char *> &text[0]
    for i in range(tokens.shape[0]):
        length = tokens[i, 1] - tokens[i, 0]
        try:
            terms.append(PyUnicode_DecodeUTF8(start + tokens[i, 0], length, NULL))
        except UnicodeDecodeError:
            terms.append(PyUnicode_DecodeUTF8(start + tokens[i, 0], length, policy))
            invalid.append(i)
    return invalid


def not_finite(const float[:, ::1] vectors):        # IN
    """Find rows with a value that is infinite or NaN. Returns how many there are, and the index of the first, or -1."""
    cdef int64_t i, j, n_rows = 0, first = -1
    cdef float total
    with nogil:
        for i in range(vectors.shape[0]):
            total = 0
            for j in range(vectors.shape[1]):
                total += vectors[i, j] * 0
            if total != 0:
                n_rows += 1
                if first < 0:
                    first = i
    return n_rows, first


def keep_rows(
        float[:, ::1] vectors,          # IN/OUT
        const int64_t[::1] rows):       # IN     indices of the rows to keep, in rising order
    """Move the rows to keep to the beginning of the array, in their order."""
    cdef int64_t i, n_bytes = vectors.shape[1] * sizeof(float)
    with nogil:
        for i in range(rows.shape[0]):
            memmove(&vectors[i, 0], &vectors[rows[i], 0], n_bytes)


cdef inline uint8_t *put_digits(uint8_t *out, uint32_t digits, int64_t power) noexcept nogil:
    """Write digits * 10^power, which is not 0, in the notation of Python. Returns the end of the text."""
    cdef uint8_t text[10]
    cdef int64_t n = 0, exponent, i
    while digits % 10 == 0:
        digits //= 10
        power += 1
    while digits:
        text[9 - n] = c"0" + digits % 10
        digits //= 10
        n += 1
    exponent = n - 1 + power
    if exponent < -4 or exponent > 15:
        out[0] = text[10 - n]
        out += 1
        if n > 1:
            out[0] = c"."
            memcpy(out + 1, text + 11 - n, n - 1)
            out += n
        out[0] = c"e"
        out[1] = c"-" if exponent < 0 else c"+"
        exponent = -exponent if exponent < 0 else exponent
        out[2] = c"0" + <uint8_t> (exponent // 10)
        out[3] = c"0" + <uint8_t> (exponent % 10)
        return out + 4
    if exponent < 0:
        memcpy(out, b"0.0000", 6)
        out += 1 - exponent
        memcpy(out, text + 10 - n, n)
        return out + n
    if power >= 0:
        memcpy(out, text + 10 - n, n)
        memset(out + n, c"0", power)
        out += n + power
        out[0] = c"."
        out[1] = c"0"
        return out + 2
    memcpy(out, text + 10 - n, exponent + 1)
    out += exponent + 1
    out[0] = c"."
    for i in range(n - exponent - 1):
        out[1 + i] = text[10 - n + exponent + 1 + i]
    return out + n - exponent


cdef uint8_t *put_slowly(uint8_t *out, float value) noexcept with gil:
    """Write a number that is too large or too small for the table of powers. Returns the end of the text."""
    cdef int n_digits
    cdef char *text
    cdef size_t length
    for n_digits in range(9):
        text = PyOS_double_to_string(value, c"e", n_digits, 0, NULL)
        if n_digits == 8 or <float> PyOS_string_to_double(text, NULL, NULL) == value:
            length = strlen(text)
            memcpy(out, text, length)
            out += length
            PyMem_Free(text)
            break
        PyMem_Free(text)
    return out


cdef inline uint8_t *put(uint8_t *out, float value) noexcept nogil:
    """Write the shortest text that reads as this float32. Returns the end of the text."""
    cdef double x = fabs(<double> value), scaled, back
    cdef int binary, exponent, n_digits, power
    cdef uint32_t digits
    if isnan(value):
        memcpy(out, b"nan", 3)
        return out + 3
    if signbit(value):
        out[0] = c"-"
        out += 1
    if x == 0 or x == INFINITY:
        memcpy(out, b"0.0" if x == 0 else b"inf", 3)
        return out + 3
    if x < 1e-14 or x >= 1e22:        # outside, the table of powers does not suffice
        return put_slowly(out, <float> x)
    frexp(x, &binary)
    # 1233 / 4096 is a little less than log10(2).
    exponent = ((binary - 1) * 1233) >> 12
    if x >= (POWERS[exponent + 1] if exponent >= -1 else 1 / POWERS[-exponent - 1]):
        exponent += 1
    for n_digits in range(6, 10):
        power = n_digits - 1 - exponent
        if power > EXACT_POWER:
            break
        scaled = x * POWERS[power] if power >= 0 else x / POWERS[-power]
        digits = <uint32_t> (scaled + 0.5)
        back = digits / POWERS[power] if power >= 0 else digits * POWERS[-power]
        if <float> back == <float> x:
            return put_digits(out, digits, -power)
    return put_slowly(out, <float> x)


def format_rows(
        const float[:, ::1] vectors,    # IN
        const uint8_t[::1] tokens,      # IN     the token of each row, each followed by a newline
        uint8_t[::1] out):              # OUT    room for `tokens`, and for BYTES_OF_A_VALUE for each value
    """Write each row as a line: its token and its values, with a space before each value. Returns the number of bytes."""
    cdef int64_t i, j, length, remaining = tokens.shape[0]
    cdef const uint8_t *token
    cdef const uint8_t *newline
    cdef uint8_t *p
    if vectors.shape[0] * vectors.shape[1] * FLOAT_BYTES + tokens.shape[0] > out.shape[0]:
        raise ValueError("no room for the text")
    if vectors.shape[0] == 0:
        return 0
    with nogil:
        token = &tokens[0]
        p = &out[0]
        for i in range(vectors.shape[0]):
            newline = <const uint8_t *> memchr(token, c"\n", remaining)
            if newline == NULL:
                break
            length = newline - token
            memcpy(p, token, length)
            p += length
            for j in range(vectors.shape[1]):
                p[0] = c" "
                p = put(p + 1, vectors[i, j])
            p[0] = c"\n"
            p += 1
            token = newline + 1
            remaining -= length + 1
    return p - &out[0]
