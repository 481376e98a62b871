"""The documents that a caller passes, whatever holds them."""

import decimal

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from glove_sklearn import CooccurrenceCounter, GloVeVectorizer
from glove_sklearn._text import documents
from glove_sklearn._text.documents import as_column, is_missing, iterable_of

TEXTS = ["the cat sat", "the dog sat on it", "", "été"]


def arrow_columns():
    """Columns of text of pyarrow, by name; some are slices, or have more than one chunk, one of them empty."""
    pa = pytest.importorskip("pyarrow")
    strings = pa.array(TEXTS)
    return {
        "strings": strings,
        "large strings": strings.cast(pa.large_string()),
        "views": strings.cast(pa.string_view()),
        "dictionary": strings.dictionary_encode(),
        "bytes": pa.array([text.encode() for text in TEXTS]),
        "slice": pa.array(["x", *TEXTS, "y"]).slice(1, len(TEXTS)),
        "chunks": pa.chunked_array([TEXTS[:1], [], TEXTS[1:]], type=pa.string()),
        "dictionary in chunks": pa.chunked_array([TEXTS[:1], TEXTS[1:]]).dictionary_encode(),
        "table": pa.table({"text": TEXTS}),
    }


def other_columns():
    """Columns and tables of one column, by name."""
    return {
        "array": np.array(TEXTS),
        "array of objects": np.array(TEXTS, dtype=object),
        "array of shape (n, 1)": np.array(TEXTS).reshape(-1, 1),
        "array of objects of shape (n, 1)": np.array(TEXTS, dtype=object).reshape(-1, 1),
        "series": pd.Series(TEXTS),
        "series of objects": pd.Series(TEXTS, dtype=object),
        "categories": pd.Series(TEXTS).astype("category"),
        "frame": pd.DataFrame({"text": TEXTS}),
    }


def polars_columns():
    pl = pytest.importorskip("polars")
    series = pl.Series("text", TEXTS)
    return {"series": series, "categories": series.cast(pl.Categorical), "frame": series.to_frame()}


@pytest.mark.parametrize("columns", [other_columns, arrow_columns, polars_columns], ids=lambda f: f.__name__)
def test_every_column_of_text_yields_its_texts(columns, monkeypatch):
    monkeypatch.setattr(documents, "_SLICE", 3)
    for name, column in columns().items():
        expected = [text.encode() for text in TEXTS] if name == "bytes" else TEXTS
        assert list(iterable_of(column)) == expected, name


@pytest.mark.parametrize("columns", [other_columns, arrow_columns, polars_columns], ids=lambda f: f.__name__)
def test_estimators_take_every_column_of_text(columns):
    vectorizer = GloVeVectorizer(2, min_count=1, random_state=0).fit(TEXTS)
    expected = vectorizer.transform(TEXTS)
    for name, column in columns().items():
        np.testing.assert_array_equal(vectorizer.transform(column), expected, err_msg=name)
        same = GloVeVectorizer(2, min_count=1, random_state=0)
        np.testing.assert_array_equal(same.fit_transform(column), expected, err_msg=name)
        assert CooccurrenceCounter(min_count=1).fit(column).vocabulary_ == vectorizer.vocabulary_


def test_cached_counts_of_an_arrow_column_are_those_of_a_list(tmp_path):
    expected = GloVeVectorizer(2, min_count=1, random_state=0).fit(TEXTS).embedding_
    for column in arrow_columns().values():
        cached = GloVeVectorizer(2, min_count=1, random_state=0, memory=str(tmp_path)).fit(column)
        np.testing.assert_array_equal(cached.embedding_, expected)


@pytest.mark.parametrize("missing", ["pyarrow", "polars"])
def test_nulls_are_missing_documents(missing):
    library = pytest.importorskip(missing)
    column = library.array(["a b", None]) if missing == "pyarrow" else library.Series(["a b", None])
    with pytest.raises(ValueError, match=r"position 1 is None \(NoneType\); drop missing documents"):
        CooccurrenceCounter(min_count=1).fit(column)


def test_arrow_numbers_are_to_be_converted():
    pa = pytest.importorskip("pyarrow")
    with pytest.raises(ValueError, match=r"position 0 is 1 \(int\); convert it with str\(\)"):
        CooccurrenceCounter(min_count=1).fit(pa.array([1, 2]))


def test_arrow_lists_are_lists_of_tokens():
    pa = pytest.importorskip("pyarrow")
    counter = CooccurrenceCounter(min_count=1, analyzer=list).fit(pa.array([["a", "b"], ["b", "c"]]))
    assert set(counter.vocabulary_) == {"a", "b", "c"}


@pytest.mark.parametrize(
    "other",
    [np.ones((3, 1)), np.ones((3, 1), dtype=bool), np.array([["a", "b"]]), sparse.csr_array(np.ones((3, 1))), ["a"], 3],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_column_of_text_is_left_alone(other):
    assert as_column(other) is other


class Incomparable:
    def __ne__(self, other):
        raise TypeError("not with me")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((value, True) for value in (None, float("nan"), np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT", "s"))),
        (decimal.Decimal("nan"), True),
        *((value, False) for value in (0, 3.5, True, "", b"", [], [float("nan")], np.array([np.nan]), Incomparable())),
    ],
    ids=lambda value: type(value).__name__,
)
def test_missing_values_are_those_that_stand_for_nothing(value, expected):
    assert is_missing(value) is expected
