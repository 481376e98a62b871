"""The vocabulary and co-occurrence files of Stanford GloVe: vocab.txt, cooccurrence.bin and cooccurrence.shuf.bin."""

import gzip
import itertools
import os
import struct
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.exceptions import NotFittedError

from glove_sklearn import CooccurrenceCounter, GloVe
from glove_sklearn._counting import external_sort
from glove_sklearn._counting.row_store import CsrRows, SpooledRows
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._training.settings import TrainingSettings
from glove_sklearn._training.trainer import train
from glove_sklearn.formats import (
    COOCCURRENCE,
    iterate_cooccurrences,
    read_cooccurrences,
    read_vocabulary,
    write_cooccurrences,
    write_vocabulary,
)
from glove_sklearn.formats import cooccurrences as cooccurrence_files
from glove_sklearn.formats.cooccurrences import rows_of_cooccurrences
from tests.assertions import assert_same_matrix, random_sparse
from tests.stanford_glove import WINDOW_SIZE

#: X[0, 1] = 2, X[1, 0] = 0.5, X[1, 1] = 3.
RECORDS = [(1, 2, 2.0), (2, 1, 0.5), (2, 2, 3.0)]
SMALL = sparse.csr_array(np.array([[0, 2], [0.5, 3]], dtype=np.float32))


def written(path, records):
    """The path of a file of these records, byte by byte as Stanford GloVe writes them."""
    path.write_bytes(b"".join(struct.pack("<iid", *record) for record in records))
    return path


def records_of(path):
    return [tuple(record) for record in np.fromfile(path, COOCCURRENCE).tolist()]


def matrix_of(records, n_words):
    """What the file means, the slow way: float64 sums in the order of the file, as float32, zeros left out."""
    sums = Counter()
    for word1, word2, value in records:
        sums[word1 - 1, word2 - 1] += value
    X = sparse.dok_array((n_words, n_words), dtype=np.float32)
    for cell, value in sums.items():
        if np.float32(value) > 0:
            X[cell] = np.float32(value)
    return X.tocsr().sorted_indices()


@pytest.fixture
def many_buckets(monkeypatch):
    """As if memory were so small that only some records can be sorted or shuffled at a time."""
    monkeypatch.setattr(external_sort, "_MIN_RECORDS_PER_BUCKET", 1)
    monkeypatch.setattr(external_sort, "records_per_bucket", lambda n_records: 50)
    arrays = []
    original = Storage.array
    monkeypatch.setattr(Storage, "array", lambda *args: arrays.append(args[3]) or original(*args))
    return arrays


def random_matrix(n_words=60, density=0.3, seed=0):
    random = np.random.RandomState(seed)
    X = random_sparse((n_words, n_words), density, random)
    X.data = (1 + X.data * 100).astype(np.float32)
    X.sort_indices()
    return X


# Reading


def test_a_file_as_stanford_glove_writes_it(tmp_path):
    path = written(tmp_path / "cooccurrence.bin", RECORDS)
    X = read_cooccurrences(path)
    assert isinstance(X, sparse.csr_array)
    assert X.dtype == np.float32
    assert_same_matrix(X, SMALL)
    assert_same_matrix(read_cooccurrences(str(path), 2), SMALL)
    assert read_cooccurrences(path, n_words=5).shape == (5, 5)
    for records in itertools.permutations(RECORDS):
        assert_same_matrix(read_cooccurrences(written(path, records)), SMALL)


@pytest.mark.parametrize("memory_limit", [None, "1MB", 1000])
@given(
    records=st.lists(
        st.tuples(st.integers(1, 6), st.integers(1, 6), st.sampled_from([0.1, 1 / 3, 1e-50, 0.0, 1e15, 7.0])),
        min_size=1,
        max_size=60,
    ),
    in_order=st.booleans(),
    n_words=st.sampled_from([None, 6, 9]),
)
def test_any_records_are_added_up_in_the_order_of_the_file(records, in_order, n_words, memory_limit, tmp_path_factory):
    if not any(np.float32(value) > 0 for _, _, value in records):
        records.append((1, 1, 1.0))
    if in_order:
        records.sort(key=lambda record: record[0])
    path = written(tmp_path_factory.getbasetemp() / "any.bin", records)
    expected = matrix_of(records, n_words or max(max(record[:2]) for record in records))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(external_sort, "_MIN_RECORDS_PER_BUCKET", 3)
        assert_same_matrix(read_cooccurrences(path, n_words, memory_limit=memory_limit), expected)


