"""Documents in, document vectors out, with pretrained word vectors."""

import gc
import io
import os
import pickle
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from glove_sklearn import EmbeddingVectorizer, GloVeVectorizer
from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors
from glove_sklearn._embedding.pooling import POOLINGS
from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors
from glove_sklearn._vector_files import shared_vectors as sharing
from glove_sklearn._vector_files.vectors import save_vectors
from glove_sklearn.inspection import word_contributions

D = 7


@pytest.fixture(scope="module")
def words(lee):
    """Vectors of nine tenths of the words of the documents, and of some that do not occur."""
    terms = sorted(CountVectorizer(token_pattern=r"(?u)\b\w+\b").fit(lee).vocabulary_)
    terms = [term for index, term in enumerate(terms) if index % 10] + ["unseen", "neverthere"]
    vectors = np.random.RandomState(0).normal(0.5, 1, size=(len(terms), D))
    return WordVectors(terms, vectors.astype(np.float32))


@pytest.fixture
def path(words, tmp_path):
    save_vectors(tmp_path / "vectors.txt", words)
    return tmp_path / "vectors.txt"


def tokens_of(document, words):
    rows = {term: row for row, term in enumerate(words.terms)}
    found = CountVectorizer(token_pattern=r"(?u)\b\w+\b").build_analyzer()(document)
    return np.array([rows[token] for token in found if token in rows], dtype=int)


def expected_vectors(documents, words, pooling, how=None):
    """The vectors of documents, in NumPy."""
    tokens = [tokens_of(document, words) for document in documents]
    n_words, n = len(words.terms), len(documents)
    vectors = words.vectors.astype(np.float64)
    counts = np.bincount(np.concatenate(tokens), minlength=n_words)
    if how is not None:
        shares = counts / counts.sum()
        vectors = vectors - shares @ vectors
        values, directions = np.linalg.eigh((vectors.T * shares) @ vectors)
        changed = values ** (3 / 4) if how == "flatten" else values.copy()
        n_first = {"center": 0, "flatten": 3}.get(how, 1)
        changed[D - n_first :] = 0 if how == "all-but-the-top" else changed[-n_first - 1]
        vectors = vectors @ (directions * np.sqrt(changed / values)) @ directions.T
        vectors *= 0.5 / np.sqrt((vectors**2 * shares[:, np.newaxis]).sum() / D)
    if pooling == "max":
        return np.array([vectors[rows].max(axis=0) if len(rows) else np.zeros(D) for rows in tokens])
    weights = np.ones(n_words)
    if pooling == "idf":
        frequencies = np.bincount(np.concatenate([np.unique(rows) for rows in tokens]), minlength=n_words)
        weights = np.log((1 + n) / (1 + frequencies)) + 1
    elif pooling == "sif":
        weights = 1e-3 / (1e-3 + counts / counts.sum())
        weights /= weights @ counts / counts.sum()
    sums = np.array([(weights[rows, np.newaxis] * vectors[rows]).sum(axis=0) for rows in tokens])
    if pooling == "sum":
        return sums
    divisors = [weights[rows].sum() if pooling == "idf" else len(rows) for rows in tokens]
    means = sums / np.maximum(divisors, 1e-300)[:, np.newaxis]
    if pooling == "sif":
        component = np.linalg.svd(means)[2][0]
        means = means - np.outer(means @ component, component)
    return means


@pytest.mark.parametrize("how", [None, "flatten", "level", "all-but-the-top", "center"])
@pytest.mark.parametrize("pooling", POOLINGS)
def test_documents_have_the_vectors_of_numpy(lee, words, pooling, how):
    documents = [*lee[:100], "", "qqqq zzzz", "ice " * 3]
    vectorizer = EmbeddingVectorizer(words, pooling=pooling, postprocess=how)
    found = vectorizer.fit_transform(documents)
    assert found.dtype == np.float32
    expected = expected_vectors(documents, words, pooling, how)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=2e-5 * np.abs(expected).max())
    np.testing.assert_array_equal(vectorizer.transform(documents), found)


