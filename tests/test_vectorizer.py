"""GloVeVectorizer: documents in, document vectors out."""

import copy
import functools
import itertools
import pickle
import signal
import subprocess
import sys
import threading
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from glove_sklearn import WORD_PATTERN, CooccurrenceCounter, GloVe, GloVeVectorizer
from glove_sklearn._embedding.pooling import POOLINGS


def small(**parameters):
    return GloVeVectorizer(**{"n_components": 10, "max_iter": 2, "random_state": 0, **parameters})


def assert_same_fit(one, other):
    assert one.vocabulary_ == other.vocabulary_
    assert list(one.vocabulary_) == list(other.vocabulary_)
    for name in ("counts_", "embedding_", "context_embedding_", "loss_curve_"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), strict=True)


# What it is


def test_it_is_the_counter_and_the_model_put_together(lee):
    vectorizer = small().fit(lee)
    counter = CooccurrenceCounter(near_size="auto").fit(lee)
    model = GloVe(10, max_iter=2, sample=vectorizer.sample, random_state=0).fit(counter.cooccurrence_)
    assert vectorizer.vocabulary_ == counter.vocabulary_
    np.testing.assert_array_equal(vectorizer.counts_, counter.counts_)
    np.testing.assert_array_equal(vectorizer.embedding_, model.embedding_)
    np.testing.assert_array_equal(vectorizer.context_embedding_, model.context_vectors_[: len(counter.counts_)])
    np.testing.assert_array_equal(vectorizer.loss_curve_, model.loss_curve_)
    assert vectorizer.n_iter_ == 2


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_every_other_default_is_that_of_the_counter_and_the_model(lee, n_jobs):
    apart = {"near_size": 0, "sample": None}
    vectorizer = GloVeVectorizer(random_state=0, n_jobs=n_jobs, warm_start=True, **apart).fit(lee)
    counter = CooccurrenceCounter().fit(lee)
    model = GloVe(random_state=0, warm_start=True).fit(counter.cooccurrence_)
    for name in (
        "embedding_",
        "loss_curve_",
        "word_vectors_",
        "context_vectors_",
        "word_biases_",
        "word_accumulators_",
    ):
        np.testing.assert_array_equal(getattr(vectorizer, name), getattr(model, name), strict=True)
    assert vectorizer.x_max_ == model.x_max_
    defaults = vectorizer.get_params()
    for part in (CooccurrenceCounter(), GloVe()):
        shared = part.get_params().keys() & defaults.keys() - {"random_state", "n_jobs", "warm_start"}
        assert {name: defaults[name] for name in shared} == {name: part.get_params()[name] for name in shared}
    assert all(GloVeVectorizer().get_params()[name] != value for name, value in apart.items())


@pytest.mark.parametrize("pooling", ["mean", "idf", "sif"])
def test_logistic_regression_on_averages_of_vectors_converges(lee, pooling):
    """In its usual 100 iterations: pooled vectors are not nearly collinear. That it did not would be a warning, an error here."""
    vectors = GloVeVectorizer(pooling=pooling, random_state=0).fit_transform(lee)
    lengths = np.array([len(document) for document in lee])
    for labels in (lengths > np.median(lengths), ["two" in document for document in lee]):
        model = LogisticRegression().fit(vectors, labels)
        assert model.n_iter_ < 100


@pytest.mark.filterwarnings("ignore:n_components=100 is more than the vocabulary")
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("n_components", [1, 2, 100])
@pytest.mark.parametrize("documents", [["a b"], ["a a"], ["a b"] * 3, ["a b c", "", "d"], ["a b c d e f"]], ids=str)
def test_the_smallest_texts_have_finite_vectors(documents, n_components, pooling):
    vectorizer = GloVeVectorizer(n_components, min_count=1, pooling=pooling, random_state=0)
    vectors = vectorizer.fit_transform(documents)
    assert vectors.shape == (len(documents), n_components)
    assert np.isfinite(vectors).all()
    assert np.isfinite(vectorizer.embedding_).all()


def test_mean_pooling_by_hand(lee):
    vectorizer = small().fit(lee)
    first, second = list(vectorizer.vocabulary_)[:2]
    known = [first, second, first]
    expected = np.mean([vectorizer.embedding_[vectorizer.vocabulary_[word]] for word in known], axis=0)
    found = vectorizer.transform([f"{first.title()} {second} unknownword, {first}", "unknownword"])
    np.testing.assert_allclose(found[0], expected, rtol=1e-5)
    assert not found[1].any()