@pytest.mark.parametrize("memory_limit", [None, 1000])
@pytest.mark.parametrize(
    "others", [[(2, 1, 1.0)], [(1, 1, 1.0)], []], ids=["sorted after", "sorted before", "in order"]
)
def test_sums_are_those_of_the_order_of_the_file(tmp_path, others, memory_limit, many_buckets):
    # float32 knows even numbers here: a half way is rounded down to 2**24, anything more up to 2**24 + 2. A float64 forgets 1e-9
    # after 2**24 + 1, but not twice that.
    half_way, little = (1, 2, 2.0**24 + 1), (1, 2, 1e-9)
    for records, expected in (([half_way, little, little], 2**24), ([little, little, half_way], 2**24 + 2)):
        path = written(tmp_path / "X.bin", [records[0], *others, *records[1:], *[(2, 2, 1.0)] * 100])
        assert read_cooccurrences(path, memory_limit=memory_limit)[0, 1] == expected


def test_the_matrix_of_stanford_glove(stanford_glove):
    terms, counts = read_vocabulary(stanford_glove.path("vocab.txt"))
    assert [f"{term} {count}" for term, count in zip(terms, counts, strict=True)] == stanford_glove.lines("vocab.txt")
    texts = stanford_glove.lines("text.txt")
    # What Stanford GloVe calls the left context has the word on the left as the row.
    for name, context in (("cooccurrence.bin", "symmetric"), ("cooccurrence.left.bin", "right")):
        X = read_cooccurrences(stanford_glove.path(name), len(terms))
        counter = CooccurrenceCounter(weighting="harmonic", context=context, analyzer=str.split, vocabulary=terms)
        ours = counter.set_params(window_size=WINDOW_SIZE).fit(texts).cooccurrence_
        X[0, 0] /= 2  # on a small corpus the first record is twice what it should be
        np.testing.assert_array_equal(X.indices, ours.indices)
        np.testing.assert_array_equal(X.indptr, ours.indptr)
        np.testing.assert_allclose(X.data, ours.data, rtol=1e-6)


def test_its_files_are_written_byte_by_byte(stanford_glove, tmp_path):
    records = stanford_glove.records("cooccurrence.bin")
    X = sparse.csr_array((records["value"], (records["word1"] - 1, records["word2"] - 1)))
    write_cooccurrences(tmp_path / "cooccurrence.bin", X)
    assert (tmp_path / "cooccurrence.bin").read_bytes() == stanford_glove.path("cooccurrence.bin").read_bytes()
    write_vocabulary(tmp_path / "vocab.txt", *read_vocabulary(stanford_glove.path("vocab.txt")))
    assert (tmp_path / "vocab.txt").read_bytes() == stanford_glove.path("vocab.txt").read_bytes()


@pytest.mark.parametrize("shuffle", [False, True])
def test_matrix_is_the_same_bits_within_any_limit(tmp_path, many_buckets, shuffle):
    X = random_matrix()
    write_cooccurrences(tmp_path / "X.bin", X, shuffle=shuffle, random_state=0)
    many_buckets.clear()
    assert_same_matrix(read_cooccurrences(tmp_path / "X.bin", 60), X)
    assert (len(many_buckets) > 10 and all(many_buckets)) if shuffle else not many_buckets
    many_buckets.clear()
    temp_dir = tmp_path / "temp"
    temp_dir.mkdir()
    assert_same_matrix(read_cooccurrences(tmp_path / "X.bin", 60, memory_limit="10kB", temp_dir=temp_dir), X)
    assert many_buckets == ([False] if shuffle else [])  # one file for all buckets
    assert not list(temp_dir.iterdir())


def test_training_on_a_file_gives_the_vectors_of_its_matrix(tmp_path, many_buckets):
    X = random_matrix()
    write_cooccurrences(tmp_path / "X.bin", X, shuffle=True, random_state=0)
    glove = GloVe(5, max_iter=3, random_state=0)
    expected = glove.fit(read_cooccurrences(tmp_path / "X.bin"))
    with Storage("100kB", tmp_path) as storage, ThreadTeam(2) as team:
        rows = rows_of_cooccurrences(tmp_path / "X.bin", None, storage)
        assert isinstance(rows, SpooledRows)
        model = train(rows, TrainingSettings.of(glove), storage, team)
    fitted = {**model.state.attributes(warm_start=False), "embedding_": model.embedding}
    for name in ("word_vectors_", "context_vectors_", "word_biases_", "context_biases_", "embedding_", "loss_curve_"):
        np.testing.assert_array_equal(fitted[name], getattr(expected, name))


