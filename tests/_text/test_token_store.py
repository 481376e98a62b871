"""The store of tokens: what it keeps, and what a failed reading leaves behind."""

import gc
import warnings

import numpy as np
import pytest

from glove_sklearn import CooccurrenceCounter
from glove_sklearn._system.storage import Storage
from glove_sklearn._text.encoder import make_count_vectorizer
from glove_sklearn._text.token_store import TokenStore
from glove_sklearn._text.vocabulary import encode

PARTS = ["a b a c", "b d"], ["", "e a e"], ["b a f a"]
LIMITS = [None, "50kB"]


def text_of(parameters):
    return make_count_vectorizer({**CooccurrenceCounter().get_params(), **parameters})


def tokens_of(corpus):
    return [(ids.tolist(), lengths.tolist()) for ids, lengths in corpus]


def filled(parameters=None, limit=None, parts=PARTS):
    store = TokenStore(None, limit)
    for part in parts:
        store.read(part, text_of(parameters or {}), Storage(limit), 2, 0)
    return store


def joined(corpus):
    batches = list(corpus)
    return np.concatenate([ids for ids, _ in batches]).tolist(), np.concatenate([n for _, n in batches]).tolist()


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize(
    "parameters",
    [
        {"min_count": 1}, {"min_count": 2}, {"min_count": 1, "max_features": 2}, {"min_count": 1, "min_df": 2, "max_df": 0.7},
        {"min_count": 1, "stop_words": ["a"]},
    ],
)  # fmt: skip
def test_a_vocabulary_is_that_of_all_documents_at_once(parameters, limit):
    parameters = {**CooccurrenceCounter().get_params(), **parameters}
    text = text_of(parameters)
    documents = [document for part in PARTS for document in part]
    expected, expected_vocabulary = encode(documents, text, None, parameters, Storage(), 1, 0)
    store = filled(parameters, limit)
    for _ in range(2):  # choosing changes nothing
        with Storage(limit) as storage:
            tokens, vocabulary = store.choose(text, parameters, storage, 1)
            assert vocabulary.terms == expected_vocabulary.terms
            np.testing.assert_array_equal(vocabulary.counts, expected_vocabulary.counts)
            assert joined(tokens) == joined(expected)
    assert store.n_documents == 5


@pytest.mark.parametrize("limit", LIMITS)
def test_a_failed_reading_leaves_the_store_as_it_was(limit):
    parameters = {**CooccurrenceCounter().get_params(), "min_count": 1}
    many = ["a b c d"] * 5000  # more than a batch, so that some are stored before the error

    def documents():
        yield from many
        yield "zebra"
        raise KeyboardInterrupt

    store = filled(limit=limit)
    with Storage(limit) as storage:
        before, vocabulary = store.choose(text_of({}), parameters, storage, 1)
        with pytest.raises(KeyboardInterrupt):
            store.read(documents(), text_of({}), storage, 2, 0)
        after, vocabulary_after = store.choose(text_of({}), parameters, storage, 1)
        assert tokens_of(after) == tokens_of(before)
        assert vocabulary_after.terms == vocabulary.terms
    store.read(["zebra zebra zebra"], text_of({}), Storage(), 2, 0)
    with Storage(limit) as storage:
        _, vocabulary = store.choose(text_of({}), parameters, storage, 1)
    assert dict(zip(vocabulary.terms, vocabulary.counts.tolist(), strict=True))["zebra"] == 3


@pytest.mark.parametrize("limit", LIMITS)
def test_a_state_makes_an_equal_store(limit):
    parameters = {**CooccurrenceCounter().get_params(), "min_count": 1}
    stores = [filled(limit=limit)]
    stores.append(TokenStore.of_state(stores[0].state()))
    for store in stores:
        store.read(["a g"], text_of({}), Storage(), 1, 0)
    chosen = [store.choose(text_of({}), parameters, Storage(), 1) for store in stores]
    assert chosen[0][1].terms == chosen[1][1].terms
    assert joined(chosen[0][0]) == joined(chosen[1][0])


def test_a_store_that_is_dropped_closes_its_files():
    store = filled(limit="1kB", parts=[["a b c"] * 1000])
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        del store
        gc.collect()
