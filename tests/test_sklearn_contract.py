"""The contract of scikit-learn's estimators, for those that take text.

``check_estimator`` skips nearly every check if an estimator takes text. So the checks that need no data are called one by one,
and the others are written here.
"""

import copy
import inspect
import io
import pickle

import joblib
import numpy as np
import pandas as pd
import pytest
import sklearn
import skops.io
from sklearn import config_context
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.utils import estimator_checks
from sklearn.utils._testing import create_memmap_backed_data
from sklearn.utils.fixes import parse_version

from glove_sklearn import CooccurrenceCounter, EmbeddingVectorizer, GloVeVectorizer
from glove_sklearn._embedding.pooling import POOLINGS


@pytest.fixture(params=[CooccurrenceCounter, GloVeVectorizer, EmbeddingVectorizer])
def estimator_class(request):
    return request.param


def instance(estimator_class):
    return EmbeddingVectorizer((["a", "b"], np.eye(2))) if estimator_class is EmbeddingVectorizer else estimator_class()


@pytest.fixture(scope="module")
def words(lee):
    terms = CountVectorizer(min_df=3).fit(lee).get_feature_names_out().tolist()
    return terms, np.random.RandomState(0).normal(size=(len(terms), 8)).astype(np.float32)


@pytest.fixture(
    params=[(cls, pooling) for cls in (GloVeVectorizer, EmbeddingVectorizer) for pooling in POOLINGS], ids=str
)
def vectorizer(request, words):
    estimator_class, pooling = request.param
    if estimator_class is EmbeddingVectorizer:
        return EmbeddingVectorizer(words, pooling=pooling, postprocess="level")
    return GloVeVectorizer(8, window_size=5, max_iter=2, pooling=pooling, random_state=0)


def same(one, other):
    """Whether parameters or attributes are equal, arrays included."""
    return joblib.hash(one) == joblib.hash(other)


@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_estimator_cloneable,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_estimator_tags_renamed,
        estimator_checks.check_valid_tag_types,
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_set_params,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
        estimator_checks.check_param_validation,
    ],
    ids=lambda check: check.__name__,
)
def test_checks_of_scikit_learn_that_need_no_data(estimator_class, check):
    check(estimator_class.__name__, instance(estimator_class))


def test_text_parameters_are_those_of_count_vectorizer(estimator_class):
    theirs = inspect.signature(CountVectorizer).parameters
    ours = inspect.signature(estimator_class).parameters
    different = {name for name in ours.keys() & theirs.keys() if ours[name].default != theirs[name].default}
    if estimator_class is EmbeddingVectorizer:
        assert different == {"token_pattern", "lowercase"}
        vocabulary = {"min_df", "max_df", "max_features", "vocabulary"}
    else:
        assert different == {"token_pattern"}
        vocabulary = set()
    assert set(theirs) - set(ours) == {"ngram_range", "binary", "dtype"} | vocabulary


def test_vectorizer_has_every_parameter_of_the_counter_and_the_model():
    from glove_sklearn import GloVe

    ours = inspect.signature(GloVeVectorizer).parameters
    for part in (CooccurrenceCounter, GloVe):
        for name, parameter in inspect.signature(part).parameters.items():
            if name not in ("near_size", "sample"):  # alone, X is square and taken as it is
                assert ours[name].default == parameter.default, name


def test_tags_say_that_the_input_is_text(estimator_class):
    tags = instance(estimator_class).__sklearn_tags__()
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    if estimator_class is not CooccurrenceCounter:
        assert tags.transformer_tags.preserves_dtype == []


def test_fit_returns_self_and_accepts_y(vectorizer, lee):
    assert vectorizer.fit(lee, [0] * len(lee)) is vectorizer
    counter = CooccurrenceCounter()
    assert counter.fit(lee, None) is counter


def test_fit_does_not_change_parameters(lee):
    weighting, stop_words, vocabulary = np.ones(10), ["the"], {"a": 0, "of": 1, "to": 2}
    parameters = {"window_size": 10, "weighting": weighting, "stop_words": stop_words, "vocabulary": vocabulary}
    vectorizer = GloVeVectorizer(4, max_iter=1, **parameters)
    before = copy.deepcopy(vectorizer.get_params())
    vectorizer.fit_transform(lee)
    assert same(vectorizer.get_params(), before)
    assert vectorizer.weighting is weighting


