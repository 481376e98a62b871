"""Words that were not there: `GloVeVectorizer.infer_vectors`."""

import io
import pickle
import re

import numpy as np
import pytest
import skops.io
from sklearn.exceptions import NotFittedError

from glove_sklearn import CooccurrenceCounter, GloVeVectorizer
from glove_sklearn._embedding.inference import infer
from glove_sklearn._system.threads import ThreadTeam

pytest.importorskip("gensim")


@pytest.fixture(scope="module")
def vectorizer(lee):
    return GloVeVectorizer(30, random_state=0, max_features=1500).fit(lee)


def copied(vectorizer):
    return pickle.loads(pickle.dumps(vectorizer))


def test_a_hidden_word_is_found_from_its_contexts(lee):
    """The trained vector of a word is among the 1 % that are nearest to the one inferred for the same word under another name."""
    vectorizer = GloVeVectorizer(30, random_state=0).fit(lee)
    hidden = set(list(vectorizer.vocabulary_)[150:200])
    tokens = [re.findall(r"\w+", document.lower()) for document in lee]
    renamed = [" ".join(f"{token}_" if token in hidden else token for token in some) for some in tokens]
    inferred = vectorizer.infer_vectors(renamed, [f"{word}_" for word in hidden])
    keyed_vectors = vectorizer.to_keyed_vectors()
    is_near = []
    for word in inferred.index_to_key:
        cosines = keyed_vectors.similar_by_vector(inferred[word], topn=None)
        is_near.append(cosines[keyed_vectors.key_to_index[word[:-1]]] >= np.quantile(cosines, 0.99))
    assert np.mean(is_near) > 0.8


def test_contexts_are_those_of_a_vocabulary_with_the_new_words(vectorizer, lee):
    known = list(vectorizer.vocabulary_)
    counter = CooccurrenceCounter(vocabulary=[*known, "spencer", "squad"]).fit(lee)
    rows = counter.cooccurrence_[len(known) :, : len(known)].tocsr()
    contexts = [(row.indices.astype(np.int32), row.data) for row in (rows[[0]], rows[[1]])]
    with ThreadTeam(1) as team:
        expected = infer(contexts, vectorizer.embedding_, vectorizer.counts_, team)
    inferred = vectorizer.infer_vectors(lee, ["squad", "spencer"])
    np.testing.assert_array_equal([inferred["spencer"], inferred["squad"]], expected)
    assert inferred.get_vecattr("spencer", "count") == counter.counts_[-2]


def test_all_new_words_that_are_frequent_enough_by_falling_count(vectorizer, lee):
    inferred = vectorizer.infer_vectors(iter(lee), min_count=4)
    counts = [inferred.get_vecattr(word, "count") for word in inferred.index_to_key]
    assert counts == sorted(counts, reverse=True)
    everything = CooccurrenceCounter(min_count=4).fit(lee).vocabulary_
    assert set(inferred.index_to_key) == everything.keys() - vectorizer.vocabulary_.keys()


def test_the_parameters_of_the_last_fit_count(vectorizer, lee):
    expected = vectorizer.infer_vectors(lee, min_count=4)
    changed = copied(vectorizer).set_params(window_size=1, weighting="flat", lowercase=False, n_jobs=2)
    found = changed.infer_vectors(lee, min_count=4)
    assert found.index_to_key == expected.index_to_key
    np.testing.assert_array_equal(found.vectors, expected.vectors)


def test_documents_may_be_files():
    documents = ["a b a c b a", "b a c a"]
    vectorizer = GloVeVectorizer(2, min_count=1, input="file", random_state=0).fit(map(io.StringIO, documents))
    inferred = vectorizer.infer_vectors([io.StringIO("a b new c")])
    assert inferred.index_to_key == ["new"]