def test_words_that_fit_has_not_seen_have_vectors(lee, words):
    row = words.terms.index("unseen")
    for pooling in ("mean", "idf", "sum", "max"):
        vectorizer = EmbeddingVectorizer(words, pooling=pooling).fit(lee[:5])
        np.testing.assert_allclose(vectorizer.transform(["unseen"])[0], words.vectors[row], rtol=1e-6)
    processed = EmbeddingVectorizer(words, postprocess="level").fit(lee)
    np.testing.assert_array_equal(processed.transform(["unseen"])[0], processed.embedding_[row])


def test_every_kind_of_vectors_gives_the_same(lee, words, path, tmp_path):
    expected = EmbeddingVectorizer(words, pooling="sif").fit_transform(lee)
    keyed_vectors = make_keyed_vectors(list(words.terms), words.vectors)

    class Model:
        wv = keyed_vectors

    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(path, "small.txt")
        archive.writestr("other.txt", "a 1 2\n")
    kinds = [
        path,
        str(path),
        os.fsencode(path),
        str(tmp_path / "all.zip" / "small.txt"),
        keyed_vectors,
        Model(),
        (words.terms, words.vectors),
        [words.terms, words.vectors.astype(np.float64)],
        (np.array(words.terms), words.vectors),
        (words.terms, pd.DataFrame(words.vectors)),
        pd.DataFrame(words.vectors, index=words.terms),
        EmbeddingVectorizer(words).fit(lee),
    ]
    for vectors in kinds:
        np.testing.assert_array_equal(EmbeddingVectorizer(vectors, pooling="sif").fit_transform(lee), expected)


def test_vectors_of_a_fitted_vectorizer_give_its_features(lee):
    glove = GloVeVectorizer(8, min_count=1, max_iter=1, random_state=0).fit(lee)
    vectorizer = EmbeddingVectorizer(glove).fit(lee)
    np.testing.assert_array_equal(vectorizer.transform(lee), glove.transform(lee))
    assert vectorizer.coverage_ == 1
    assert np.shares_memory(vectorizer.embedding_, glove.embedding_)


def test_coverage_and_missing_words(lee, words):
    vectorizer = EmbeddingVectorizer(words).fit(lee)
    counts = CountVectorizer(token_pattern=r"(?u)\b\w+\b").fit(lee)
    totals = dict(zip(counts.get_feature_names_out(), counts.transform(lee).sum(axis=0).A1, strict=True))
    missing = {term: count for term, count in totals.items() if term not in words.terms}
    assert vectorizer.coverage_ == 1 - sum(missing.values()) / sum(totals.values())
    assert vectorizer.type_coverage_ == 1 - len(missing) / len(totals)
    expected = sorted(missing.items(), key=lambda item: (-item[1], item[0]))[:1000]
    assert list(vectorizer.missing_terms_.items()) == expected


def test_low_coverage_warns_at_the_line_of_the_user(words):
    documents = ["THE CAT OF THE HAT"] * 3 + ["of"]
    with pytest.warns(UserWarning, match="1 of the 16 tokens .* set lowercase='auto'") as caught:
        vectorizer = EmbeddingVectorizer(words, lowercase=False).fit(documents)
    assert caught[0].filename == __file__
    assert vectorizer.coverage_ == 1 / 16


def test_documents_without_a_common_word_are_refused(words):
    with pytest.raises(
        ValueError, match=r"^none of the 4 tokens of the documents has a vector; the most frequent .*Cyrillic"
    ):
        EmbeddingVectorizer(words).fit(["вода лёд", "вода пар"])


def test_limit_keeps_the_first_words(lee, words, path):
    first = WordVectors(words.terms[:3000], words.vectors[:3000])
    expected = EmbeddingVectorizer(first).fit_transform(lee)
    for vectors in (words, path):
        vectorizer = EmbeddingVectorizer(vectors, limit=3000).fit(lee)
        np.testing.assert_array_equal(vectorizer.transform(lee), expected)
        assert len(vectorizer.vocabulary_) == 3000


