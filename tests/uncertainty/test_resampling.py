"""Bootstrap and seeds against fits of GloVeVectorizer on the same documents."""

import numpy as np
import pytest
from scipy.stats import norm
from sklearn.base import clone
from sklearn.utils import check_random_state

from glove_sklearn import GloVeVectorizer
from glove_sklearn._counting import counting, weights
from glove_sklearn.uncertainty import bootstrap, compare_seeds, resampling

PAIRS = [("police", "government"), ("australia", "sydney")]


@pytest.fixture(params=[{}, {"near_size": 2, "sample": 1e-3}], ids=["", "near"])
def vectorizer(request):
    return GloVeVectorizer(8, max_iter=2, random_state=0, **request.param)


def cosine(vectorizer, pair):
    a, b = (vectorizer.embedding_[vectorizer.vocabulary_[word]].astype(float) for word in pair)
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def test_replicates_are_fits_on_documents_drawn_with_replacement(lee, vectorizer):
    estimates = bootstrap(vectorizer, lee, PAIRS, n_replicates=3, random_state=7)
    whole = clone(vectorizer).fit(lee)
    cosines = []
    for seed in check_random_state(7).randint(2**31 - 1, size=3):
        drawn = np.random.RandomState(seed).randint(len(lee), size=len(lee))
        # The vocabulary is that of all documents.
        fitted = clone(vectorizer).set_params(vocabulary=list(whole.vocabulary_)).fit([lee[index] for index in drawn])
        cosines.append([cosine(fitted, pair) for pair in PAIRS])
    for index, (pair, row) in enumerate(zip(PAIRS, estimates, strict=True)):
        assert row.name == " ".join(pair)
        assert row.value == pytest.approx(cosine(whole, pair))
        assert row.standard_error == pytest.approx(np.std([line[index] for line in cosines], ddof=1))
        margin = norm.ppf(0.975) * row.standard_error / (1 - row.value**2)
        z = np.arctanh(row.value)
        assert (row.low, row.high) == pytest.approx((np.tanh(z - margin), np.tanh(z + margin)))
        assert np.isnan(row.p_value)


def test_every_replicate_has_the_near_contexts_of_all_documents(lee, monkeypatch):
    vectorizer = GloVeVectorizer(8, max_iter=2, random_state=0)
    monkeypatch.setattr(weights, "_MIN_WORDS_FOR_NEAR", int(clone(vectorizer).fit(lee).counts_.sum()))
    of_auto = bootstrap(vectorizer, lee, PAIRS, n_replicates=6, random_state=0)
    of_two = bootstrap(clone(vectorizer).set_params(near_size=2), lee, PAIRS, n_replicates=6, random_state=0)
    assert [row.standard_error for row in of_auto] == [row.standard_error for row in of_two]


def test_functions_may_be_asked(lee, vectorizer):
    def difference(words):
        def of(word):
            return words.vectors[words.terms.index(word)]

        return np.linalg.norm(of("police")) - np.linalg.norm(of("sydney"))

    estimates = bootstrap(vectorizer, lee, difference, n_replicates=3, random_state=0, test=True)
    assert len(estimates) == 1
    assert 0 <= estimates[0].p_value <= 1
    assert estimates[0].value == pytest.approx(difference_of(vectorizer.fit(lee)), rel=1e-5)


def difference_of(vectorizer):
    police, sydney = (vectorizer.embedding_[vectorizer.vocabulary_[word]] for word in ("police", "sydney"))
    return np.linalg.norm(police) - np.linalg.norm(sydney)


@pytest.mark.parametrize("options", [{"n_jobs": 2}, {"memory_limit": "30MB"}])
def test_bootstrap_does_not_depend_on_threads_and_memory(lee, vectorizer, options):
    expected = bootstrap(vectorizer, lee, PAIRS, n_replicates=2, random_state=0)
    assert bootstrap(vectorizer, lee, PAIRS, n_replicates=2, random_state=0, **options).rows == expected.rows


def test_interrupted_bootstrap_resumes(lee, vectorizer, tmp_path):
    options = {"n_replicates": 4, "random_state": 0}
    expected = bootstrap(vectorizer, lee, PAIRS, **options)
    path = tmp_path / "replicates.json"
    calls = []

    def stop(words):
        calls.append(words)
        if len(calls) == 3:
            raise KeyboardInterrupt
        units = words.vectors.astype(float)
        rows = [[words.terms.index(word) for word in pair] for pair in PAIRS]
        return [units[a] @ units[b] / np.linalg.norm(units[a]) / np.linalg.norm(units[b]) for a, b in rows]

    with pytest.raises(KeyboardInterrupt):
        bootstrap(vectorizer, lee, stop, checkpoint=path, **options)
    assert len(calls) == 3
    resumed = bootstrap(vectorizer, lee, stop, checkpoint=path, **options)
    assert len(calls) == 6
    for found, row in zip(resumed, expected, strict=True):
        assert found.standard_error == pytest.approx(row.standard_error)
    again = bootstrap(vectorizer, lee, stop, checkpoint=path, **options)
    assert len(calls) == 6
    assert again.rows == resumed.rows