def test_idf_pooling_by_hand(lee):
    vectorizer = small(pooling="idf").fit(lee)
    counter = CountVectorizer(vocabulary=vectorizer.vocabulary_, token_pattern=WORD_PATTERN)
    in_documents = (counter.transform(lee) > 0).sum(axis=0)
    rows = [vectorizer.vocabulary_[word] for word in ("the", "of", "the", "two")]
    weights = np.log((1 + len(lee)) / (1 + np.asarray(in_documents).ravel()[rows])) + 1
    expected = np.average(vectorizer.embedding_[rows], axis=0, weights=weights)
    found = vectorizer.transform(["the of, unknownword the two"])[0]
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("pooling", ["mean", "idf", "sif"])
@pytest.mark.parametrize("combine", ["sum", "word", "context", "concat"])
def test_columns(lee, combine, pooling):
    vectorizer = small(combine=combine, pooling=pooling)
    columns = 20 if combine == "concat" else 10
    vectors = vectorizer.fit_transform(lee)
    assert vectors.shape == (len(lee), columns)
    assert vectors.dtype == np.float32
    np.testing.assert_array_equal(vectors, vectorizer.transform(lee))
    assert vectorizer.get_feature_names_out().tolist() == [f"glovevectorizer{i}" for i in range(columns)]
    frame = vectorizer.set_output(transform="pandas").transform(lee[:2])
    assert list(frame.columns) == vectorizer.get_feature_names_out().tolist()


def test_sif_pooling_by_hand(lee):
    """Weights, and then without what the documents of `fit` have in common."""
    vectorizer = small(pooling="sif").fit(lee)
    rows = [vectorizer.vocabulary_[word] for word in ("the", "of", "the", "two")]
    fractions = vectorizer.counts_ / vectorizer.counts_.sum()
    weights = 1e-3 / (1e-3 + fractions)
    weights /= fractions @ weights
    weighted = np.mean(vectorizer.embedding_[rows] * weights[rows, np.newaxis], axis=0)
    component = vectorizer.common_component_
    found = vectorizer.transform(["the of, unknownword the two", "unknownword"])
    np.testing.assert_allclose(found[0], weighted - (weighted @ component) * component, rtol=1e-4, atol=1e-6)
    assert not found[1].any()


def test_sif_removes_what_the_training_documents_share(lee):
    vectorizer = small(pooling="sif").fit(lee)
    vectors = vectorizer.transform(lee)
    assert np.linalg.norm(vectorizer.common_component_) == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(vectors @ vectorizer.common_component_, 0, atol=1e-6)
    plain = copy.deepcopy(vectorizer)
    plain.common_component_ = np.zeros_like(vectorizer.common_component_)
    weighted = plain.transform(lee)
    first = np.linalg.svd(weighted, full_matrices=False)[2][0]
    assert abs(first @ vectorizer.common_component_) == pytest.approx(1, abs=1e-5)


def test_refit_with_another_pooling_leaves_nothing_of_the_old(lee):
    vectorizer = small(pooling="sif").fit(lee)
    vectorizer.set_params(pooling="mean").fit(lee)
    assert not hasattr(vectorizer, "common_component_")
    assert not hasattr(vectorizer, "term_weights_")
    np.testing.assert_array_equal(vectorizer.transform(lee), small().fit(lee).transform(lee))


@pytest.mark.parametrize("fitted", POOLINGS)
@pytest.mark.parametrize("later", POOLINGS)
def test_parameters_changed_after_fit_wait_for_the_next_fit(lee, fitted, later):
    vectorizer = small(pooling=fitted).fit(lee)
    expected = vectorizer.transform(lee)
    vectorizer.set_params(pooling=later, lowercase=False, n_components=3)
    np.testing.assert_array_equal(vectorizer.transform(lee), expected)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(vectorizer)).transform(lee), expected)


# The same bits


@pytest.mark.parametrize("n_jobs", [2, 4])
@pytest.mark.parametrize("pooling", POOLINGS)
def test_nothing_depends_on_the_number_of_threads(lee, n_jobs, pooling):
    one, many = small(pooling=pooling, n_jobs=1), small(pooling=pooling, n_jobs=n_jobs)
    np.testing.assert_array_equal(one.fit_transform(lee), many.fit_transform(lee))
    assert_same_fit(one, many)
    np.testing.assert_array_equal(one.transform(lee * 30), many.transform(lee * 30))


def test_nothing_depends_on_how_the_documents_come(lee, monkeypatch):
    expected = small().fit(lee)
    for documents in (
        tuple(lee),
        iter(lee),
        (d for d in lee),
        np.array(lee),
        np.array(lee, dtype=object),
        pd.Series(lee),
    ):
        assert_same_fit(small().fit(documents), expected)
    assert_same_fit(small().fit([d.encode() for d in lee]), expected)
    for characters, documents in ((1, 1), (1000, 7)):
        monkeypatch.setattr("glove_sklearn._text.encoder._BATCH_SIZE", characters)
        monkeypatch.setattr("glove_sklearn._text.encoder._BATCH_DOCUMENTS", documents)
        assert_same_fit(small().fit(lee), expected)


