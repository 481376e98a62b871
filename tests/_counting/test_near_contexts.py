"""Near neighbours are counted once more, in columns of their own."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone

from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer
from glove_sklearn._counting import row_counting, weights
from glove_sklearn._counting.counting import count_cooccurrences
from glove_sklearn._system.storage import Storage
from tests import reference
from tests._training.runs import assert_same_bits
from tests.assertions import assert_same_matrix


def counted(documents, near_size, *, memory_limit=None, n_jobs=1, **parameters):
    """X and the vocabulary."""
    parameters = {**CooccurrenceCounter(min_count=1).get_params(), **parameters, "near_size": near_size}
    with Storage(memory_limit, None) as storage:
        found = count_cooccurrences(documents, parameters, storage, n_jobs, 0)
        return found.rows.to_csr(), found.vocabulary


def side_by_side(documents, near_size, context="symmetric", window_size=50, **parameters):
    """The same by counting three times."""
    sides = [side for side in ("left", "right") if context in ("symmetric", side)]
    windows = [(context, window_size), *((side, min(near_size, window_size)) for side in sides)]
    parts = [
        CooccurrenceCounter(min_count=1, context=name, window_size=size, **parameters).fit_transform(documents)
        for name, size in windows
    ]
    return sparse.csr_array(sparse.hstack(parts, format="csr"))


@pytest.mark.parametrize("context", ["symmetric", "left", "right"])
@pytest.mark.parametrize(("near_size", "window_size"), [(1, 4), (2, 4), (4, 4), (9, 4)])
def test_counts_are_those_of_a_double_loop(context, near_size, window_size, seed):
    random_state = np.random.RandomState(seed)
    documents = [[f"w{i}" for i in random_state.randint(6, size=n)] for n in (0, 1, 2, 9, 30)]
    X, vocabulary = counted(documents, near_size, analyzer=list, context=context, window_size=window_size)
    weights = 1 / np.arange(1, window_size + 1) ** 0.6
    near = np.where(np.arange(window_size) < near_size, weights, 0)
    sides = [side for side in ("left", "right") if context in ("symmetric", side)]
    expected = np.hstack(
        [
            reference.cooccurrences(documents, vocabulary, window_size, context, weights),
            *(reference.cooccurrences(documents, vocabulary, window_size, side, near) for side in sides),
        ]
    )
    assert X.shape == expected.shape
    np.testing.assert_allclose(X.toarray(), expected, rtol=1e-6)


def test_by_hand():
    X, vocabulary = counted(["a b c d"], 1, window_size=2, weighting="flat")
    assert list(vocabulary) == ["a", "b", "c", "d"]
    all_neighbours = [[0, 1, 1, 0], [1, 0, 1, 1], [1, 1, 0, 1], [0, 1, 1, 0]]
    on_the_left = [[0, 0, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]]
    assert X.toarray().tolist() == np.hstack([all_neighbours, on_the_left, np.transpose(on_the_left)]).tolist()


@pytest.mark.parametrize("n_jobs", [1, 3])
@pytest.mark.parametrize("visits", [1000, 1 << 22])
@pytest.mark.parametrize("large", [10, 1 << 18])
@pytest.mark.parametrize("memory_limit", [None, "20MB"])
def test_bits_do_not_depend_on_how_the_work_is_cut(lee, n_jobs, visits, large, memory_limit, monkeypatch):
    lee = lee[:60]
    expected = side_by_side(lee, 3)
    monkeypatch.setattr(row_counting, "_VISITS_PER_CALL", visits)
    monkeypatch.setattr(row_counting, "_MAX_ENTRIES_PER_RANGE", visits)
    monkeypatch.setattr(row_counting, "_LARGE_VOCABULARY", large)
    if memory_limit is not None:
        monkeypatch.setattr(row_counting, "_TOKEN", 3000)  # several parts
    X, _ = counted(lee, 3, n_jobs=n_jobs, memory_limit=memory_limit)
    X.sort_indices()
    assert_same_matrix(X, expected)


@pytest.fixture
def documents(lee):
    return lee[:80]


@pytest.mark.parametrize("context", ["symmetric", "left"])
def test_the_vectorizer_trains_on_all_columns(documents, context):
    vectorizer = GloVeVectorizer(8, near_size=2, context=context, min_count=1, random_state=0, warm_start=True)
    vectorizer.fit(documents)
    model = GloVe(8, sample=3e-4, random_state=0, warm_start=True).fit(side_by_side(documents, 2, context))
    n = len(vectorizer.vocabulary_)
    for name in ("embedding_", "word_vectors_", "context_vectors_", "context_biases_", "loss_curve_"):
        np.testing.assert_array_equal(getattr(vectorizer, name), getattr(model, name), err_msg=name)
    np.testing.assert_array_equal(vectorizer.context_embedding_, model.context_vectors_[:n])
    estimates = vectorizer.predict_log_cooccurrence()
    assert estimates.shape == (n, n)
    expected = (
        model.word_vectors_ @ model.context_vectors_[:n].T + model.word_biases_[:, None] + model.context_biases_[:n]
    )
    np.testing.assert_allclose(estimates, expected, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("change", [{"n_jobs": 2}, {"memory_limit": "20MB"}], ids=str)
def test_bits_of_vectors_do_not_depend_on_threads_and_memory(documents, change):
    vectorizer = GloVeVectorizer(8, near_size=2, random_state=0)
    assert_same_bits(clone(vectorizer).set_params(**change).fit(documents), vectorizer.fit(documents))


@pytest.mark.parametrize("combine", ["sum", "word", "context", "concat"])
def test_combinations_take_the_contexts_of_the_whole_window(documents, combine):
    vectorizer = GloVeVectorizer(
        4, near_size=2, random_state=0, combine=combine, postprocess=None, warm_start=True
    ).fit(documents)
    w, c = vectorizer.word_vectors_, vectorizer.context_embedding_
    expected = {"sum": w, "word": w, "context": c, "concat": np.hstack([w, c])}[combine]
    np.testing.assert_array_equal(vectorizer.embedding_, expected)
    assert (
        vectorizer.set_params(postprocess="level", warm_start=False).fit(documents).embedding_.shape == expected.shape
    )


def test_a_warm_start_takes_the_three_context_vectors_of_each_word_along(documents):
    vectorizer = GloVeVectorizer(4, near_size=2, random_state=0, warm_start=True, learning_rate=1e-20, max_iter=1)
    vectorizer.fit(documents)
    old = {
        word: vectorizer.context_vectors_[row :: len(vectorizer.vocabulary_)]
        for word, row in vectorizer.vocabulary_.items()
    }
    vectorizer.fit(documents[20:])
    n = len(vectorizer.vocabulary_)
    known = [(word, row) for word, row in vectorizer.vocabulary_.items() if word in old]
    assert known
    assert vectorizer.context_vectors_.shape == (3 * n, 4)
    for word, row in known:
        np.testing.assert_array_equal(vectorizer.context_vectors_[row::n], old[word])


def test_a_warm_start_refuses_another_number_of_contexts(documents):
    vectorizer = GloVeVectorizer(4, near_size=2, random_state=0, warm_start=True).fit(documents)
    before = vectorizer.embedding_.copy()
    with pytest.raises(
        ValueError, match=r"with 3 context vectors a word, got near_size=0 and .*, which make 1; fit a clone"
    ):
        vectorizer.set_params(near_size=0).fit(documents)
    np.testing.assert_array_equal(vectorizer.embedding_, before)


def test_a_run_resumes_from_its_checkpoint(documents, tmp_path):
    vectorizer = GloVeVectorizer(4, near_size=2, random_state=0)
    expected = clone(vectorizer).fit(documents)
    clone(vectorizer).set_params(max_iter=2, checkpoint=tmp_path / "run").fit(documents)
    assert_same_bits(vectorizer.set_params(checkpoint=tmp_path / "run").fit(documents), expected)
    with pytest.raises(ValueError, match="belongs to a run on other data"):
        clone(vectorizer).set_params(near_size=0).fit(documents)


@pytest.fixture
def in_long_texts(documents, monkeypatch):
    """As many words as these documents have, no less, count as a long text."""
    n_words = int(GloVeVectorizer(2, max_iter=1).fit(documents).counts_.sum())
    monkeypatch.setattr(weights, "_MIN_WORDS_FOR_NEAR", n_words)


def n_contexts(documents, **parameters):
    """Number of context vectors of a word."""
    vectorizer = GloVeVectorizer(2, max_iter=1, random_state=0, warm_start=True, **parameters).fit(documents)
    return len(vectorizer.context_vectors_) / len(vectorizer.vocabulary_)


def test_by_default_near_contexts_are_counted_in_long_texts(documents, in_long_texts):
    assert n_contexts(documents) == n_contexts(documents[:-1], near_size=2) == 3
    assert n_contexts(documents[:-1]) == 1
    expected = GloVeVectorizer(2, near_size=2, random_state=0).fit(documents)
    assert_same_bits(GloVeVectorizer(2, random_state=0).fit(documents), expected)


def test_where_distances_mean_nothing_none_are_counted_by_default(documents, in_long_texts):
    assert n_contexts(documents, weighting="flat") == n_contexts(documents, weighting=0) == 1
    assert n_contexts(documents, weighting="harmonic") == n_contexts(documents, weighting=np.ones(50)) == 3


def test_words_that_begin_at_given_vectors_have_one_context_vector_by_default(documents, in_long_texts):
    given = GloVeVectorizer(2, random_state=0).fit(documents)
    assert n_contexts(documents, init=given) == 1
    assert n_contexts(documents, init=given, near_size=3) == 3


@pytest.mark.parametrize("again", ["fit", "partial_fit"])
def test_words_keep_their_context_vectors_when_a_text_becomes_long_or_short(documents, in_long_texts, again):
    for first, second, n in (documents[:10], documents, 1), (documents, documents[:10], 3):
        vectorizer = GloVeVectorizer(2, max_iter=1, random_state=0, warm_start=again == "fit")
        for some in first, second:
            getattr(vectorizer, again)(some)
            assert len(vectorizer.context_vectors_) == n * len(vectorizer.vocabulary_)


def test_the_counter_counts_what_the_vectorizer_counts(documents, in_long_texts):
    vectorizer = GloVeVectorizer(4, random_state=0, warm_start=True)
    X = CooccurrenceCounter(near_size="auto").fit(documents).cooccurrence_
    assert X.shape == (len(X.indptr) - 1, 3 * (len(X.indptr) - 1))
    model = GloVe(4, sample=vectorizer.sample, random_state=0, warm_start=True).fit(X)
    np.testing.assert_array_equal(vectorizer.fit(documents).embedding_, model.embedding_)
    np.testing.assert_array_equal(vectorizer.context_vectors_, model.context_vectors_)
    assert_same_matrix(CooccurrenceCounter().fit_transform(documents), X[:, : X.shape[0]])


@pytest.mark.parametrize("near_size", [-1, 1.5, None])
def test_other_sizes_are_refused(documents, near_size):
    with pytest.raises(ValueError, match="The 'near_size' parameter of GloVeVectorizer must be"):
        GloVeVectorizer(near_size=near_size).fit(documents)


@pytest.mark.parametrize("combine", ["context", "concat"])
def test_given_vectors_need_one_context_vector_a_word(documents, combine):
    given = GloVeVectorizer(4, random_state=0, combine=combine).fit(documents)
    vectorizer = GloVeVectorizer(4, near_size=2, random_state=0, combine=combine, init=given)
    with pytest.raises(
        ValueError, match=r"one context vector each where combine='.*set combine='word', or near_size=0"
    ):
        vectorizer.fit(documents)
    vectorizer.set_params(near_size=0).fit(documents)


def test_words_begin_at_given_vectors(documents):
    given = GloVeVectorizer(4, random_state=0).fit(documents)
    parameters = {"learning_rate": 1e-20, "postprocess": None, "max_iter": 1, "random_state": 0}
    found = GloVeVectorizer(4, near_size=2, init=given, **parameters).fit(documents)
    np.testing.assert_allclose(found.embedding_, given.embedding_, rtol=1e-5)
