"""Scores are gensim's where both define the same score, and those of a slow version everywhere."""

import gzip
import math
import pickle
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.exceptions import NotFittedError

from glove_sklearn import GloVeVectorizer, evaluation
from glove_sklearn.evaluation import evaluate_analogies, evaluate_similarities

METHODS = ["3CosAdd", "3CosMul"]

TERMS = ["man", "woman", "king", "queen", "apple"]
VECTORS = np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1], [-1, 0, 0]], dtype=np.float32)


@pytest.fixture
def write(tmp_path):
    """Writes a file, and gives its path."""

    def write(text, name="file.txt", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write


# A slow version


def unit(vector):
    vector = np.asarray(vector, dtype=np.float64)
    return vector / np.linalg.norm(vector)


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
        patch.setattr(evaluation, "_SLAB", slab)
        patch.setattr(evaluation, "_AT_ONCE", slab)
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
        monkeypatch.setattr(evaluation, "_SLAB", slab)
        monkeypatch.setattr(evaluation, "_AT_ONCE", at_once)
        answers.append(evaluation._answers(vectors, triples, excluded, evaluation._METHODS[method]))
    for others in answers[1:]:
        np.testing.assert_array_equal(answers[0], others)
    if kind == "all the same":
        expected = [min({0, 1, 2, 3} - set(triple)) for triple in triples.tolist()]
        np.testing.assert_array_equal(answers[0], expected)


# gensim


@pytest.fixture(scope="module")
def vectorizers(lee):
    """Vectors of news: in lower case, and with words in several cases."""
    pytest.importorskip("gensim")
    return {
        lowercase: GloVeVectorizer(30, lowercase=lowercase, min_count=2, max_iter=10, random_state=0).fit(lee)
        for lowercase in (True, False)
    }


@pytest.fixture(scope="module")
def in_many_cases():
    """Words that Google's questions ask about, in three cases, with near vectors; some vectors are zero."""
    pytest.importorskip("gensim")
    from gensim.models import KeyedVectors

    rng = np.random.RandomState(0)
    meanings = {}
    for line in Path(google()).read_text(encoding="utf-8").splitlines()[::40]:
        if line[0] == ":":
            continue
        a, b, c, d = line.split()
        # The second word of a pair is the first and a step that depends on its length: some answers are right.
        for first, second in ((a, b), (c, d)):
            meanings.setdefault(first, rng.standard_normal(6))
            meanings.setdefault(second, meanings[first] + np.eye(6)[len(second) % 6])
    vectors = {f"filler{i}": np.zeros(6) for i in range(20)}
    for word in rng.permutation(list(meanings)):
        for form in rng.permutation([word, word.upper(), word.lower()]):
            vectors.setdefault(str(form), rng.uniform(0.5, 2) * (meanings[word] + 0.1 * rng.standard_normal(6)))
    keyed = KeyedVectors(6)
    keyed.add_vectors(list(vectors), np.array(list(vectors.values()), dtype=np.float32))
    return keyed


def google():
    from gensim.test.utils import datapath

    return datapath("questions-words.txt")


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


def by_us(scores):
    share = scores.accuracy if scores.total.n_asked else 0  # gensim's score of no questions
    return share, [(section.name, section.n_correct, section.n_asked) for section in scores.sections]


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


@pytest.mark.parametrize("restrict_vocab", [1500, 300_000])
@pytest.mark.parametrize("case_insensitive", [True, False])
@pytest.mark.parametrize("lowercase", [True, False])
def test_similarities_are_gensims(vectorizers, lowercase, case_insensitive, restrict_vocab):
    from gensim.test.utils import datapath

    settings = {"restrict_vocab": restrict_vocab, "case_insensitive": case_insensitive}
    scores = evaluate_similarities(vectorizers[lowercase], **settings)
    assert [score.name for score in scores.sets] == ["wordsim353", "simlex999"]
    assert [score.n_pairs for score in scores.sets] == [353, 999]
    vectors = vectorizers[lowercase].to_keyed_vectors()
    for score, name in zip(scores.sets, ("wordsim353.tsv", "simlex999.txt"), strict=True):
        pearson, spearman, unknown = vectors.evaluate_word_pairs(datapath(name), **settings)
        assert 100 * (1 - score.coverage) == pytest.approx(unknown)
        # gensim's cosines are float32, and nearly equal ones may change places.
        assert score.pearson == pytest.approx(pearson[0], abs=1e-6)
        assert score.pearson_pvalue == pytest.approx(pearson[1], abs=1e-5)
        assert score.spearman == pytest.approx(spearman[0], abs=1e-5)
        assert score.spearman_pvalue == pytest.approx(spearman[1], abs=1e-4)


def test_cosines_with_zero_vectors_are_zero_as_in_gensim(write):
    gensim_models = pytest.importorskip("gensim.models")
    vectors = VECTORS.copy()
    vectors[1] = 0
    keyed = gensim_models.KeyedVectors(3)
    keyed.add_vectors(TERMS, vectors)
    path = write("man\tking\t5\nman\twoman\t1\nking\tqueen\t4\nqueen\tapple\t0\n")
    pearson, spearman, _ = keyed.evaluate_word_pairs(path)
    (score,) = evaluate_similarities(keyed, path).sets
    assert score.pearson == pytest.approx(pearson[0])
    assert score.spearman == pytest.approx(spearman[0])


def test_words_of_the_question_in_another_case_are_passed_over_however_many(write):
    # gensim looks at the five best words only, which are "king" in five other cases.
    cases = ["king", "KING", "King", "kING", "KIng", "kINg"]
    vectors = np.array([[1, 0, 0], [1, 1, 0], *[[1, 0.9, 1]] * 6, [1, 1, 0.2]])
    scores = evaluate_analogies((["man", "woman", *cases, "queen"], vectors), write(": family\nman woman king queen"))
    assert scores.accuracy == 1


def test_without_gensim_the_error_says_what_to_do(monkeypatch, write):
    monkeypatch.setitem(sys.modules, "gensim.test.utils", None)
    with pytest.raises(
        ImportError, match=r"questions-words\.txt comes with gensim.*pip install gensim, or give the path"
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
        (VECTORS, TypeError, "a gensim KeyedVectors, a fitted GloVeVectorizer, WordVectors, or a tuple .* got ndarray"),
        (None, TypeError, "got NoneType"),
        ("vectors.txt", TypeError, "got str"),
        (("man", VECTORS), TypeError, "must be a list of str, got 'man'"),
        ((5, VECTORS), TypeError, "must be a list of str, got 5"),
        ((["man", 7, "king", "queen", "apple"], VECTORS), TypeError, "the one at index 1 is 7"),
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


def test_sections_comments_tabs_byte_order_mark_and_line_ends(write):
    lines = [
        "\ufeffman woman king queen",
        "# not a question",
        "",
        ": gram1-adjective to adverb",
        "man\twoman  king\tqueen ",
        ":family",
        "New York\tman\tking\tqueen",
        ": empty",
    ]
    terms, vectors = [*TERMS, "new york"], np.vstack([VECTORS, [[0, 1, 0]]])
    for line_end in ("\n", "\r\n", "\r"):
        scores = evaluate_analogies((terms, vectors), write(line_end.join(lines), "kin.txt"))
        counts = [(section.name, section.n_asked, section.n_questions) for section in scores.sections]
        assert counts == [("kin", 1, 1), ("gram1-adjective to adverb", 1, 1), ("family", 1, 1), ("empty", 0, 0)]
        assert scores.syntactic.n_questions == 1
        assert scores.semantic.n_questions == 2


def test_compressed_files(tmp_path, write):
    path = write(gzip.compress(b"man woman king queen\n"), "kin.tsv.gz")
    assert [section.name for section in evaluate_analogies((TERMS, VECTORS), str(path)).sections] == ["kin"]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", ": section\n"])
def test_files_without_questions_have_no_score(write, text):
    scores = evaluate_analogies((TERMS, VECTORS), write(text))
    assert scores.coverage == 0
    assert math.isnan(scores.accuracy)
    assert math.isnan(scores.accuracy_of_all)
    assert str(scores)


def test_questions_out_of_vocabulary_have_no_score(write):
    scores = evaluate_analogies((TERMS, VECTORS), write("sun moon day night"))
    assert (scores.coverage, scores.total.n_questions) == (0, 1)
    assert math.isnan(scores.accuracy)
    assert scores.accuracy_of_all == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (": kin\nman woman king\n", r"file\.txt, line 2: expected four words .* got 'man woman king'"),
        ("man woman king queen apple", r"file\.txt, line 1: expected four words"),
        ("\n# comment\nman\t\tking\tqueen\n", r"file\.txt, line 3: expected four words"),
        (
            "man woman king queen\r\nm\xe4n woman king queen".encode("latin-1"),
            r"file\.txt, line 2: .*UTF-8.* byte 0xe4",
        ),
        ("man woman king queen".encode("utf-16"), r"file\.txt, line 1: expected text in UTF-8, got the byte 0xff"),
    ],
)
def test_lines_that_are_no_questions(write, text, message):
    with pytest.raises(ValueError, match=message):
        evaluate_analogies((TERMS, VECTORS), write(text))


