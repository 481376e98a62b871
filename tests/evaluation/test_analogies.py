"""Scores are gensim's where both define the same score, and those of a slow version everywhere."""

import math
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.exceptions import NotFittedError

from glove_sklearn import GloVeVectorizer
from glove_sklearn.evaluation import analogies, evaluate_analogies, evaluate_similarities
from tests.evaluation.shared import TERMS, VECTORS, by_us, google, unit

METHODS = ["3CosAdd", "3CosMul"]


# A slow version


def score(x, a, b, c, method):
    a, b, c = (round(float(unit(x) @ unit(other)), 10) for other in (a, b, c))
    if method == "3CosAdd":
        return b - a + c
    return ((1 + b) / 2) * ((1 + c) / 2) / ((1 + a) / 2 + 1e-6)


def answer(terms, vectors, question, method):
    """The word that answers, in upper case, or None; of those with the same score the first."""
    upper = [term.upper() for term in terms]
    question = [word.upper() for word in question]
    a, b, c = (vectors[upper.index(word)] for word in question)
    if not (a.any() and b.any() and c.any()):
        return None
    words = [(word, x) for word, x in zip(upper, vectors, strict=True) if word not in question and x.any()]
    return max(words, key=lambda word: score(word[1], a, b, c, method), default=[None])[0]


@st.composite
def vocabularies(draw):
    """Words that differ in case alone, vectors that are equal, opposite or zero: all of it often."""
    terms = draw(st.lists(st.sampled_from("aAbBcdDefgGh"), min_size=1, max_size=12, unique=True))
    d = draw(st.integers(1, 3))
    rows = st.lists(st.integers(-3, 3), min_size=d, max_size=d)
    return terms, np.array([draw(rows) for _ in terms], dtype=np.float32)


@given(vocabularies(), st.data(), st.sampled_from(METHODS), st.sampled_from([1, 2, 5, 1024]))
def test_the_answer_is_that_of_the_slow_version(tmp_path_factory, vocabulary, data, method, slab):
    terms, vectors = vocabulary
    questions = data.draw(st.lists(st.lists(st.sampled_from(terms), min_size=3, max_size=3), min_size=1, max_size=8))
    # Each question is asked once with each word as its answer: the one that is counted is the answer found.
    keys = sorted({term.upper() for term in terms})
    path = tmp_path_factory.mktemp("questions") / "questions.txt"
    lines = [f": {place} {key}\n{' '.join(asked)} {key}\n" for place, asked in enumerate(questions) for key in keys]
    path.write_text("".join(lines), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analogies, "SLAB", slab)
        patch.setattr(analogies, "_QUESTIONS_TOGETHER", slab)
        scores = evaluate_analogies((terms, vectors), path, method=method)
    assert scores.coverage == 1
    for place, asked in enumerate(questions):
        found = [key for key in keys if scores[f"{place} {key}"].n_correct]
        expected = answer(terms, vectors, asked, method)
        assert found == ([] if expected is None else [expected])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["random", "tied", "all the same"])
def test_answers_do_not_depend_on_how_the_vocabulary_is_cut(method, kind, monkeypatch, seed):
    rng = np.random.RandomState(seed)
    if kind == "random":
        vectors = rng.standard_normal((1000, 50)).astype(np.float32)
    elif kind == "tied":
        vectors = rng.randint(-3, 4, size=(1000, 3)).astype(np.float32)
    else:
        vectors = np.full((1000, 50), 0.1, dtype=np.float32)
    triples = rng.randint(0, 100, size=(300, 3))
    excluded = np.column_stack([np.repeat(np.arange(300), 3), triples.ravel()])
    answers = []
    for slab, at_once in [(1024, 256), (1, 300), (37, 100), (256, 13), (999, 1)]:
        monkeypatch.setattr(analogies, "SLAB", slab)
        monkeypatch.setattr(analogies, "_QUESTIONS_TOGETHER", at_once)
        answers.append(analogies._answers(vectors, triples, excluded, analogies._METHODS[method]))
    for others in answers[1:]:
        np.testing.assert_array_equal(answers[0], others)
    if kind == "all the same":
        expected = [min({0, 1, 2, 3} - set(triple)) for triple in triples.tolist()]
        np.testing.assert_array_equal(answers[0], expected)