def test_files_are_documents_too(lee, tmp_path):
    paths = []
    for i, document in enumerate(lee):
        paths.append(str(tmp_path / f"{i}.txt"))
        (tmp_path / f"{i}.txt").write_text(document, encoding="utf-8")
    assert_same_fit(small(input="filename").fit(paths), small().fit(lee))
    files = [open(path, encoding="utf-8") for path in paths]  # noqa: SIM115
    assert_same_fit(small(input="file").fit(files), small().fit(lee))
    for file in files:
        file.close()


def test_lists_of_tokens_are_documents_too(lee):
    tokens = [document.lower().split() for document in lee]
    assert_same_fit(small(analyzer=list).fit(tokens), small(token_pattern=r"\S+").fit(lee))
    assert_same_fit(small(analyzer=list).fit(tokens), small(analyzer=str.split).fit([d.lower() for d in lee]))


def test_a_generator_may_use_one_object_for_all_documents(lee):
    def reusing():
        tokens = []
        for document in lee:
            tokens[:] = document.lower().split()
            yield tokens

    expected = small(analyzer=list).fit([document.lower().split() for document in lee])
    vectorizer = small(analyzer=list).fit(reusing())
    assert_same_fit(vectorizer, expected)
    np.testing.assert_array_equal(vectorizer.transform(reusing()), expected.transform([d.lower().split() for d in lee]))


def test_a_generator_may_close_files_behind_it(lee, tmp_path):
    def opening():
        for i, document in enumerate(lee):
            (tmp_path / str(i)).write_text(document, encoding="utf-8")
            with open(tmp_path / str(i), encoding="utf-8") as file:
                yield file

    assert_same_fit(small(input="file").fit(opening()), small().fit(lee))


def test_files_are_not_all_read_before_the_first_is_counted(tmp_path, monkeypatch):
    monkeypatch.setattr("glove_sklearn._text.encoder._BATCH_SIZE", 1000)
    (tmp_path / "document").write_text("a b " * 200)
    vectorizer = small(input="filename").fit([str(tmp_path / "document")])
    sizes = [len(batch) for _, batch in vectorizer._encoder.batches([str(tmp_path / "document")] * 10)]
    assert sizes == [2] * 5


def test_tokens_may_hold_spaces():
    baskets = [["green tea", "milk"], ["green tea", "milk", "rye bread"]] * 5
    assert list(small(analyzer=list).fit(baskets).vocabulary_) == ["green tea", "milk", "rye bread"]


def test_two_seeds_differ(lee):
    assert not np.array_equal(small(random_state=0).fit(lee).embedding_, small(random_state=1).fit(lee).embedding_)


# Reading once


def test_fit_transform_reads_documents_once(lee):
    calls = itertools.count()

    def analyzer(document):
        next(calls)
        return document.split()

    vectors = small(analyzer=analyzer).fit_transform(iter(lee))
    assert next(calls) == len(lee)
    np.testing.assert_array_equal(vectors, small(analyzer=str.split).fit(lee).transform(lee))


def split_and_leave_a_mark(path, document):
    with open(path, "a") as file:
        file.write("x")
    return document.split()


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_grid_search_counts_once_for_each_fold(lee, tmp_path, n_jobs):
    marks = tmp_path / "marks"
    analyzer = functools.partial(split_and_leave_a_mark, str(marks))
    documents, labels = lee[:60], np.arange(60) % 2

    def search(memory, jobs):
        marks.write_text("")
        vectorizer = small(analyzer=analyzer, min_count=2, memory=memory)
        grid = {"glovevectorizer__n_components": [3, 5], "glovevectorizer__x_max": [5, 50]}
        grid_search = GridSearchCV(make_pipeline(vectorizer, LogisticRegression()), grid, cv=3, n_jobs=jobs)
        grid_search.fit(documents, labels)
        return len(marks.read_text()), grid_search.cv_results_["mean_test_score"]

    in_transform = 4 * 60  # 4 candidates, each 3 folds of 20
    without, expected = search(None, None)
    assert without == 4 * 3 * 40 + in_transform + 60
    # Two processes at once may both miss; then the second run finds everything in the cache.
    memory = str(tmp_path / "cache")
    if n_jobs == 2:
        search(memory, n_jobs)
        count, scores = search(memory, n_jobs)
        assert count == in_transform
    else:
        count, scores = search(memory, n_jobs)
        assert count == 3 * 40 + in_transform + 60
    np.testing.assert_array_equal(scores, expected)