@pytest.mark.parametrize("how", [None, "level"])
@pytest.mark.parametrize("pooling", POOLINGS)
def test_threads_batches_and_memory_limits_change_no_bit(lee, words, monkeypatch, pooling, how):
    parameters = {"pooling": pooling, "postprocess": how}
    expected = EmbeddingVectorizer(words, **parameters).fit_transform(lee)
    for changed in ({"n_jobs": 2}, {"n_jobs": 5}, {"memory_limit": "1MB"}):
        vectorizer = EmbeddingVectorizer(words, **parameters, **changed)
        np.testing.assert_array_equal(vectorizer.fit_transform(lee), expected)
        np.testing.assert_array_equal(vectorizer.transform(lee), expected)
    if pooling != "sif":  # the common component is a sum of parts
        monkeypatch.setattr("glove_sklearn._text.encoder._BATCH_DOCUMENTS", 7)
        vectorizer = EmbeddingVectorizer(words, n_jobs=3, **parameters)
        np.testing.assert_array_equal(vectorizer.fit_transform(lee), expected)
        np.testing.assert_array_equal(vectorizer.transform(iter(lee)), expected)


# Vectors are shared


class Uncopyable(np.ndarray):
    """An array that may not be copied by `deepcopy` or a pickle."""

    def __deepcopy__(self, memo):
        raise AssertionError("copied")

    def __reduce__(self):
        raise AssertionError("pickled")


def test_a_clone_shares_the_vectors(lee, words):
    vectors = (words.terms, words.vectors.view(Uncopyable))
    vectorizer = EmbeddingVectorizer(vectors, pooling="idf", stop_words=["the"]).set_output(transform="pandas")
    other = clone(vectorizer)
    assert other.vectors is vectors
    assert other.stop_words is not vectorizer.stop_words
    assert other.get_params() == vectorizer.get_params()
    assert isinstance(other.fit_transform(lee), pd.DataFrame)
    fitted = vectorizer.fit(lee)
    assert np.shares_memory(fitted.embedding_, words.vectors)
    nested = clone(Pipeline([("embed", fitted)]))
    assert nested["embed"].vectors is vectors
    with pytest.raises(NotFittedError):
        nested["embed"].transform(lee)


def test_a_fitted_vectorizer_among_the_parameters_stays_fitted(lee):
    glove = GloVeVectorizer(4, max_iter=1, random_state=0).fit(lee)
    assert clone(EmbeddingVectorizer(glove)).fit(lee).transform(lee).shape == (len(lee), 4)


def test_a_search_reads_the_file_once(lee, words, path, monkeypatch):
    reads = []
    resolve = sharing.resolve_vectors
    monkeypatch.setattr(
        sharing, "resolve_vectors", lambda path, limit: reads.append(path) or resolve(path, limit=limit)
    )
    labels = ["Australia" in document for document in lee]
    pipeline = Pipeline([("embed", EmbeddingVectorizer(path)), ("model", LogisticRegression())])
    search = GridSearchCV(pipeline, {"embed__pooling": ["mean", "idf", "sif"]}, cv=2).fit(lee, labels)
    assert len(reads) == 1
    assert search.best_estimator_["embed"].coverage_ > 0.8


@pytest.mark.long
def test_a_search_in_processes_gives_the_same(lee, words, path, tmp_path):
    labels = ["Australia" in document for document in lee]
    for vectors in (path, (words.terms, words.vectors)):
        pipeline = Pipeline(
            [("embed", EmbeddingVectorizer(vectors, cache_dir=tmp_path / "cache")), ("model", LogisticRegression())]
        )
        grid = {"embed__pooling": ["mean", "idf"], "embed__postprocess": [None, "level"]}
        one, two = (
            GridSearchCV(pipeline, grid, cv=2, n_jobs=n_jobs).fit(lee, labels).cv_results_["mean_test_score"]
            for n_jobs in (1, 2)
        )
        np.testing.assert_array_equal(one, two)