def test_progress_of_both_readings_is_shown(tmp_path, capsys):
    with Storage() as storage:
        rows_of_cooccurrences(written(tmp_path / "X.bin", RECORDS), None, storage, verbose=1)
    shown = capsys.readouterr().err
    assert "reading" in shown
    assert "sorting: 100%" in shown


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zip"])
def test_compressed_files(tmp_path, suffix):
    X = random_matrix()
    for shuffle in (False, True):
        path = tmp_path / f"cooccurrence.bin{suffix}"
        write_cooccurrences(path, X, shuffle=shuffle, random_state=0)
        assert path.stat().st_size < 16 * X.nnz
        assert_same_matrix(read_cooccurrences(path, 60), X)
        assert sum(map(len, iterate_cooccurrences(path))) == X.nnz
    write_vocabulary(tmp_path / f"vocab.txt{suffix}", ["a", "b"], [2, 1])
    assert read_vocabulary(tmp_path / f"vocab.txt{suffix}")[0] == ["a", "b"]


@pytest.mark.parametrize(("n_records", "lengths"), [(1, [1, 1, 1]), (2, [2, 1]), (3, [3]), (100, [3])])
def test_records_some_at_a_time(tmp_path, n_records, lengths):
    path = written(tmp_path / "cooccurrence.bin", RECORDS)
    chunks = list(iterate_cooccurrences(path, n_records=n_records))
    assert [len(piece) for piece in chunks] == lengths
    assert np.concatenate(chunks).tolist() == RECORDS
    assert chunks[0].dtype == COOCCURRENCE


@pytest.mark.parametrize(
    ("records", "message"),
    [
        ([(1, 2, 2.0), (3, 1, 1.0)], r"record 2 has word1=3; ids must be from 1 to 2"),
        ([(1, 2, 2.0), (1, 3, 1.0)], r"record 2 has word2=3; ids must be from 1 to 2"),
        ([(0, 2, 2.0)], r"record 1 has word1=0; ids"),
        ([(1, -7, 2.0)], r"record 1 has word2=-7; ids"),
        ([(1, 1, 1.0), (1, 2, 2.0), (2, 2, -0.5)], r"record 3 has the value -0\.5"),
        ([(1, 1, 1.0), (2, 1, float("nan")), (2, 2, -0.5)], r"record 2 has the value nan"),
        ([(1, 1, float("inf"))], r"record 1 has the value inf"),
        ([(1, 1, 1e39)], r"record 1 has the value 1e\+39; values must .* finite in float32"),
        ([(1, 2, 3e38), (1, 1, 1.0), (1, 2, 3e38)], r"values of word1=1, word2=2 add up to more than float32 holds"),
        ([(1, 1, 0.0), (1, 2, 1e-60)], r"none of the 2 records has a value that is greater than 0"),
        ([], r"expected records of 16 bytes, got an empty file"),
    ],
    ids=str,
)
def test_wrong_records_are_errors_that_name_them(tmp_path, records, message, monkeypatch):
    path = written(tmp_path / "cooccurrence.bin", records)
    with pytest.raises(ValueError, match=rf"cooccurrence\.bin: .*{message}"):
        read_cooccurrences(path, 2)
    monkeypatch.setattr(cooccurrence_files, "_CHUNK_RECORDS", 1)
    monkeypatch.setattr(external_sort, "records_per_bucket", lambda n_records: 1)
    with pytest.raises(ValueError, match=message):
        read_cooccurrences(path, 2)


@pytest.mark.parametrize("n_bytes", [1, 15, 17, 47])
def test_truncated_files_are_errors(tmp_path, n_bytes):
    path = written(tmp_path / "cooccurrence.bin", RECORDS)
    path.write_bytes(path.read_bytes()[:n_bytes])
    message = rf"cooccurrence\.bin is truncated.* got {n_bytes} bytes, {n_bytes % 16} of them after the last record"
    with pytest.raises(ValueError, match=message):
        read_cooccurrences(path)
    with pytest.raises(ValueError, match=message):
        list(iterate_cooccurrences(path, n_records=1))