def test_memory_knows_files_by_their_content(tmp_path):
    path, parameters = tmp_path / "document", {"memory": str(tmp_path / "cache"), "min_count": 1, "input": "filename"}
    path.write_text("a b")
    assert set(small(**parameters).fit([str(path)]).vocabulary_) == {"a", "b"}
    path.write_text("c d")
    assert set(small(**parameters).fit([str(path)]).vocabulary_) == {"c", "d"}


def test_memory_needs_functions_that_have_a_name(lee, tmp_path):
    vectorizer = small(memory=str(tmp_path), tokenizer=lambda text: text.split(), token_pattern=None)
    with pytest.raises(ValueError, match=r"functions among the parameters \(tokenizer\) by name"):
        vectorizer.fit(lee)


def test_memory_takes_a_generator(lee, tmp_path):
    memory = tmp_path
    expected = small().fit(lee)
    assert_same_fit(small(memory=memory).fit(d for d in lee), expected)
    assert_same_fit(small(memory=memory, n_jobs=2, verbose=0).fit(lee), expected)


def look_while_another_thread_refits(estimator, inputs, look):
    """Call `look` again and again while a thread fits the estimator to each of the inputs in turn, and yield what it returns."""
    done, errors = threading.Event(), []

    def refit():
        try:
            for _ in range(6):
                for X in inputs:
                    estimator.fit(X)
        except Exception as error:
            errors.append(error)
        finally:
            done.set()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    thread = threading.Thread(target=refit)
    try:
        thread.start()
        while not done.is_set():
            yield look()
    finally:
        thread.join()
        sys.setswitchinterval(interval)
    assert not errors


@pytest.mark.parametrize(
    "look",
    [
        lambda vectorizer, documents: vectorizer.transform(documents),
        lambda vectorizer, documents: pickle.loads(pickle.dumps(vectorizer)).transform(documents),
        lambda vectorizer, documents: vectorizer.to_keyed_vectors().vectors,
    ],
    ids=["transform", "pickle", "to_keyed_vectors"],
)
def test_another_thread_sees_all_of_one_fit_of_the_vectorizer(lee, look, seed):
    def make():
        return small(min_count=2, max_iter=1, pooling="sif", random_state=seed)

    inputs = lee[:20], lee[20:60]
    expected = {look(make().fit(X), lee[:3]).tobytes() for X in inputs}
    vectorizer = make().fit(inputs[0])
    seen = {
        found.tobytes()
        for found in look_while_another_thread_refits(vectorizer, inputs, lambda: look(vectorizer, lee[:3]))
    }
    assert seen
    assert seen <= expected


def test_another_thread_sees_all_of_one_fit_of_the_counter_and_of_the_model(lee):
    counter, inputs = CooccurrenceCounter(min_count=2).fit(lee[:20]), (lee[:20], lee[20:60])
    for fitted in look_while_another_thread_refits(counter, inputs, lambda: pickle.loads(pickle.dumps(counter))):
        assert fitted.cooccurrence_.shape[0] == len(fitted.vocabulary_) == len(fitted.counts_)

    matrices = [CooccurrenceCounter(min_count=2).fit(X).cooccurrence_ for X in inputs]
    model = GloVe(5, max_iter=1, random_state=0).fit(matrices[0])
    for fitted in look_while_another_thread_refits(model, matrices, lambda: pickle.loads(pickle.dumps(model))):
        assert len(fitted.embedding_) == len(fitted.word_vectors_) == fitted.n_features_in_


@pytest.mark.long
def test_what_a_cache_needs_of_functions_of_a_script_is_said(tmp_path):
    script = f"""
from joblib import Parallel, delayed
from glove_sklearn import GloVeVectorizer

def tokens_of(text):
    return text.split()

def fit():
    GloVeVectorizer(2, min_count=1, tokenizer=tokens_of, memory={str(tmp_path)!r}).fit(["a b c"])

if __name__ == "__main__":
    fit()
    print("fitted")
    Parallel(2)(delayed(fit)() for _ in range(2))
"""
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    done = subprocess.run([sys.executable, tmp_path / "script.py"], capture_output=True, text=True, check=False)
    assert done.stdout == "fitted\n"
    assert "(tokenizer) by name: move them to the top of a module of their own" in done.stderr.splitlines()[-1]


# What is refused