# Pickles


def copies(vectorizer):
    file = io.BytesIO()
    joblib.dump(vectorizer, file)
    data = skops.io.dumps(vectorizer)
    return [
        pickle.loads(pickle.dumps(vectorizer)),
        joblib.load(io.BytesIO(file.getvalue())),
        skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data)),
    ]


def forget():
    sharing._last.clear()
    gc.collect()


@pytest.mark.parametrize("pooling", ["sif", "idf"])
@pytest.mark.parametrize("pickle_vectors", [False, True])
def test_a_pickle_holds_the_path_or_the_vectors(lee, path, pooling, pickle_vectors):
    vectorizer = EmbeddingVectorizer(str(path), pooling=pooling, postprocess="level", pickle_vectors=pickle_vectors)
    expected = vectorizer.fit_transform(lee)
    n_bytes = vectorizer.embedding_.nbytes
    saved = pickle.dumps(vectorizer)
    assert (len(saved) > n_bytes) == pickle_vectors
    for other in copies(vectorizer):
        np.testing.assert_array_equal(other.transform(lee), expected)
        assert other.get_feature_names_out().tolist() == vectorizer.get_feature_names_out().tolist()
        assert other.coverage_ == vectorizer.coverage_
    path.unlink()
    del vectorizer
    forget()
    other = pickle.loads(saved)
    assert len(other.get_feature_names_out()) == D
    if pickle_vectors:
        np.testing.assert_array_equal(other.transform(lee), expected)
        np.testing.assert_array_equal(pickle.loads(pickle.dumps(other)).transform(lee), expected)
    else:
        with pytest.raises(FileNotFoundError, match=r"vectors\.txt, which is gone: put the file back, set `vectors`"):
            other.transform(lee)


def test_an_unpickled_estimator_finds_a_file_that_has_moved(lee, path):
    vectorizer = EmbeddingVectorizer(path, pooling="idf")
    expected = vectorizer.fit_transform(lee)
    saved = pickle.dumps(vectorizer)
    moved = path.rename(path.with_name("moved.txt"))
    forget()
    other = pickle.loads(saved).set_params(vectors=moved)
    np.testing.assert_array_equal(other.transform(lee), expected)


def test_an_unpickled_estimator_refuses_other_vectors_in_the_file(lee, words, path):
    saved = pickle.dumps(EmbeddingVectorizer(path).fit(lee))
    save_vectors(path, words._replace(vectors=words.vectors + 1))
    with pytest.raises(ValueError, match="which holds others now: put the old file back, or fit again"):
        pickle.loads(saved).transform(lee)


def test_relative_paths_are_those_of_fit(lee, path, tmp_path, monkeypatch):
    monkeypatch.chdir(path.parent)
    vectorizer = EmbeddingVectorizer(path.name)
    expected = vectorizer.fit_transform(lee)
    saved = pickle.dumps(vectorizer)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    np.testing.assert_array_equal(pickle.loads(saved).transform(lee), expected)


def test_an_object_is_in_the_pickle(lee, words):
    vectorizer = EmbeddingVectorizer((words.terms, words.vectors), pooling="sif")
    expected = vectorizer.fit_transform(lee)
    n_bytes = words.vectors.nbytes
    assert n_bytes < len(pickle.dumps(vectorizer)) < 2 * n_bytes + 100 * len(words.terms)
    for other in copies(vectorizer):
        np.testing.assert_array_equal(other.transform(lee), expected)
    keyed_vectors = make_keyed_vectors(list(words.terms), words.vectors)
    other = pickle.loads(pickle.dumps(EmbeddingVectorizer(keyed_vectors).fit(lee)))
    np.testing.assert_array_equal(other.transform(lee), EmbeddingVectorizer(words).fit_transform(lee))