def test_checkpoints_of_other_runs_are_refused(lee, vectorizer, tmp_path):
    path = tmp_path / "replicates.json"
    bootstrap(vectorizer, lee, PAIRS, n_replicates=2, random_state=0, checkpoint=path)
    for documents, pairs, changed, name in (
        (lee[1:], PAIRS, {}, "documents"),
        (lee, PAIRS[:1], {}, "names"),
        (lee, PAIRS, {"alpha": 0.5}, "alpha"),
        (lee, PAIRS, {"window_size": 3}, "window_size"),
        (lee, PAIRS, {"near_size": 1}, "near_size"),
        (lee, PAIRS, {"postprocess": None}, "postprocess"),
    ):
        with pytest.raises(ValueError, match=f"is of another run: .*{name}.* differ"):
            bootstrap(
                clone(vectorizer).set_params(**changed),
                documents,
                pairs,
                n_replicates=2,
                random_state=0,
                checkpoint=path,
            )
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="is not a file of replicates"):
        bootstrap(vectorizer, lee, PAIRS, n_replicates=2, random_state=0, checkpoint=path)


def test_words_that_replicates_lack_are_counted(lee):
    documents = [*lee[:50], "zzyzx sydney police zzyzx"]
    vectorizer = GloVeVectorizer(4, min_count=1, max_iter=1, random_state=0)
    estimates = bootstrap(
        vectorizer, documents, [("zzyzx", "police"), ("the", "police")], n_replicates=8, random_state=0
    )
    (note,) = estimates.notes
    assert note.startswith("zzyzx police: a word does not occur in ")
    assert np.isfinite(estimates["the police"].standard_error)


def test_seeds_are_fits_with_these_seeds(lee, vectorizer):
    found = compare_seeds(vectorizer, lee, pairs=PAIRS, words=["police", "sydney"], topn=5, seeds=(3, 4, 5))
    fits = [clone(vectorizer).set_params(random_state=seed).fit(lee) for seed in (3, 4, 5)]
    for pair, row in zip(PAIRS, found.similarities, strict=True):
        cosines = [cosine(fit, pair) for fit in fits]
        assert row.value == pytest.approx(np.mean(cosines))
        assert row.standard_error == pytest.approx(np.std(cosines, ddof=1))
    for word, row in zip(("police", "sydney"), found.overlaps, strict=True):
        sets = []
        for fit in fits:
            units = fit.embedding_ / np.linalg.norm(fit.embedding_, axis=1, keepdims=True)
            scores = units @ units[fit.vocabulary_[word]]
            sets.append(set(np.argsort(-scores)[1:6]))
        shares = [len(a & b) / len(a | b) for a, b in ((sets[0], sets[1]), (sets[0], sets[2]), (sets[1], sets[2]))]
        assert row.value == pytest.approx(np.mean(shares))
        assert (row.low, row.high) == (min(shares), max(shares))
    assert "over 3 seeds" in str(found)
    assert "overlap of 5 neighbours" in str(found)


@pytest.mark.parametrize("options", [{"n_jobs": 2}, {"memory_limit": "30MB"}])
def test_seeds_do_not_depend_on_threads_and_memory(lee, vectorizer, options):
    expected, found = (
        compare_seeds(vectorizer, lee, pairs=PAIRS, words=["police"], seeds=(0, 1), **some) for some in ({}, options)
    )
    assert found == expected


def test_documents_are_counted_once_for_all_seeds(lee, vectorizer, monkeypatch, tmp_path):
    calls = []

    def count_tokens(*arguments):
        calls.append(arguments)
        return counting.count_tokens(*arguments)

    monkeypatch.setattr(resampling, "count_tokens", count_tokens)
    options = {"pairs": PAIRS, "seeds": (0, 1, 2), "checkpoint": tmp_path / "seeds.json"}
    compare_seeds(vectorizer, lee, **options)
    assert len(calls) == 1
    compare_seeds(vectorizer, lee, **options)
    assert len(calls) == 1  # the checkpoint has all fits


def test_estimator_is_not_changed(lee, vectorizer):
    before = dict(vectorizer.__dict__)
    bootstrap(vectorizer, lee, PAIRS, n_replicates=2, random_state=0)
    compare_seeds(vectorizer, lee, pairs=PAIRS, seeds=(0, 1))
    assert vectorizer.__dict__ == before


def test_errors_of_arguments(lee, vectorizer):
    with pytest.raises(ValueError, match="n_replicates must be at least 2, got 1"):
        bootstrap(vectorizer, lee, PAIRS, n_replicates=1)
    with pytest.raises(ValueError, match="but init has vectors"):
        bootstrap(clone(vectorizer).set_params(init=(["police"], np.ones((1, 8)))), lee, PAIRS)
    with pytest.raises(ValueError, match="level must be between 0 and 1, got 95"):
        bootstrap(vectorizer, lee, PAIRS, level=95)
    with pytest.raises(ValueError, match="'zzyzx' is not in the vocabulary"):
        bootstrap(vectorizer, lee, [("zzyzx", "police")])
    with pytest.raises(ValueError, match="'zzyzx' is not in the vocabulary"):
        compare_seeds(vectorizer, lee, words=["zzyzx"])
    with pytest.raises(ValueError, match=r"'polize' is not in the vocabulary of the documents; perhaps: police"):
        bootstrap(vectorizer, lee, [("polize", "police")])
    for pairs in ("police", ("police", "minister"), [("police", "minister", "man")], [1, 2], [{"police", "man"}]):
        with pytest.raises(ValueError, match="pairs must be a list of pairs of words"):
            bootstrap(vectorizer, lee, pairs)
    for pairs in ((), iter(())):
        with pytest.raises(ValueError, match="expected at least one pair of words"):
            bootstrap(vectorizer, lee, pairs)
    for seeds in ((1,), 3, "01", iter([1, 2])):
        with pytest.raises(ValueError, match="seeds must be a sequence of at least two"):
            compare_seeds(vectorizer, lee, words=["police"], seeds=seeds)