MISSING = r"drop missing documents, or fill them with ''\."
MISSING_VALUES = [None, float("nan"), np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT", "s"), Decimal("nan")]
NUMBERS = [7, 3.5, True, np.float64(3), np.bool_(False), Decimal(2), np.datetime64("2020-01-01")]


@pytest.mark.parametrize("method", ["fit", "fit_transform", "transform"])
@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ("one string", r"Iterable over raw text documents expected, string object received; put one"),
        (b"bytes", "Iterable over raw text documents expected, bytes received"),
        (5, "Iterable over raw text documents expected, int received"),
        ({"a": "b"}, "Iterable over raw text documents expected, dict received"),
        (
            pd.DataFrame({"text": ["a b"], "more": ["c"]}),
            r"got a DataFrame of shape \(1, 2\); .* a vectorizer for each",
        ),
        (np.array([["a b", "c"]]), r"got a ndarray of shape \(1, 2\)"),
        (np.array([[1.0], [2.0]]), r"got a ndarray of shape \(2, 1\); .* use GloVe"),
        (sparse.csr_array(np.eye(1)), r"got a csr_array of shape \(1, 1\); .* use GloVe"),
        *((["a b", value], f"position 1 is .*; {MISSING}") for value in MISSING_VALUES),
        *((["a b", value], r"position 1 is .*; convert it with str\(\)\.") for value in NUMBERS),
        (["a b", object()], r"position 1 is <object .*; convert it with str\(\)\."),
        (
            ["a b", ["a", "b"]],
            r"position 1 is \['a', 'b'\] \(list\); if documents are lists of tokens, use analyzer=list",
        ),
        (["a b", ["a"] * 10_000], r"position 1 is \['a', 'a', 'a', 'a', 'a', 'a', \.\.\.\] \(list\)"),
        (pd.Series(["a b", pd.NA], dtype="string"), rf"position 1 is <NA> \(NAType\); {MISSING}"),
        (pd.Series(["a b", None], dtype="str"), rf"position 1 is nan \(float\); {MISSING}"),
    ],
)
def test_what_is_not_text_is_refused(method, documents, message):
    vectorizer = small(min_count=1).fit(["a b"])
    with pytest.raises(ValueError, match=message):
        getattr(vectorizer, method)(documents)


@pytest.mark.parametrize("method", ["fit", "transform"])
@pytest.mark.parametrize("value", MISSING_VALUES, ids=repr)
def test_missing_documents_and_tokens_are_called_missing_with_lists_of_tokens_too(method, value):
    vectorizer = small(min_count=1, analyzer=list).fit([["a", "b"]])
    with pytest.raises(ValueError, match=f"position 1 is .*; {MISSING}"):
        getattr(vectorizer, method)([["a"], value])
    with pytest.raises(ValueError, match=r"position 1 gave .*; drop missing tokens\."):
        getattr(vectorizer, method)([["a"], ["a", value]])


@pytest.mark.parametrize("method", ["fit", "transform"])
@pytest.mark.parametrize("value", [*NUMBERS, b"a", object()], ids=lambda value: type(value).__name__)
def test_tokens_of_other_types_are_to_be_converted(method, value):
    vectorizer = small(min_count=1, analyzer=list).fit([["a", "b"]])
    with pytest.raises(ValueError, match=r"position 1 gave .*; convert tokens with str\(\)\."):
        getattr(vectorizer, method)([["a"], ["a", value]])


def test_position_counts_over_batches():
    documents = itertools.chain(["a b"] * 10_000, [None])
    with pytest.raises(ValueError, match="position 10000 is None"):
        small().fit(documents)