def test_clone_is_unfitted_and_has_the_same_parameters(vectorizer, lee):
    other = clone(vectorizer.fit(lee))
    assert same(other.get_params(), vectorizer.get_params())
    with pytest.raises(NotFittedError):
        other.transform(lee)
    np.testing.assert_array_equal(other.fit_transform(lee), vectorizer.transform(lee))


def test_fit_transform_is_fit_then_transform(vectorizer, lee):
    vectors = vectorizer.fit_transform(lee)
    np.testing.assert_array_equal(vectors, vectorizer.transform(lee))
    np.testing.assert_array_equal(vectors, clone(vectorizer).fit(lee).transform(lee))


def test_fit_does_not_depend_on_earlier_fits(vectorizer, lee):
    first = vectorizer.fit(lee).transform(lee)
    vectorizer.fit(lee[::2])
    np.testing.assert_array_equal(vectorizer.fit(lee).transform(lee), first)


def test_transform_of_a_subset_is_the_same_rows(vectorizer, lee):
    vectors = vectorizer.fit_transform(lee)
    for subset in (slice(0, 1), slice(5, 8), slice(0, 299), slice(None, None, -1), slice(3, None, 7)):
        np.testing.assert_array_equal(vectorizer.transform(lee[subset]), vectors[subset])


def test_transform_of_no_documents_has_no_rows(vectorizer, lee):
    vectors = vectorizer.fit(lee).transform([])
    assert vectors.shape == (0, 8)
    assert vectors.dtype == np.float32


def test_documents_without_known_words_are_zero_rows(vectorizer, lee):
    vectors = vectorizer.fit(lee).transform(["", "qqqq zzzz", lee[0]])
    assert not vectors[:2].any()
    assert vectors[2].any()
    assert np.isfinite(vectors).all()


def test_transform_does_not_change_the_estimator(vectorizer, lee):
    vectorizer.fit(lee)
    before = vectorizer.__dict__.copy()
    hashed = joblib.hash(vectorizer)
    vectorizer.transform(lee)
    assert vectorizer.__dict__ == before
    assert joblib.hash(vectorizer) == hashed


@pytest.mark.parametrize("method", ["pickle", "joblib", "skops", "deepcopy"])
def test_vectorizer_can_be_saved_and_copied(vectorizer, lee, method):
    expected = vectorizer.fit(lee).transform(lee)
    if method == "pickle":
        other = pickle.loads(pickle.dumps(vectorizer))
    elif method == "joblib":
        file = io.BytesIO()
        joblib.dump(vectorizer, file)
        other = joblib.load(io.BytesIO(file.getvalue()))
    elif method == "skops":
        data = skops.io.dumps(vectorizer)
        trusted = skops.io.get_untrusted_types(data=data)
        assert trusted == [f"{type(vectorizer).__module__}.{type(vectorizer).__name__}"]
        other = skops.io.loads(data, trusted=trusted)
    else:
        other = copy.deepcopy(vectorizer)
    np.testing.assert_array_equal(other.transform(lee), expected)
    assert same(other, vectorizer)


def test_counter_can_be_saved(lee):
    counter = CooccurrenceCounter().fit(lee)
    other = pickle.loads(pickle.dumps(counter))
    assert (other.cooccurrence_ != counter.cooccurrence_).nnz == 0
    data = skops.io.dumps(counter)
    other = skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))
    assert (other.cooccurrence_ != counter.cooccurrence_).nnz == 0


def test_a_pickle_is_hardly_larger_than_the_vectors(lee):
    vectorizer = GloVeVectorizer(100, max_iter=1).fit(lee)
    arrays = vectorizer.embedding_.nbytes + vectorizer.context_embedding_.nbytes
    assert len(pickle.dumps(vectorizer)) < arrays + 60 * len(vectorizer.vocabulary_)


def test_vectors_and_documents_may_be_read_only(vectorizer, lee):
    expected = vectorizer.fit(lee).transform(lee)
    if isinstance(vectorizer, GloVeVectorizer):
        vectorizer.embedding_ = create_memmap_backed_data(vectorizer.embedding_)
        assert not vectorizer.embedding_.flags.writeable
    else:
        terms, vectors = vectorizer.vectors
        vectorizer.set_params(vectors=(terms, create_memmap_backed_data(vectors))).fit(lee)
    np.testing.assert_array_equal(vectorizer.transform(lee), expected)
    documents = np.array(lee, dtype=object)
    documents.flags.writeable = False
    np.testing.assert_array_equal(vectorizer.fit(documents).transform(documents), expected)