# gensim


def by_gensim(vectors, questions, method="3CosAdd", restrict_vocab=300_000, **settings):
    """Share of correct answers, and for each section its name and the numbers of correct answers and of questions asked."""
    from gensim.models import KeyedVectors

    class Multiplying(KeyedVectors):
        """Answers with most_similar_cosmul, which gensim has, but does not evaluate."""

        def most_similar(self, positive, negative, topn, restrict_vocab):
            return self.most_similar_cosmul(positive, negative, topn)

    if method == "3CosMul":
        multiplying = Multiplying(vectors.vector_size)
        # most_similar_cosmul does not heed restrict_vocab.
        multiplying.add_vectors(vectors.index_to_key[:restrict_vocab], vectors.vectors[:restrict_vocab])
        vectors = multiplying
    share, sections = vectors.evaluate_word_analogies(str(questions), restrict_vocab=restrict_vocab, **settings)
    counts = [(len(section["correct"]), len(section["correct"] + section["incorrect"])) for section in sections]
    return share, [(section["section"], *count) for section, count in zip(sections[:-1], counts, strict=False)]


of_gensim = pytest.mark.filterwarnings(
    # 2026-11: gensim 4.4's most_similar_cosmul calls a method that gensim deprecates.
    "ignore:Call to deprecated `init_sims`:DeprecationWarning",
    # It divides by the length of zero vectors.
    "ignore:invalid value encountered:RuntimeWarning",
)


@of_gensim
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("restrict_vocab", [100, 1500, 300_000])
@pytest.mark.parametrize("case_insensitive", [True, False])
@pytest.mark.parametrize("lowercase", [True, False])
def test_analogies_are_gensims(vectorizers, lowercase, case_insensitive, restrict_vocab, method):
    settings = {"method": method, "restrict_vocab": restrict_vocab, "case_insensitive": case_insensitive}
    vectors = vectorizers[lowercase].to_keyed_vectors()
    scores = evaluate_analogies(vectorizers[lowercase], **settings)
    assert by_us(scores) == by_gensim(vectors, google(), **settings)
    assert scores.total.n_questions == 19544
    assert scores == evaluate_analogies(vectors, **settings)


def test_the_accuracy_of_all_is_that_of_dummy4unknown(vectorizers):
    vectors = vectorizers[True].to_keyed_vectors()
    scores = evaluate_analogies(vectors)
    share, sections = by_gensim(vectors, google(), dummy4unknown=True)
    assert share > 0
    assert scores.accuracy_of_all == share
    assert [section.accuracy_of_all for section in scores.sections] == [correct / n for _, correct, n in sections]


@of_gensim
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case_insensitive", [True, False])
def test_analogies_are_gensims_where_words_come_in_several_cases(in_many_cases, write, case_insensitive, method):
    lines = Path(google()).read_text(encoding="utf-8").splitlines()
    path = write("\n".join(line for place, line in enumerate(lines) if place % 20 == 0 or line[0] == ":"))
    settings = {"method": method, "case_insensitive": case_insensitive}
    share, sections = by_us(evaluate_analogies(in_many_cases, path, **settings))
    assert share > 0
    assert (share, sections) == by_gensim(in_many_cases, path, **settings)


@of_gensim
@pytest.mark.parametrize("method", METHODS)
def test_repeated_words_in_questions_as_in_gensim(in_many_cases, write, method):
    words = [word for word in in_many_cases.index_to_key if word.islower() and "filler" not in word][:12]
    # a a b, a b a, b a a, and answers that are words of the question.
    questions = [(a, a, b, c) for a in words for b in words for c in words[:4]]
    questions += [(a, b, a, c) for a in words for b in words for c in words[:4]]
    questions += [(a, b, b, b) for a in words for b in words]
    path = write(": repeated\n" + "\n".join(map(" ".join, questions)))
    assert by_us(evaluate_analogies(in_many_cases, path, method=method)) == by_gensim(in_many_cases, path, method)