@pytest.mark.parametrize(
    ("documents", "parameters", "message"),
    [
        ([], {}, "no documents"),
        (iter([]), {}, "no documents"),
        (["", ""], {}, "empty vocabulary; no tokens in 2 documents"),
        (["... !!!"], {}, "empty vocabulary; no tokens in 1 document:"),
        (["the and"], {"stop_words": "english"}, "empty vocabulary; perhaps the documents only contain stop words"),
        (
            ["a b"],
            {"min_count": 5},
            r"none of 2 terms occurs min_count=5 times \(the most frequent: 1\); lower min_count",
        ),
        (
            ["the the the a"],
            {"min_count": 3, "stop_words": ["the"]},
            r"none of 1 term .* \(the most frequent: 1\)",
        ),
        (["a b", "c d"], {"min_df": 2}, "lower min_df or raise max_df"),
        (["a b"], {"min_df": 2, "max_df": 1}, "max_df=1 corresponds to fewer documents than min_df=2"),
        (["a", "b"], {}, "no co-occurrences"),
        (["a b"], {"vocabulary": ["x"]}, "none of 1 term of vocabulary occurs"),
        (["a b"], {"vocabulary": []}, "empty vocabulary"),
        (["a b"], {"vocabulary": ["a", "a"]}, "Duplicate term in vocabulary"),
        (["a b"], {"vocabulary": {"a": 0, "b": 2}}, "doesn't contain index 1"),
        (["a b"], {"vocabulary": {"a": 0, "b": 0}}, "repeated indices"),
        (["a b"], {"vocabulary": [1, 2]}, "terms of vocabulary must be str, got 1"),
        ([b"\xff\xfe"], {}, "codec can't decode|can't decode"),
        ([["a", 1]], {"analyzer": list}, r"position 0 gave 1 \(int\)"),
        (
            [["a"], "b c"],
            {"analyzer": list},
            "analyzer=list takes lists of tokens, but the document at position 1 is 'b c'",
        ),
        (["a b"], {"tokenizer": lambda text: [text, None], "token_pattern": None}, r"position 0 gave None"),
        (["a b"], {"preprocessor": lambda text: 1}, r"position 0 gave 1 \(int\)"),
        (["a b"], {"analyzer": lambda text: None}, r"position 0 gave None \(NoneType\)"),
        (["a b"], {"weighting": [1, 2], "window_size": 10}, "one weight for each distance, window_size=10 of them"),
        (["a b"], {"weighting": [-1.0] * 10, "window_size": 10}, "not negative"),
        (["a b"], {"weighting": [0.0] * 10, "window_size": 10}, "not all zero"),
        (["a b"], {"weighting": [np.nan] * 10, "window_size": 10}, "finite"),
        (["a b"], {"weighting": [1, 2], "window_size": None}, "needs a window_size, got window_size=None"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(documents, parameters, message):
    with pytest.raises(ValueError, match=message):
        small(**{"min_count": 1, **parameters}).fit(documents)


def test_bytes_are_decoded_as_asked():
    documents = ["café au lait".encode("latin-1")] * 5
    vectorizer = small(encoding="latin-1").fit(documents)
    assert "café" in vectorizer.vocabulary_
    assert "caf" in small(decode_error="ignore").fit(documents).vocabulary_


@pytest.mark.parametrize(
    "parameters",
    [
        {"n_components": 0},
        {"input": "text"},
        {"lowercase": "yes"},
        {"min_count": 0},
        {"min_df": -1},
        {"max_df": 1.5},
        {"max_features": 0},
        {"window_size": 0},
        {"window_size": 2.5},
        {"context": "both"},
        {"weighting": "linear"},
        {"analyzer": "words"},
        {"pooling": "median"},
        {"combine": "average"},
        {"memory": 3},
        {"n_jobs": "all"},
        {"x_max": -1},
        {"verbose": -1},
    ],
    ids=str,
)
def test_bad_parameters_are_refused(parameters):
    (name,) = parameters
    with pytest.raises(ValueError, match=f"The '{name}' parameter"):
        small(**parameters).fit(["a b"] * 5)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"tokenizer": str.split, "token_pattern": "x"}, "'token_pattern' will not be used since 'tokenizer' is given"),
        ({"analyzer": str.split, "stop_words": ["a"]}, "'stop_words' will not be used since 'analyzer' is a callable"),
        ({"analyzer": "char", "tokenizer": str.split}, "'tokenizer' will not be used since 'analyzer' is 'char'"),
        ({"stop_words": ["don't"]}, "stop_words may be inconsistent"),
        ({"vocabulary": ["A", "b", "c"]}, "vocabulary has terms with upper-case characters"),
    ],
)
def test_parameters_that_do_nothing_are_warned_of(parameters, message):
    with pytest.warns(UserWarning, match=message) as warned:
        vectorizer = small(**parameters).fit(["a b c"] * 5)
    assert len(warned) == 1
    pickle.loads(pickle.dumps(vectorizer)).transform(["a b c"])  # warns no more


def test_an_error_of_the_users_function_says_in_which_document():
    with pytest.raises(ZeroDivisionError) as caught:
        small(analyzer=lambda text: 1 / (text != "b")).fit(["b", "b"])
    assert caught.value.__notes__ == ["glove_sklearn: in the document at position 0"]
    with pytest.raises(UnicodeDecodeError) as caught:
        small().fit([b"a", b"\xff"])
    assert caught.value.__notes__ == ["glove_sklearn: in the document at position 1"]


@pytest.mark.parametrize("stop_words", [[object()], [float("nan")], [1, None, b"the", "the"]])
def test_stop_words_that_are_no_str_stop_nothing(stop_words):
    vectorizer = small(stop_words=stop_words).fit(["the cat sat"] * 5)
    assert set(vectorizer.vocabulary_) == {"the", "cat", "sat"} - {w for w in stop_words if isinstance(w, str)}


def test_an_embedding_that_does_not_fit_the_vocabulary_is_refused(lee):
    vectorizer = small().fit(lee)
    vectorizer.embedding_ = vectorizer.embedding_[:3]
    with pytest.raises(ValueError, match="embedding_ has 3 rows"):
        vectorizer.transform(lee)