def test_files_that_are_none(tmp_path):
    with pytest.raises(FileNotFoundError):
        evaluate_analogies((TERMS, VECTORS), tmp_path / "missing.txt")
    with pytest.raises(IsADirectoryError):
        evaluate_analogies((TERMS, VECTORS), tmp_path)
    with pytest.raises(TypeError, match="questions must be the path of a file, got 3"):
        evaluate_analogies((TERMS, VECTORS), 3)
    with pytest.raises(TypeError, match=r"questions must be the path of a file, got \[\('man'"):
        evaluate_analogies((TERMS, VECTORS), [("man", "woman", "king", "queen")])
    with pytest.raises(TypeError, match=r"pairs must be the path of a file or a list of paths, got \('man'"):
        evaluate_similarities((TERMS, VECTORS), [("man", "woman", 3)])
    with pytest.raises(TypeError, match="or a list of paths, got 3"):
        evaluate_similarities((TERMS, VECTORS), 3)
    with pytest.raises(ValueError, match="pairs is empty"):
        evaluate_similarities((TERMS, VECTORS), [])


# Files of pairs


@pytest.mark.parametrize(
    "text",
    [
        "man\twoman\t9\nking\tqueen\t8.5\nnew york\tking\t1\n",
        "\ufeff# a comment\r\nMan\tWoman\t9.0\r\nking\tqueen\t8.5\r\nNew York\tking\t1",
        "Word 1,Word 2,Human (mean),1,2\nman,woman,9,10,8\nking,queen,8.5,9,8\n\"new york\",king,1,0,2",
        "word1\tword2\tPOS\tSimLex999\tconc(w1)\nman\twoman\tN\t9\t4.5\nking\tqueen\tN\t8.5\t1\nnew york\tking\tN\t1\t2\n",
        "a\tb\tscore\n\nman\twoman\t 9\n king\tqueen\t8.5\t\nnew york\tking\t1e0",
    ],
)  # fmt: skip
def test_formats_of_pairs(write, text):
    terms, vectors = [*TERMS, "new york"], np.vstack([VECTORS, [[0, 1, 0]]])
    (score,) = evaluate_similarities((terms, vectors), write(text, "pairs.csv")).sets
    cosines = [unit(vectors[i]) @ unit(vectors[j]) for i, j in [(0, 1), (2, 3), (5, 2)]]
    assert (score.name, score.n_known, score.n_pairs) == ("pairs", 3, 3)
    assert score.pearson == pytest.approx(stats.pearsonr([9, 8.5, 1], cosines)[0])
    assert score.spearman == pytest.approx(stats.spearmanr([9, 8.5, 1], cosines)[0])