def test_parameters_changed_after_fit_wait_for_the_next(lee, words):
    vectorizer = EmbeddingVectorizer(words).fit(lee)
    expected = vectorizer.transform(lee)
    vectorizer.set_params(pooling="max", postprocess="level", lowercase=False, vectors=(["ice"], np.ones((1, 2))))
    np.testing.assert_array_equal(vectorizer.transform(lee), expected)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(vectorizer)).transform(lee), expected)


def test_attributes_of_an_earlier_fit_do_not_stay(lee, words, path):
    vectorizer = EmbeddingVectorizer(path, pooling="sif", postprocess="level").fit(lee)
    vectorizer.set_params(vectors=words, pooling="mean", postprocess=None).fit(lee)
    assert vectorizer.__dict__.keys() == EmbeddingVectorizer(words).fit(lee).__dict__.keys()


# Words


def test_to_keyed_vectors_are_those_that_are_pooled(lee, words):
    pytest.importorskip("gensim")
    for how in (None, "level"):
        vectorizer = EmbeddingVectorizer(words, postprocess=how).fit(lee)
        keyed_vectors = vectorizer.to_keyed_vectors()
        np.testing.assert_array_equal(keyed_vectors.vectors, vectorizer.embedding_)
        assert not np.shares_memory(keyed_vectors.vectors, words.vectors)
        np.testing.assert_allclose(keyed_vectors["ice"], vectorizer.transform(["ice"])[0], rtol=1e-5, atol=1e-6)
        terms, vectors, _ = as_word_vectors(vectorizer)
        assert terms == words.terms
        np.testing.assert_array_equal(vectors, vectorizer.embedding_)
    with pytest.raises(NotFittedError):
        EmbeddingVectorizer(words).to_keyed_vectors()


@pytest.mark.parametrize("how", [None, "level"])
def test_words_are_looked_up_by_name(lee, words, how):
    vectorizer = EmbeddingVectorizer(words, postprocess=how).fit(lee)
    np.testing.assert_array_equal(vectorizer["ice"], vectorizer.embedding_[words.terms.index("ice")])
    assert "ice" in vectorizer
    assert "Ice" not in vectorizer
    with pytest.raises(KeyError, match=r"'Ice' is not among \d+ words"):
        vectorizer["Ice"]
    with pytest.raises(AttributeError, match=r"to_keyed_vectors\(\)\.most_similar"):
        vectorizer.most_similar("ice")


@pytest.mark.parametrize("how", [None, "level"])
@pytest.mark.parametrize("pooling", [name for name, pooling in POOLINGS.items() if pooling.kind == "sum"])
def test_contributions_of_words_add_up_to_the_prediction(lee, words, pooling, how):
    labels = ["Australia" in document for document in lee]
    vectorizer = EmbeddingVectorizer(words, pooling=pooling, postprocess=how)
    model = Pipeline([("embed", vectorizer), ("model", LogisticRegression(max_iter=2000))]).fit(lee, labels)
    found = word_contributions(model, lee[5])
    assert found.prediction == pytest.approx(model.decision_function([lee[5]])[0], rel=1e-4, abs=1e-4)
    assert found.baseline + found.contributions.sum() == pytest.approx(found.prediction, rel=1e-3, abs=1e-3)
    assert sum(found.counts) == len(tokens_of(lee[5], words))


@pytest.mark.parametrize("name", ["embedding_", "vocabulary_", "coverage_"])
def test_an_estimator_that_is_not_fitted_has_no_attributes(words, name):
    assert not hasattr(EmbeddingVectorizer(words), name)


