"""What notebooks show of estimators."""

import pickle
import re

import numpy as np
import pytest
from sklearn import config_context
from sklearn.linear_model import RidgeClassifier
from sklearn.pipeline import make_pipeline

from glove_sklearn import CooccurrenceCounter, EmbeddingVectorizer, GloVe, GloVeVectorizer
from glove_sklearn._system import sklearn_compat

DOCUMENTS = ["the cat sat on the mat", "the dog sat on the log", "cats and dogs"]
VECTORS = ["cat", "dog"], np.eye(2, 3)
ESTIMATORS = [
    (
        GloVeVectorizer(4, min_count=1, random_state=0),
        DOCUMENTS,
        r"10 words, 4 dimensions, loss [\d.e-]+ after 4 epochs",
    ),
    (GloVe(2, max_iter=1, random_state=0), np.ones((3, 3)), r"3 rows, 2 dimensions, loss [\d.e-]+ after 1 epoch"),
    (CooccurrenceCounter(min_count=1), DOCUMENTS, r"10 words, \d+ nonzero entries"),
    (EmbeddingVectorizer(VECTORS, lowercase=True), ["cat dog"], r"3 dimensions, 100.0% of tokens covered"),
]


def caption_of(estimator):
    """The line below the name of an estimator, or of the first step of a Pipeline."""
    return re.search(r'<div class="caption">(.*?)</div>', estimator._repr_html_())


@pytest.mark.parametrize(("estimator", "X", "expected"), ESTIMATORS, ids=lambda value: type(value).__name__)
def test_notebooks_show_what_was_learnt_once_something_was(estimator, X, expected):
    assert caption_of(estimator) is None
    estimator.fit(X)
    shown = caption_of(estimator)[1]
    assert re.fullmatch(expected + r"(, fitted in [\d.]+ s)?", shown)
    assert ("fitted in" in shown) == hasattr(estimator, "loss_curve_")
    assert "text/html" in estimator._repr_mimebundle_()


def test_a_pipeline_shows_what_its_vectorizer_learnt():
    pipeline = make_pipeline(GloVeVectorizer(4, min_count=1, random_state=0), RidgeClassifier())
    assert caption_of(pipeline.fit(DOCUMENTS, [0, 1, 1]))[1].startswith("10 words, 4 dimensions, loss ")


def test_text_is_shown_where_it_is_asked_for():
    with config_context(display="text"):
        assert not hasattr(GloVe(), "_repr_html_")


@pytest.fixture
def addresses(monkeypatch):
    """Set the addresses in the metadata of the package."""

    def set_addresses(*entries):
        sklearn_compat._documentation.cache_clear()
        monkeypatch.setattr(sklearn_compat, "metadata", lambda name: FakeMetadata(entries))

    class FakeMetadata:
        def __init__(self, entries):
            self.entries = entries

        def get_all(self, name):
            return list(self.entries) if name == "Project-URL" and self.entries else None

    yield set_addresses
    sklearn_compat._documentation.cache_clear()


def test_the_question_mark_leads_to_the_page_of_the_estimator(addresses):
    addresses("Source, https://code.example", "Documentation, https://docs.example/stable/")
    for estimator, _, _ in ESTIMATORS:
        page = f"https://docs.example/stable/api/glove_sklearn.{type(estimator).__name__}.html"
        assert estimator._get_doc_link() == page
        assert f'href="{page}"' in estimator._repr_html_()


def test_without_an_address_there_is_no_question_mark(addresses):
    addresses()
    assert GloVe()._get_doc_link() == ""
    assert "href" not in GloVe()._repr_html_()


def test_subclasses_of_users_do_not_lead_to_our_pages(addresses):
    addresses("Documentation, https://docs.example")
    own = type("Own", (GloVe,), {"__module__": "own"})
    assert own()._get_doc_link() == ""


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.0123, "0.012 s"), (3.21, "3.2 s"), (61, "61 s"), (300, "5.0 min"), (9000, "2.5 h")]
)
def test_times_are_readable(seconds, text):
    assert sklearn_compat._readable_time(seconds) == text


def test_the_time_of_the_fit_is_kept_and_pickled_and_belongs_to_the_last_fit():
    seen = []

    def note(n_iter, loss, snapshot):
        seen.append(hasattr(snapshot(), "fit_time_"))

    vectorizer = GloVeVectorizer(4, min_count=1, random_state=0, warm_start=True).fit(DOCUMENTS)
    assert vectorizer.fit_time_ > 0
    assert pickle.loads(pickle.dumps(vectorizer)).fit_time_ == vectorizer.fit_time_
    glove = GloVe(2, random_state=0, warm_start=True).fit(np.ones((3, 3)))
    assert glove.fit_time_ > 0
    vectorizer.set_params(callback=note).fit(DOCUMENTS)
    glove.set_params(callback=note).fit(np.ones((3, 3)))
    assert set(seen) == {False}
    assert GloVeVectorizer(4, min_count=1).partial_fit(DOCUMENTS).fit_time_ > 0