def test_pairs_between_white_space(write):
    (score,) = evaluate_similarities((TERMS, VECTORS), write("man woman   50.000\nking  queen 48\nsun moon 3")).sets
    assert (score.n_known, score.n_pairs) == (2, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("man\twoman\n", r"file\.txt, line 1: expected two words and, in column 3, their similarity, between tabs"),
        ("man;woman;3\n", r"line 1: .* between white space as in the first line, got 'man;woman;3'"),
        ("man woman high\n", r"line 1: expected a number in column 3, got 'high'"),
        ("man\twoman\t3\nking\tqueen\t4\nking\tman\t4,5\n", r"line 3: expected a number in column 3, got '4,5'"),
        (
            "man\twoman\t3\nking\tqueen\t4\nking man 4\n",
            r"line 3: expected two words .* between tabs .* got 'king man 4'",
        ),
        ("man\twoman\t3\nking\t\t4\n", r"line 2: expected two words"),
        ("man\twoman\t3\nking\tman\t4\nking\tman\tnan", r"line 3: expected a number in column 3, got 'nan'"),
        (b"man\twoman\t3\nk\xf6nig\tman\t4\n", r"line 2: expected text in UTF-8, got the byte 0xf6"),
    ],
)
def test_lines_that_are_no_pairs(write, text, message):
    with pytest.raises(ValueError, match=message):
        evaluate_similarities((TERMS, VECTORS), write(text))