def test_words_of_the_question_in_another_case_are_passed_over_however_many(write):
    # gensim looks at the five best words only, which are "king" in five other cases.
    cases = ["king", "KING", "King", "kING", "KIng", "kINg"]
    vectors = np.array([[1, 0, 0], [1, 1, 0], *[[1, 0.9, 1]] * 6, [1, 1, 0.2]])
    scores = evaluate_analogies((["man", "woman", *cases, "queen"], vectors), write(": family\nman woman king queen"))
    assert scores.accuracy == 1


def test_without_gensim_the_error_says_what_to_do(monkeypatch, write):
    monkeypatch.setitem(sys.modules, "gensim.test.utils", None)
    with pytest.raises(
        ImportError, match=r"questions-words\.txt comes with gensim, .*pip install gensim, or give the path"
    ):
        evaluate_analogies((TERMS, VECTORS))
    with pytest.raises(ImportError, match=r"wordsim353\.tsv comes with gensim"):
        evaluate_similarities((TERMS, VECTORS))
    assert evaluate_analogies((TERMS, VECTORS), write("man woman king queen")).accuracy == 1


# Vectors


def test_vectors_may_come_in_many_ways(write):
    questions = write(": family\nman woman king queen\nman king woman queen\nMan woman apple king")
    expected = evaluate_analogies((TERMS, VECTORS), questions)
    assert (expected.total.n_correct, expected.total.n_asked) == (2, 3)
    keyed = SimpleNamespace(index_to_key=TERMS, vectors=VECTORS)
    for vectors in [
        (tuple(TERMS), VECTORS.tolist()),
        [np.array(TERMS), np.asfortranarray(VECTORS)],
        (dict.fromkeys(TERMS), VECTORS.astype(np.float64) * 1e200),
        (TERMS, VECTORS.astype(np.float16)),
        (TERMS, VECTORS.astype(int)),
        (TERMS, VECTORS * np.float32(1e-40)),
        keyed,
        SimpleNamespace(wv=keyed),
    ]:
        assert evaluate_analogies(vectors, questions) == expected


@pytest.mark.filterwarnings("ignore:.* for both words, of:UserWarning")
def test_a_vectorizer_gives_its_most_frequent_words_first(write):
    vectorizer = GloVeVectorizer(2, vocabulary=["rare", "often", "always"], max_iter=1, random_state=0)
    vectorizer.fit(["always always often", "rare always often"])
    pairs = write("often\talways\t2\nrare\toften\t1\nrare\talways\t1\n")
    assert [evaluate_similarities(vectorizer, pairs, restrict_vocab=n).sets[0].n_known for n in (1, 2, 3)] == [0, 1, 3]
    row = vectorizer.vocabulary_
    e = vectorizer.embedding_
    cosines = [
        unit(e[row[a]]) @ unit(e[row[b]]) for a, b in [("often", "always"), ("rare", "often"), ("rare", "always")]
    ]
    found = evaluate_similarities(vectorizer, pairs).sets[0].pearson
    assert found == pytest.approx(stats.pearsonr([2, 1, 1], cosines)[0])
    with pytest.raises(NotFittedError):
        evaluate_similarities(GloVeVectorizer(), pairs)


def test_only_the_most_frequent_words_are_known(write):
    questions = write(": family\nman woman king queen")
    assert evaluate_analogies((TERMS, VECTORS), questions, restrict_vocab=3).coverage == 0
    assert evaluate_analogies((TERMS, VECTORS), questions, restrict_vocab=4).coverage == 1
    assert evaluate_analogies((TERMS, VECTORS), questions, restrict_vocab=None).coverage == 1
    # And only they answer: "better", the sum itself, comes too late.
    terms, vectors = [*TERMS, "better"], np.vstack([VECTORS, [[0, 0, 0]]])
    vectors[-1] = unit([1, 1, 0]) - unit([1, 0, 0]) + unit([1, 0, 1])
    assert evaluate_analogies((terms, vectors), questions).accuracy == 0
    assert evaluate_analogies((terms, vectors), questions, restrict_vocab=5).accuracy == 1