@pytest.mark.parametrize("n_words", [0, -1, 1 << 31, 2.0, "2"])
def test_other_numbers_of_words_are_refused(tmp_path, n_words):
    with pytest.raises(ValueError, match=r"n_words must be None or an integer from 1 to 2147483647, got"):
        read_cooccurrences(written(tmp_path / "cooccurrence.bin", RECORDS), n_words)
    with pytest.raises(ValueError, match="n_records must be 1 or more, got 0"):
        next(iterate_cooccurrences(tmp_path / "cooccurrence.bin", n_records=0))


def test_an_id_for_which_there_is_no_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(cooccurrence_files, "available_memory", lambda: 10**6)
    path = written(tmp_path / "cooccurrence.bin", [(1, 2, 1.0), (1, 1 << 20, 1.0)])
    with pytest.raises(MemoryError, match=r"cooccurrence\.bin: record 2 has the id 1048576, .* is it a file of co-occ"):
        read_cooccurrences(path)


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_an_id_that_is_larger_than_the_file_can_name_words_is_refused(tmp_path, compress):
    path = written(tmp_path / "cooccurrence.bin", [(1, 2, 1.0), (2**31 - 1, 1, 1.0)])
    path.write_bytes(compress(path.read_bytes()))
    message = r"cooccurrence\.bin: record 2 has the id 2147483647, and 2 records cannot name .* give n_words"
    with pytest.raises(ValueError, match=message):
        read_cooccurrences(path)
    path = written(path, [(1, 2, 1.0), (1, 1 << 20, 1.0)])
    assert read_cooccurrences(path).shape == (1 << 20, 1 << 20)
    path = written(path, [(1, 2, 1.0), (1, 1 + (1 << 20), 1.0)])
    assert read_cooccurrences(path, 1 + (1 << 20)).nnz == 2


def test_a_matrix_larger_than_the_limit_is_refused(tmp_path):
    X = random_matrix()
    write_cooccurrences(tmp_path / "X.bin", X)
    message = rf"X\.bin has {X.nnz} entries, which need 0\.01 MB, more than memory_limit='5kB'"
    with pytest.raises(MemoryError, match=message):
        read_cooccurrences(tmp_path / "X.bin", memory_limit="5kB")


@pytest.mark.posix
def test_what_can_be_read_once_only_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ValueError, match=r"pipe must be a file, which is read twice"):
        read_cooccurrences(tmp_path / "pipe")
    with pytest.raises(FileNotFoundError):
        read_cooccurrences(tmp_path / "missing.bin")
    with pytest.raises(IsADirectoryError):
        read_cooccurrences(tmp_path)


# Writing