def test_before_fit():
    for method in (lambda v: v.transform(["a"]), lambda v: v.to_keyed_vectors(), lambda v: v.get_feature_names_out()):
        with pytest.raises(NotFittedError):
            method(small())


def test_too_much_memory_is_refused_with_an_estimate(lee):
    with (
        pytest.raises(MemoryError, match=r"need \d+\.\d+ GB, which is more than \d+\.\d+ GB available"),
        pytest.warns(UserWarning, match="n_components=1000000000 is more than the vocabulary has words, 1815"),
    ):
        small(n_components=10**9).fit(lee)


def test_more_components_than_words_are_warned_of_once():
    with pytest.warns(UserWarning, match="n_components=300 is more than the vocabulary has words, 5") as warned:
        small(n_components=300, min_count=1).fit(["a b c d e"])
    assert len(warned) == 1
    small(n_components=50, min_count=1).fit(["a b c d e"])  # warnings are errors


def test_a_learning_rate_that_is_too_high_is_named(lee):
    with pytest.raises(FloatingPointError, match="learning_rate=1000"):
        small(learning_rate=1000.0).fit(lee)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_odd_text_is_text(n_jobs):
    documents = ["🙂 family 👨‍👩‍👧 e\u0301 שלום עולם \ud800 nul\x00nul مرحبا", "日本語 ไทย ΣΊΣΥΦΟΣ İ ǅ ﬁ"] * 5
    vectorizer = small(n_jobs=n_jobs, token_pattern=r"\S+").fit(documents)
    assert {"🙂", "\ud800", "nul\x00nul", "שלום", "日本語", "i̇"} <= set(vectorizer.vocabulary_)
    assert vectorizer.transform(documents).any(axis=1).all()


# Being interrupted

INTERRUPTED = """
import os, signal, sys, threading, time
import numpy as np
from glove_sklearn import GloVeVectorizer

signal.signal(signal.SIGINT, signal.default_int_handler)  # which is not there where tests run in the background
stage, n_jobs = sys.argv[1], int(sys.argv[2])
words = np.array([f"w{i}" for i in range(3000)])
random_state = np.random.RandomState(0)
documents = [" ".join(words[random_state.zipf(1.3, 1000) % 3000]) for _ in range(20)]
vectorizer = GloVeVectorizer(10, max_iter=1, random_state=0).fit(documents)
before = vectorizer.__dict__.copy()
vectorizer.set_params(n_jobs=n_jobs)
if stage == "counting":
    vectorizer.set_params(window_size=20_000)
    documents = documents * 100
elif stage == "training":
    vectorizer.set_params(max_iter=10_000_000)
else:
    vectorizer.set_params(n_components=2000)
parameters = vectorizer.get_params()

from glove_sklearn._counting import _counting
from glove_sklearn._system import _linear_algebra
from glove_sklearn._training import _adagrad, _instruction_sets, _pmi
module, kernel = {
    "counting": (_counting, "count_rows"),
    "starting": (_pmi, "add_products"),
    "decomposing": (_linear_algebra, "orthonormalise"),
    "training": (_adagrad, "train_block"),
}[stage]
started, original = threading.Event(), getattr(module, kernel)
def announcing(*arguments):
    started.set()
    return original(*arguments)
setattr(module, kernel, announcing)
sent = []
def interrupt():
    started.wait()
    time.sleep(0.2)
    sent.append(time.monotonic())
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
try:
    vectorizer.fit(documents)
except KeyboardInterrupt:
    seconds = time.monotonic() - sent[0]
    after = vectorizer.__dict__
    fitted = [name for name in before if name.endswith("_")]
    assert set(after) == set(before), set(after) ^ set(before)
    assert all(after[name] is before[name] for name in fitted)
    assert vectorizer.get_params() == parameters
    assert threading.active_count() <= 2, threading.enumerate()
    print(f"{seconds:.2f}")
"""