@pytest.mark.parametrize(
    ("terms", "vectors"), [([], np.empty((0, 3))), (["man"], [[1, 2]]), (["man", "woman", "king"], VECTORS[:3])]
)
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.filterwarnings("ignore:.* for both words, of:UserWarning")
def test_tiny_vocabularies_answer_nothing(write, terms, vectors, method):
    questions = write(": family\nman woman king man\nman man man man\n")
    scores = evaluate_analogies((terms, vectors), questions, method=method)
    assert scores.total.n_correct == 0
    assert scores.total.n_asked == [0, 1, 1, 2][len(terms)]
    score = evaluate_similarities((terms, vectors), write("man\twoman\t1\n")).sets[0]
    assert math.isnan(score.spearman)


@pytest.mark.parametrize(
    ("vectors", "error", "message"),
    [
        (
            VECTORS,
            TypeError,
            "a gensim KeyedVectors, a fitted GloVeVectorizer, WordVectors, .* or a tuple .* got ndarray",
        ),
        (None, TypeError, "got NoneType"),
        ("vectors.txt", TypeError, "got str"),
        (("man", VECTORS), TypeError, "must be a list of str, got 'man'"),
        ((5, VECTORS), TypeError, "must be a list of str, got 5"),
        ((["man", 7.5, "king", "queen", "apple"], VECTORS), TypeError, "the one at index 1 is 7.5"),
        ((TERMS[:2], VECTORS), ValueError, "2 words and 5 vectors"),
        ((TERMS, VECTORS[0]), ValueError, r"shape \(n_words, d\).* got shape \(3,\)"),
        ((TERMS, VECTORS[:, :0]), ValueError, r"d at least 1, got shape \(5, 0\)"),
        ((TERMS, VECTORS.astype(str)), TypeError, "real numbers, got dtype <U"),
        ((TERMS, VECTORS * 1j), TypeError, "real numbers, got dtype complex"),
        ((TERMS, np.where(VECTORS < 0, np.nan, VECTORS)), ValueError, "vector of 'apple' has NaN or infinity"),
        ((TERMS, np.where(VECTORS < 0, np.inf, VECTORS)), ValueError, "vector of 'apple' has NaN or infinity"),
    ],
)
def test_vectors_that_are_none(write, vectors, error, message):
    with pytest.raises(error, match=message):
        evaluate_analogies(vectors, write("man woman king queen"))
    with pytest.raises(error, match=message):
        evaluate_similarities(vectors, write("man woman 3"))


@pytest.mark.parametrize("restrict_vocab", [0, -5, 3e5, "all", True])
def test_restrict_vocab_that_is_none(write, restrict_vocab):
    with pytest.raises(ValueError, match="restrict_vocab must be a positive integer or None, got"):
        evaluate_analogies((TERMS, VECTORS), write("man woman king queen"), restrict_vocab=restrict_vocab)


@pytest.mark.parametrize("method", ["foo", "3cosadd", None, ["3CosAdd"]])
def test_methods_that_are_none(write, method):
    with pytest.raises(ValueError, match=r"method must be one of '3CosAdd', '3CosMul', got"):
        evaluate_analogies((TERMS, VECTORS), write("man woman king queen"), method=method)


# Files of analogies


def test_questions_out_of_vocabulary_have_no_score(write):
    scores = evaluate_analogies((TERMS, VECTORS), write("sun moon day night"))
    assert (scores.coverage, scores.total.n_questions) == (0, 1)
    assert math.isnan(scores.accuracy)
    assert scores.accuracy_of_all == 0


# Files of pairs


# Results