@pytest.mark.parametrize(
    "parameters", [{}, {"pooling": "idf"}, {"pooling": "sif"}, {"combine": "concat"}, {"warm_start": True}], ids=str
)
def test_extended_vectorizers_know_the_words(lee, parameters):
    vectorizer = GloVeVectorizer(8, random_state=0, max_features=500, **parameters).fit(lee)
    before = copied(vectorizer)
    inferred = vectorizer.infer_vectors(lee, min_count=10)
    assert vectorizer.vocabulary_ == before.vocabulary_
    assert vectorizer.infer_vectors(lee, min_count=10, extend=True) is vectorizer
    keyed_vectors = vectorizer.to_keyed_vectors()
    for word in inferred.index_to_key:
        np.testing.assert_array_equal(keyed_vectors[word], inferred[word])
    text = [" ".join(inferred.index_to_key[:3])]
    assert not before.transform(text).any()
    assert vectorizer.transform(text).any()
    known = [" ".join(list(before.vocabulary_)[:50])]
    np.testing.assert_array_equal(vectorizer.transform(known), before.transform(known))
    assert vectorizer.context_embedding_.shape[0] == len(vectorizer.vocabulary_)
    data = skops.io.dumps(vectorizer)
    for other in (copied(vectorizer), skops.io.loads(data, trusted=skops.io.get_untrusted_types(data=data))):
        np.testing.assert_array_equal(other.transform(lee), vectorizer.transform(lee))


@pytest.mark.parametrize(("near_size", "n_contexts"), [(0, 1), (2, 3)])
@pytest.mark.parametrize("again", ["fit", "partial_fit"])
def test_a_later_fit_trains_the_new_words(lee, again, near_size, n_contexts):
    vectorizer = GloVeVectorizer(8, near_size=near_size, random_state=0, max_features=500, warm_start=again == "fit")
    known = getattr(vectorizer, again)(lee).context_vectors_.reshape(n_contexts, 500, 8)
    vectorizer.infer_vectors(lee, min_count=10, extend=True)
    np.testing.assert_array_equal(vectorizer.context_vectors_.reshape(n_contexts, -1, 8)[:, :500], known)
    getattr(vectorizer.set_params(max_features=600), again)(lee)
    assert len(vectorizer.vocabulary_) == 600
    assert np.isfinite(vectorizer.embedding_).all()
    assert vectorizer.context_vectors_.any(axis=1).all()


@pytest.mark.parametrize(
    ("documents", "arguments", "message"),
    [
        (["the cat"], {"words": ["the"]}, "words must not be in the vocabulary yet, but 'the' is"),
        (["the cat"], {"words": ["dog"]}, "'dog' does not occur in the documents"),
        (["zzz yyy", "the of"], {"words": ["zzz"]}, "'zzz' has no neighbour that the vocabulary knows"),
        (["zzz yyy", "the of"], {}, "no new word has a neighbour that the vocabulary knows"),
        (["the zzz"], {"min_count": 2}, "the vocabulary has all words that occur at least min_count=2 times"),
        (["the of"], {}, "no new words"),
        (["the zzz"], {"words": "zzz"}, r"words must be a list of str, got the str 'zzz'; write \['zzz'\]"),
        (["the zzz"], {"words": []}, "words is empty"),
        (["the zzz"], {"min_count": 0}, "min_count must be an integer of at least 1, got 0"),
        (["the zzz"], {"min_count": 1.5}, r"min_count must be an integer of at least 1, got 1\.5"),
        (["the zzz"], {"min_count": "2"}, "min_count must be an integer of at least 1, got '2'"),
        ("the zzz", {}, "Iterable over raw text documents expected"),
        ([], {}, "no documents"),
    ],
)
def test_what_cannot_be_inferred_is_refused_and_changes_nothing(vectorizer, documents, arguments, message):
    before = dict(vars(vectorizer))
    with pytest.raises(ValueError, match=message):
        vectorizer.infer_vectors(documents, **arguments, extend=True)
    assert all(vars(vectorizer)[name] is value for name, value in before.items())


def test_an_unfitted_vectorizer_is_refused():
    with pytest.raises(NotFittedError):
        GloVeVectorizer().infer_vectors(["a b"])