@pytest.mark.parametrize(
    ("text", "n_known", "n_pairs"),
    [
        ("", 0, 0),
        ("sun\tmoon\t3\n", 0, 1),
        ("man\twoman\t3\n", 1, 1),
        ("man\twoman\t3\nking\tqueen\t3\nking\tapple\t3\n", 3, 3),
    ],
)
def test_no_correlation_is_nan(write, text, n_known, n_pairs):
    (score,) = evaluate_similarities((TERMS, VECTORS), write(text)).sets
    assert (score.n_known, score.n_pairs) == (n_known, n_pairs)
    assert score.coverage == (n_known / n_pairs if n_pairs else 0)
    for number in (score.spearman, score.spearman_pvalue, score.pearson, score.pearson_pvalue):
        assert math.isnan(number)


def test_several_files_are_several_rows(write):
    paths = [write("man\twoman\t3\nking\tqueen\t4\n", name) for name in ("one.tsv", "two.b.txt")]
    scores = evaluate_similarities((TERMS, VECTORS), paths)
    assert [score.name for score in scores.sets] == ["one", "two.b"]
    assert scores["two.b"].n_pairs == 2
    with pytest.raises(KeyError, match=r"no score is called 'three'; there are 'one', 'two\.b'"):
        scores["three"]


# Results


@pytest.fixture
def analogy_scores(write):
    lines = [
        ": family",
        "man woman king queen",
        "man king woman apple",
        "man woman uncle aunt",
        ": gram1",
        "a b c d",
        ": gram2",
        "man king woman queen",
    ]
    return evaluate_analogies((TERMS, VECTORS), write("\n".join(lines)))


def test_analogies_as_a_table(analogy_scores):
    assert str(analogy_scores).splitlines() == [
        "3CosAdd    correct  asked  in file  accuracy  of all",
        "family           1      2        3    0.5000  0.3333",
        "gram1            0      0        1       nan  0.0000",
        "gram2            1      1        1    1.0000  1.0000",
        "semantic         1      2        3    0.5000  0.3333",
        "syntactic        1      1        2    1.0000  0.5000",
        "total            2      3        5    0.6667  0.4000",
    ]
    assert repr(analogy_scores) == str(analogy_scores)


def test_analogies_as_attributes(analogy_scores):
    assert analogy_scores.accuracy == analogy_scores.total.accuracy == 2 / 3
    assert analogy_scores.coverage == 3 / 5
    assert analogy_scores.accuracy_of_all == 2 / 5
    assert analogy_scores["family"] == analogy_scores.sections[0]
    assert pickle.loads(pickle.dumps(analogy_scores)) == analogy_scores
    with pytest.raises(AttributeError):
        analogy_scores.method = "3CosMul"


def test_results_as_data_frames(analogy_scores, write):
    pytest.importorskip("pandas")
    frame = analogy_scores.to_frame()
    assert frame.index.tolist() == ["family", "gram1", "gram2", "semantic", "syntactic", "total"]
    assert frame.loc["total"].to_dict() == {
        "n_correct": 2, "n_asked": 3, "n_questions": 5, "accuracy": 2 / 3, "coverage": 3 / 5, "accuracy_of_all": 2 / 5
    }  # fmt: skip
    scores = evaluate_similarities((TERMS, VECTORS), write("man\twoman\t3\nking\tqueen\t4\nsun\tmoon\t1\n", "sky.tsv"))
    frame = scores.to_frame()
    assert frame.index.tolist() == ["sky"]
    assert frame["n_known"].tolist() == [2]
    assert frame["coverage"].tolist() == [2 / 3]
    assert frame["spearman"].tolist() == [scores["sky"].spearman]


def test_without_pandas_the_error_says_what_to_install(analogy_scores, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ImportError, match="to_frame needs pandas: pip install pandas"):
        analogy_scores.to_frame()


def test_similarities_of_words_with_themselves_have_no_correlation(tmp_path):
    terms = list("abcdefgh")
    (tmp_path / "same.tsv").write_text("".join(f"{term}\t{term}\t{i}\n" for i, term in enumerate(terms)))
    vectors = np.random.RandomState(0).standard_normal((8, 7))
    scores = evaluate_similarities((terms, vectors), tmp_path / "same.tsv")
    assert np.isnan([scores["same"].spearman, scores["same"].pearson]).all()
    assert scores["same"].coverage == 1