@pytest.mark.long
@pytest.mark.posix
@pytest.mark.parametrize("stage", ["counting", "starting", "decomposing", "training"])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_ctrl_c_stops_soon_and_leaves_the_estimator_as_it_was(stage, n_jobs):
    seconds = []
    for _ in range(3):  # on a busy machine it may take another try
        run = subprocess.run(
            [sys.executable, "-c", INTERRUPTED, stage, str(n_jobs)],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        seconds.append(float(run.stdout))
        if seconds[-1] < 1:
            return
    raise AssertionError(f"seconds until it stopped: {seconds}")


def test_an_error_in_fit_leaves_the_estimator_as_it_was(lee):
    vectorizer = small().fit(lee)
    before = vectorizer.__dict__.copy()
    for documents, message in (([], "no documents"), (["a"], "min_count"), ([None], "position 0")):
        with pytest.raises(ValueError, match=message):
            vectorizer.fit(documents)
    assert vectorizer.__dict__ == before


@pytest.mark.parametrize("pooling", ["mean", "sif"])
@pytest.mark.parametrize(
    "function", ["_embedding.document_vectors.pool", "vectorizer.count_and_train", "vectorizer.Encoder"]
)
def test_an_interruption_anywhere_leaves_the_estimator_as_it_was(lee, monkeypatch, pooling, function):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    vectorizer = small(pooling=pooling).fit(lee)
    before = vectorizer.__dict__.copy()
    monkeypatch.setattr(f"glove_sklearn.{function}", interrupt)
    with pytest.raises(KeyboardInterrupt):
        vectorizer.fit_transform(lee[:50])
    assert vectorizer.__dict__ == before


def test_transform_of_a_generator_does_not_read_ahead_of_itself(lee, monkeypatch):
    monkeypatch.setattr("glove_sklearn._text.encoder._BATCH_DOCUMENTS", 10)
    read, seen_at_first_call = [], []
    vectorizer = small().fit(lee)
    encode = vectorizer._encoder.encode

    def watching(position, batch):
        seen_at_first_call.append(len(read))
        return encode(position, batch)

    monkeypatch.setattr(vectorizer._encoder, "encode", watching)
    vectors = vectorizer.transform(read.append(document) or document for document in lee)
    assert seen_at_first_call[0] <= 40
    np.testing.assert_array_equal(vectors, small().fit(lee).transform(lee))


# Progress


def test_silent_by_default(lee, capfd):
    small().fit_transform(lee)
    assert capfd.readouterr() == ("", "")


def test_progress_bars_when_asked(lee, capfd):
    vectorizer = small(verbose=1).fit(lee)
    shown = capfd.readouterr().err
    for bar in ("reading: 100%", "counting: 100%", "initialising: 100%", "training: 100%"):
        assert bar in shown
    assert f"iteration=2, loss={vectorizer.loss_curve_[1]:.5f}" in shown


def test_a_vocabulary_that_was_pruned_by_hand_is_used(lee):
    vectorizer = small().fit(lee)
    vectorizer.vocabulary_ = {word: row for word, row in vectorizer.vocabulary_.items() if row < 10}
    with pytest.raises(ValueError, match=r"embedding_ has \d+ rows for 10 words of vocabulary_"):
        vectorizer.transform(lee)
    vectorizer.embedding_ = vectorizer.embedding_[:10]
    vectors = vectorizer.transform(lee)
    np.testing.assert_array_equal(vectors, pickle.loads(pickle.dumps(vectorizer)).transform(lee))
    assert np.isfinite(vectors).all()


def test_weights_of_the_wrong_length_are_refused(lee):
    vectorizer = small(pooling="idf").fit(lee)
    vectorizer.term_weights_ = vectorizer.term_weights_[:1]
    with pytest.raises(ValueError, match="term_weights_ has 1 row for"):
        vectorizer.transform(lee)


@pytest.mark.parametrize("n_documents", [0, 1, 200])
def test_transform_refuses_no_threads(lee, n_documents):
    vectorizer = small().fit(lee).set_params(n_jobs=0)
    with pytest.raises(ValueError, match="n_jobs == 0"):
        vectorizer.transform(lee[:n_documents])


def test_several_threads_may_transform_at_once(lee):
    vectorizer = small().fit(lee)
    expected = vectorizer.transform(lee)
    results = {}
    threads = [threading.Thread(target=lambda i=i: results.update({i: vectorizer.transform(lee)})) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i in range(8):
        np.testing.assert_array_equal(results[i], expected)


def test_signal_handlers_are_left_alone(lee):
    before = signal.getsignal(signal.SIGINT)
    small(n_jobs=2).fit(lee)
    assert signal.getsignal(signal.SIGINT) is before


def test_tokens_may_be_ids_of_items():
    baskets = [[101, 7, 3], (7, 3), np.array([101, 3])]
    parameters = {"analyzer": list, "min_count": 1, "random_state": 0}
    of_ids = GloVeVectorizer(2, **parameters).fit(baskets)
    of_names = GloVeVectorizer(2, **parameters).fit([[str(item) for item in basket] for basket in baskets])
    assert set(of_ids.vocabulary_) == {"101", "7", "3"}
    np.testing.assert_array_equal(of_ids.embedding_, of_names.embedding_)
    np.testing.assert_array_equal(of_ids.transform([[7, 99]]), of_names.transform([["7", "99"]]))
    for wrong in ([True, 7], [7.0, 7], [7, None], ["a", 7]):
        with pytest.raises(ValueError, match="tokens must be str"):
            GloVeVectorizer(2, **parameters).fit([wrong])