def test_vectors_may_be_memory_mapped(vectorizer, lee, tmp_path):
    expected = vectorizer.fit(lee).transform(lee)
    joblib.dump(vectorizer, tmp_path / "vectorizer")
    np.testing.assert_array_equal(joblib.load(tmp_path / "vectorizer", mmap_mode="r").transform(lee), expected)


def test_set_output_pandas(vectorizer, lee):
    expected = vectorizer.fit_transform(lee)
    frame = vectorizer.set_output(transform="pandas").fit_transform(lee)
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == [f"{type(vectorizer).__name__.lower()}{i}" for i in range(8)]
    np.testing.assert_array_equal(frame.to_numpy(), expected)
    if parse_version(sklearn.__version__) < parse_version("1.9"):
        return  # older versions lost the index of a Series
    series = pd.Series(lee, index=range(1000, 1000 + len(lee)))
    assert vectorizer.fit_transform(series).index.tolist() == series.index.tolist()


def test_pipeline_and_cross_validation(lee):
    labels = np.array([len(document) > np.median([len(d) for d in lee]) for document in lee])
    pipeline = make_pipeline(GloVeVectorizer(16, max_iter=5, random_state=0), LogisticRegression())
    assert pipeline.fit(lee, labels).predict(lee).shape == labels.shape
    assert cross_val_score(pipeline, lee, labels, cv=3).mean() > 0.5
    assert pipeline[:-1].get_feature_names_out().shape == (16,)


def test_grid_search_in_two_processes(lee):
    labels = np.array([len(document) > np.median([len(d) for d in lee]) for document in lee])
    pipeline = Pipeline([("glove", GloVeVectorizer(4, max_iter=1, random_state=0)), ("model", LogisticRegression())])
    grid = {"glove__pooling": ["mean", "sif"], "glove__window_size": [2, 5]}
    scores = [
        GridSearchCV(pipeline, grid, cv=2, n_jobs=n_jobs).fit(lee, labels).cv_results_["mean_test_score"]
        for n_jobs in (1, 2)
    ]
    np.testing.assert_array_equal(*scores)


def test_column_transformer(lee):
    frame = pd.DataFrame({"text": lee, "length": [float(len(document)) for document in lee]})
    transformer = ColumnTransformer(
        [("glove", GloVeVectorizer(4, max_iter=1, random_state=0), "text")], remainder="passthrough"
    )
    assert transformer.fit_transform(frame).shape == (len(lee), 5)
    assert transformer.get_feature_names_out().tolist() == [
        *(f"glove__glovevectorizer{i}" for i in range(4)),
        "remainder__length",
    ]


@pytest.mark.parametrize("columns", ["text", ["text"]], ids=str)
@pytest.mark.parametrize("with_imputer", [False, True])
def test_column_transformer_takes_a_column_or_a_table_of_one(lee, columns, with_imputer):
    expected = GloVeVectorizer(4, max_iter=1, random_state=0).fit_transform([*lee, ""])
    frame = pd.DataFrame({"text": [*lee, None if with_imputer else ""], "length": 0.0})
    vectorizer = GloVeVectorizer(4, max_iter=1, random_state=0)
    if with_imputer:
        columns = ["text"]  # an imputer takes tables only
        imputer = SimpleImputer(strategy="constant", fill_value="", missing_values=None)
        frame["text"] = frame["text"].astype(object).where(frame["text"].notna(), None)
        vectorizer = make_pipeline(imputer, vectorizer)
    transformer = ColumnTransformer([("text", vectorizer, columns)])
    np.testing.assert_array_equal(transformer.fit_transform(frame), expected)
    np.testing.assert_array_equal(transformer.transform(frame[:5]), expected[:5])


def test_feature_union_with_tfidf(lee):
    union = FeatureUnion([("glove", GloVeVectorizer(4, max_iter=1)), ("tfidf", TfidfVectorizer(max_features=6))])
    assert union.fit_transform(lee).shape == (len(lee), 10)
    assert len(union.get_feature_names_out()) == 10


def test_repr_shows_parameters_that_differ_from_the_defaults():
    assert repr(GloVeVectorizer(50, window_size=5)) == "GloVeVectorizer(n_components=50, window_size=5)"
    with config_context(print_changed_only=False):
        assert "alpha=0.75" in repr(GloVeVectorizer())