@given(data=st.data())
def test_what_is_written_is_read_back(data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "written.bin"
    n_words = data.draw(st.integers(1, 8))
    values = st.sampled_from([0, 0, 1, 0.1, 1e-30, 3e38])
    X = np.array(data.draw(st.lists(values, min_size=n_words**2, max_size=n_words**2)), dtype=np.float32)
    X[data.draw(st.integers(0, len(X) - 1))] = 2
    X = X.reshape(n_words, n_words)
    shuffle = data.draw(st.booleans())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(external_sort, "_MIN_RECORDS_PER_BUCKET", 2)
        patch.setattr(external_sort, "records_per_bucket", lambda n_records: 5)
        memory_limit = data.draw(st.sampled_from([None, 1000]))
        write_cooccurrences(path, X, shuffle=shuffle, memory_limit=memory_limit)
        assert_same_matrix(read_cooccurrences(path, n_words), sparse.csr_array(X))


@pytest.mark.parametrize(
    "make",
    [
        np.asarray,
        np.ndarray.tolist,
        sparse.csr_array,
        sparse.csr_matrix,
        sparse.coo_array,
        sparse.csc_array,
        sparse.dok_array,
        lambda X: CsrRows(sparse.csr_array(X)),
        lambda X: sparse.coo_array(([1.0, 1.0, 0.5, 3.0, 0.0], ([0, 0, 1, 1, 0], [1, 1, 0, 1, 0]))),
        lambda X: sparse.csr_array((np.array([2, 3, 0.5]), np.array([1, 1, 0]), np.array([0, 1, 3]))),
    ],
)
def test_any_matrix_can_be_written(tmp_path, make):
    X = make(SMALL.toarray())
    write_cooccurrences(tmp_path / "cooccurrence.bin", X)
    assert records_of(tmp_path / "cooccurrence.bin") == RECORDS
    if isinstance(X, sparse.csr_array):
        np.testing.assert_array_equal(make(SMALL.toarray()).indices, X.indices)  # not sorted in place


def test_float64_is_not_rounded_on_writing(tmp_path):
    write_cooccurrences(tmp_path / "cooccurrence.bin", [[1 / 3, 0], [1 << 50, 0]])
    assert records_of(tmp_path / "cooccurrence.bin") == [(1, 1, 1 / 3), (2, 1, 2.0**50)]


def test_a_counter_can_be_written(tmp_path, lee):
    counter = CooccurrenceCounter(window_size=5)
    with pytest.raises(NotFittedError):
        write_cooccurrences(tmp_path / "cooccurrence.bin", counter)
    counter.fit(lee)
    write_cooccurrences(tmp_path / "cooccurrence.bin", counter)
    write_vocabulary(tmp_path / "vocab.txt", counter.vocabulary_, counter.counts_)
    assert_same_matrix(read_cooccurrences(tmp_path / "cooccurrence.bin", len(counter.counts_)), counter.cooccurrence_)
    terms, counts = read_vocabulary(tmp_path / "vocab.txt")
    assert terms == list(counter.vocabulary_)
    np.testing.assert_array_equal(counts, counter.counts_)


def test_rows_that_are_in_files_can_be_written(tmp_path, many_buckets):
    X = random_matrix()
    write_cooccurrences(tmp_path / "X.bin", X)
    with Storage("10kB", tmp_path) as storage:
        rows = rows_of_cooccurrences(tmp_path / "X.bin", 60, storage)
        write_cooccurrences(tmp_path / "again.bin", rows, memory_limit="10kB")
    assert (tmp_path / "again.bin").read_bytes() == (tmp_path / "X.bin").read_bytes()


def test_order_depends_on_the_random_state_alone(tmp_path, many_buckets, seed):
    X = random_matrix()
    orders = []
    for random_state, memory_limit in (
        (seed, None),
        (np.random.RandomState(seed), "20kB"),
        (seed, 1),
        (seed + 1, None),
    ):
        path = tmp_path / "cooccurrence.shuf.bin"
        write_cooccurrences(path, X, shuffle=True, random_state=random_state, memory_limit=memory_limit)
        orders.append(records_of(path))
    assert False in many_buckets
    assert orders[0] == orders[1] == orders[2] != orders[3]
    write_cooccurrences(tmp_path / "cooccurrence.bin", X)
    assert sorted(orders[0]) == sorted(orders[3]) == records_of(tmp_path / "cooccurrence.bin")


def test_all_orders_are_equally_likely(tmp_path, monkeypatch):
    monkeypatch.setattr(external_sort, "records_per_bucket", lambda n_records: 1)  # four buckets for three records
    random_state, n = np.random.RandomState(0), 240
    orders = Counter()
    for _ in range(n):
        write_cooccurrences(tmp_path / "cooccurrence.bin", SMALL, shuffle=True, random_state=random_state)
        orders[tuple(records_of(tmp_path / "cooccurrence.bin"))] += 1
    assert len(orders) == 6
    # 5 standard deviations of a binomial distribution.
    assert all(abs(count - n / 6) < 5 * np.sqrt(n * 5 / 36) for count in orders.values())


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.ones((2, 3)), r"X must be square, .* got shape \(2, 3\)"),
        (sparse.coo_array((1 << 31, 1 << 31)), "no more than 2147483647 rows"),
        ([[1, -1], [0, 0]], "Negative values"),
        ([[1, float("nan")], [0, 0]], "contains NaN"),
        ([[1, float("inf")], [0, 0]], "contains infinity"),
        ([[0, 0], [0, 0]], "X has no entry that is greater than 0"),
        (sparse.csr_array((3, 3)), "X has no entry that is greater than 0"),
        ([1, 2], "Expected 2D array"),
    ],
    ids=["rectangle", "too many rows", "negative", "NaN", "infinite", "zero", "empty", "vector"],
)
def test_what_cannot_be_written_is_refused(tmp_path, X, message):
    path = tmp_path / "cooccurrence.bin"
    path.write_bytes(b"old")
    with pytest.raises(ValueError, match=message):
        write_cooccurrences(path, X)
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [path.name]


# Vocabularies