# Errors


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ([], "no documents"),
        ("one string", "string object received"),
        (3, "int received"),
        ([None], "position 0"),
        ([["a", "b"]], "analyzer=list"),
        (["", ""], "no tokens in 2 documents"),
        (np.array([["a", "b"], ["c", "d"]]), "shape"),
        (pd.DataFrame({"text": ["a"], "other": ["b"]}), "shape"),
    ],
)
def test_what_are_not_documents_is_refused(words, documents, message):
    with pytest.raises(ValueError, match=message):
        EmbeddingVectorizer(words).fit(documents)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"lowercase": "yes"}, "lowercase"),
        ({"pooling": "median"}, "pooling"),
        ({"postprocess": "pca"}, "postprocess"),
        ({"limit": 0}, "limit"),
        ({"n_jobs": 0}, "n_jobs"),
        ({"cache_dir": 3}, "cache_dir"),
        ({"memory_limit": "lots"}, "memory_limit"),
    ],
)
def test_wrong_parameters_are_refused(lee, words, parameters, message):
    with pytest.raises(ValueError, match=message):
        EmbeddingVectorizer(words, **parameters).fit(lee)


@pytest.mark.parametrize(
    "function",
    ["_load", "WordFinder", "encode", "measure_coverage", "learn_postprocessing", "fit_pooler", "vectors_of_corpus"],
)
def test_an_interruption_anywhere_leaves_the_estimator_as_it_was(lee, words, monkeypatch, function):
    def interrupt(*args, **kwargs):
        raise KeyboardInterrupt

    vectorizer = EmbeddingVectorizer(words, pooling="sif", postprocess="level").fit(lee)
    before = vectorizer.__dict__.copy()
    monkeypatch.setattr(f"glove_sklearn.embedding_vectorizer.{function}", interrupt)
    with pytest.raises(KeyboardInterrupt):
        vectorizer.fit_transform(lee[:50])
    assert vectorizer.__dict__ == before


def test_an_error_in_fit_leaves_the_estimator_as_it_was(lee, words):
    vectorizer = EmbeddingVectorizer(words).fit(lee)
    before = vectorizer.__dict__.copy()
    for documents in ([], ["вода"], [None]):
        with pytest.raises(ValueError, match="documents"):
            vectorizer.fit(documents)
    assert vectorizer.__dict__ == before


def test_generators_and_series_are_documents(lee, words):
    expected = EmbeddingVectorizer(words).fit_transform(lee)
    for documents in (iter(lee), pd.Series(lee), np.array(lee), (document.encode() for document in lee)):
        np.testing.assert_array_equal(EmbeddingVectorizer(words).fit_transform(documents), expected)


def test_nothing_is_warned_of_in_ordinary_use(lee, words, path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for vectors in (words, path):
            EmbeddingVectorizer(vectors, n_jobs=2).fit(lee).transform(lee)


@pytest.mark.long
def test_memory_of_a_mapped_file_is_shared(tmp_path):
    """What a process maps is not its own memory."""
    if not Path("/proc/self/smaps_rollup").exists():
        pytest.skip("the system does not tell which memory is shared")
    n_words, d = 20_000, 200
    vectors = np.random.RandomState(0).normal(size=(n_words, d)).astype(np.float32)
    save_vectors(tmp_path / "vectors.bin", WordVectors([f"w{i}" for i in range(n_words)], vectors))
    code = (
        "import sys; from glove_sklearn import EmbeddingVectorizer;"
        "lines = lambda: open('/proc/self/smaps_rollup').read().splitlines();"
        "own = lambda: sum(int(line.split()[1]) for line in lines() if line.startswith('Private_Dirty'));"
        "documents = [f'w{i}' for i in range(20_000)];"
        "EmbeddingVectorizer((['w1'], [[1.0]])).fit(['w1']);"
        "before = own();"
        "vectorizer = EmbeddingVectorizer(sys.argv[1], cache_dir=sys.argv[2] or None).fit(documents);"
        "vectorizer.transform(documents[:10]);"
        "print(1024 * (own() - before))"
    )

    def own_memory(folder):
        arguments = [sys.executable, "-c", code, str(tmp_path / "vectors.bin"), folder]
        return int(subprocess.run(arguments, capture_output=True, text=True, check=True, env=os.environ).stdout)

    folder = str(tmp_path / "cache")
    own_memory(folder)  # writes the folder
    assert own_memory("") > vectors.nbytes
    assert own_memory(folder) < 0.8 * vectors.nbytes
