"""Documents -> token ids: the compiled scanner finds what the regular expression finds."""

import itertools
import re
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from glove_sklearn._text._term_table import MARKED_WORDS, NON_SPACE, WORDS, TermTable
from glove_sklearn._text.encoder import Encoder
from glove_sklearn._text.word_pattern import WORD_PATTERN
from tests import reference

RULES = {
    WORD_PATTERN: (MARKED_WORDS, 1),
    r"(?u)\b\w+\b": (WORDS, 1),
    r"(?u)\b\w\w+\b": (WORDS, 2),
    r"\S+": (NON_SPACE, 1),
}
#: The pattern of words is long: tests are named by the others.
each_pattern = pytest.mark.parametrize(
    "token_pattern", RULES, ids=lambda pattern: "words" if pattern == WORD_PATTERN else pattern
)
ONE_STORAGE_WIDTH = {
    "ascii": st.characters(max_codepoint=0x7F),
    "latin-1": st.characters(max_codepoint=0xFF),
    "16 bits": st.characters(max_codepoint=0xFFFF, exclude_categories=()),
    "32 bits": st.characters(exclude_categories=()),
}


def scanned(document, token_pattern, lowercase=False):
    """The tokens of a document, by the scanner."""
    table = TermTable()
    ids, lengths = table.encode([document], *RULES[token_pattern], True, lowercase)
    assert lengths.tolist() == [len(ids)]
    return table.terms(ids)


def encoded(encoder, documents, learner=None):
    ids, lengths = zip(*(encoder.encode(*batch, learner) for batch in encoder.batches(documents)), strict=True)
    return np.concatenate(ids), np.concatenate(lengths)


@each_pattern
@pytest.mark.parametrize(
    "template", ["{}", "a{}b", "{}ab", "ab{}", " {} ", "é{}ж{}\U0001f600", "ന്\u200d{}", "{}\u0301\u200c{}"]
)
def test_scanner_and_regex_agree_on_every_code_point(token_pattern, template):
    for start in range(0, sys.maxunicode + 1, 4096):
        document = "\n".join(template.replace("{}", chr(c)) for c in range(start, start + 4096))
        assert scanned(document, token_pattern) == reference.tokens(document, token_pattern)


@each_pattern
def test_scanner_and_regex_agree_on_every_code_point_as_a_document_of_its_own(token_pattern):
    documents = [chr(c) for c in range(sys.maxunicode + 1)]
    _, lengths = TermTable().encode(documents, *RULES[token_pattern], True)
    expected = [len(reference.tokens(document, token_pattern)) for document in documents]
    assert lengths.tolist() == expected


@pytest.mark.parametrize("width", ONE_STORAGE_WIDTH)
@each_pattern
def test_scanner_and_regex_agree_on_any_text(token_pattern, width):
    @given(st.text(ONE_STORAGE_WIDTH[width]))
    def check(document):
        assert scanned(document, token_pattern) == reference.tokens(document, token_pattern)

    check()


@pytest.mark.parametrize("lowercase", [False, True])
@each_pattern
def test_scanner_and_regex_agree_wherever_a_token_of_any_length_stands(token_pattern, lowercase):
    # The scanner looks at 64 characters at a time and at the tokens of 256 together.
    letters = "aZ09_Az" * 60
    documents = [
        " " * offset + letters[offset : offset + length] + end
        for offset in (*range(70), *range(120, 136), *range(240, 264))
        for length in (*range(1, 20), 31, 32, 33, 63, 64, 65, 100, 127, 128, 129, 300)
        for end in ("", " ", " a", "\0b" * 30)
    ]
    table = TermTable()
    ids, lengths = table.encode(documents, *RULES[token_pattern], True, lowercase)
    expected = [reference.tokens(d.lower() if lowercase else d, token_pattern) for d in documents]
    assert lengths.tolist() == [len(tokens) for tokens in expected]
    assert table.terms(ids) == [token for tokens in expected for token in tokens]


@pytest.mark.parametrize("other", ["é", "ж", "\u2014", "\U0001d4d0", "\U0001f600"])
@each_pattern
def test_scanner_and_regex_agree_on_ascii_around_other_characters(token_pattern, other):
    # Up to 4096 ASCII characters in a row are scanned as ASCII.
    words = "aB c_d 0 internationalisation, x\0y " * 300
    lengths = (*range(136), *range(4090, 4100), 9000)
    documents = [
        document
        for n in lengths
        for document in (
            words[:n] + other + words[: n // 2] + other + words[:70],
            "a" * n + " b " * 30 + other,
            other + "a" * n + " b" * 30 + other * 3 + "a" * n,
        )
    ]
    table = TermTable()
    ids, lengths = table.encode(documents, *RULES[token_pattern], True)
    expected = [reference.tokens(document, token_pattern) for document in documents]
    assert lengths.tolist() == [len(tokens) for tokens in expected]
    assert table.terms(ids) == [token for tokens in expected for token in tokens]


RUNS_OF_ASCII = st.lists(
    st.one_of(
        st.text(st.sampled_from("aAzZ09_\0@[`{/:"), max_size=100),
        st.text(st.sampled_from(" .-\n\x0b\x1c\x1f\0\x7f"), min_size=1, max_size=5),
    )
).map("".join)


@each_pattern
@pytest.mark.parametrize(
    "documents",
    [
        st.text(st.characters(max_codepoint=0x7F), max_size=200),
        st.text(st.sampled_from("aB _"), min_size=60, max_size=200),
        RUNS_OF_ASCII,
        st.tuples(RUNS_OF_ASCII, st.characters(exclude_categories=()), RUNS_OF_ASCII).map("".join),
        st.text(st.characters(exclude_categories=()), max_size=200),
        st.text(st.sampled_from("a नि\u0301\u0e31\u200c\u200d\u200d\ufe0f\U0001e944\U000e0100"), max_size=20),
        st.text(st.sampled_from("aA\u0130\u0131\u212aÅß\u1e9e\u017fΣ\u03c3ς\u0307 "), max_size=20),
    ],
    ids=["ascii", "few characters", "runs", "runs and one other", "any", "marks and joiners", "peculiar capitals"],
)
def test_lower_case_tokens_are_those_of_count_vectorizer(token_pattern, documents):
    count_vectorizer = CountVectorizer(token_pattern=token_pattern)
    analyze = count_vectorizer.build_analyzer()

    @given(st.lists(documents, max_size=5))
    def check(some):
        encoder, table = Encoder(count_vectorizer), TermTable()
        found = [
            (table.terms(ids), lengths.tolist())
            for ids, lengths in (encoder.encode(*batch, table) for batch in encoder.batches(some))
        ]
        expected = [analyze(document) for document in some]
        assert [token for tokens, _ in found for token in tokens] == [token for tokens in expected for token in tokens]
        assert [length for _, lengths in found for length in lengths] == [len(tokens) for tokens in expected]

    check()


@pytest.mark.parametrize("parameters", [{"lowercase": False}, {"preprocessor": str}, {"analyzer": str.split}], ids=str)
def test_capitals_stay_where_nothing_lowers_them(parameters):
    table = TermTable()
    ids, _ = encoded(Encoder(CountVectorizer(**parameters)), ["The CAT", "thé CAT"], table)
    assert table.terms(ids) == ["The", "CAT", "thé", "CAT"]


def test_lower_case_documents_may_be_subclasses_of_str():
    table = TermTable()
    ids, _ = encoded(Encoder(CountVectorizer()), np.array(["The CAT", "ÉLAN the"]), table)
    assert table.terms(ids) == ["the", "cat", "élan", "the"]


@given(st.text())
def test_white_space_rule_is_str_split(document):
    assert scanned(document, r"\S+") == document.split()


def test_same_term_from_every_storage_width_has_one_id():
    table = TermTable()
    documents = ["naive cafe", "naive café", "naive Ж", "naive \U0001f600", "café", "\u0416 café \U0001f600"]
    ids, lengths = table.encode(documents, NON_SPACE, 1, True)
    assert ids.tolist() == [0, 1, 0, 2, 0, 3, 0, 4, 2, 3, 2, 4]
    assert lengths.tolist() == [2, 2, 2, 2, 1, 3]


TOKENS = st.lists(st.text(st.sampled_from("ab\0é\U0001f600\ud800"), max_size=20), max_size=200)


@given(TOKENS)
def test_table_numbers_terms_like_a_dict(tokens):
    table, numbers = TermTable(), {}
    expected = [numbers.setdefault(token, len(numbers)) for token in tokens]
    ids, _ = table.encode_tokens([tokens], True)
    assert ids.tolist() == expected
    assert [table.term(id) for id in range(len(table))] == list(numbers)
    assert table.terms(ids) == tokens


@pytest.mark.parametrize("shared", ["", "12345678", "1234567890abcdef", "1234567890abcdef-"])
def test_terms_that_differ_in_one_character_or_in_length_are_different_terms(shared):
    terms = [shared, *(f"{shared}{letter}{rest}" for letter in "ab\0" for rest in ("", "c", "c" * 7, "c" * 8, "c" * 9))]
    table = TermTable(terms)
    assert len(table) == len(terms)
    assert [table.find_term(term) for term in terms] == list(range(len(terms)))
    assert table.terms(np.arange(len(terms))) == terms


@given(TOKENS, TOKENS)
def test_counts_are_those_of_the_tokens_met_while_learning(given_terms, tokens):
    given_terms = list(dict.fromkeys(given_terms))
    table = TermTable(given_terms)
    assert table.counts().tolist() == [0] * len(given_terms)
    table.encode_tokens([tokens], False)
    table.encode([" ".join(tokens)], NON_SPACE, 1, False)
    assert not table.counts().any()
    table.encode_tokens([tokens[:5], tokens[5:]], True)
    # An ASCII document and one that is not have scanners of their own.
    words = [token for token in tokens if token]
    table.encode(words, NON_SPACE, 1, True)
    expected = Counter(tokens) + Counter(words)
    assert dict(zip(table.terms(np.arange(len(table))), table.counts().tolist(), strict=True)) == {
        **dict.fromkeys(given_terms, 0),
        **expected,
    }


@given(TOKENS)
def test_contents_are_all_terms(tokens):
    table = TermTable(dict.fromkeys(tokens))
    characters, starts = table.contents()
    assert characters.dtype == np.uint8
    assert starts.dtype == np.int64
    text = characters.tobytes()
    found = [text[begin:end].decode("utf-8", "surrogatepass") for begin, end in itertools.pairwise(starts.tolist())]
    assert found == list(dict.fromkeys(tokens))


@given(TOKENS, TOKENS, st.integers(1, 5))
def test_tables_are_merged_part_by_part(tokens, more_tokens, n_parts):
    tables = [TermTable(), TermTable()]
    for table, some in zip(tables, (tokens, more_tokens), strict=True):
        table.encode_tokens([some], True)
    terms = set()
    for part in range(n_parts):
        merged = TermTable()
        for table in tables:
            n_before = len(merged)
            ids = merged.absorb(*table.contents(), n_parts, part)
            assert ids.dtype == np.int32
            others = np.array(table.terms(np.arange(len(table))), dtype=object)
            assert merged.terms(ids[ids >= 0]) == others[ids >= 0].tolist()
            new = ids[ids >= n_before]
            assert new.tolist() == list(range(n_before, len(merged)))
        assert not merged.counts().any()
        part_terms = merged.terms(np.arange(len(merged)))
        assert terms.isdisjoint(part_terms)
        terms.update(part_terms)
        # What a term's part is does not depend on where it comes from: another round finds what is there.
        assert merged.absorb(*merged.contents(), n_parts, part).tolist() == list(range(len(merged)))
    assert terms == {*tokens, *more_tokens}


def test_parts_are_of_even_size():
    contents = TermTable([f"term {i}" for i in range(30_000)]).contents()
    sizes = [np.sum(TermTable().absorb(*contents, 3, part) >= 0) for part in range(3)]
    assert sum(sizes) == 30_000
    assert min(sizes) > 9_500


@pytest.mark.parametrize(("n_parts", "part"), [(0, 0), (2, 2), (2, -1)])
def test_part_must_be_one_of_them(n_parts, part):
    with pytest.raises(ValueError, match="part must be"):
        TermTable().absorb(*TermTable().contents(), n_parts, part)


@pytest.mark.parametrize("starts", [[], [-1, 2], [0, 4], [0, 3, 2], [0, 9, 3]], ids=str)
def test_starts_of_terms_must_lie_in_their_characters(starts):
    with pytest.raises(ValueError, match="starts must rise"):
        TermTable().absorb(np.zeros(3, dtype=np.uint8), np.array(starts, dtype=np.int64), 1, 0)


def test_ids_of_terms_must_be_ids():
    table = TermTable(["a", "b"])
    assert table.terms(np.array([1, 0, 1], dtype=np.int32)) == ["b", "a", "b"]
    assert table.terms(np.array([], dtype=np.int64)) == []
    for ids in ([2], [-1]):
        with pytest.raises(IndexError, match="of a table with 2 terms"):
            table.terms(np.array(ids))
    with pytest.raises(TypeError, match="Cannot cast"):
        table.terms(np.array([0.5]))


def test_nbytes_is_the_memory_of_terms_and_slots():
    small, large = TermTable(), TermTable([f"{i:020}" for i in range(100_000)])
    assert 0 < small.nbytes < 100_000
    assert large.nbytes > 100_000 * (20 + 16 + 16)


def test_table_grows_to_many_terms():
    terms = [f"term-{i:x}" for i in range(200_000)]
    table = TermTable(terms)
    assert len(table) == 200_000
    assert [table.find_term(term) for term in terms[::1000]] == list(range(0, 200_000, 1000))
    assert table.find_term("term") == -1


def test_surrogates_and_astral_characters_are_different_terms():
    table = TermTable(["\ud83d\ude00", "\U0001f600"])
    assert len(table) == 2
    assert [table.term(0), table.term(1)] == ["\ud83d\ude00", "\U0001f600"]


def test_table_that_does_not_learn_drops_unknown_terms():
    table = TermTable(["b", "a"])
    ids, lengths = table.encode(["a c b", "c"], WORDS, 1, False)
    assert ids.tolist() == [1, 0]
    assert lengths.tolist() == [2, 0]
    assert len(table) == 2


def test_a_token_of_a_million_characters_is_a_token():
    for letter in "aж\U0001d4d0":
        assert scanned(letter * 1_000_000 + " b", r"(?u)\b\w+\b") == [letter * 1_000_000, "b"]


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"token_pattern": r"(?u)\b\w\w+\b"},
        {"token_pattern": r"\S+"},
        {"token_pattern": r"(?u)\b[a-z]+\b"},
        {"lowercase": False, "strip_accents": "unicode"},
        {"stop_words": "english"},
        {"preprocessor": str.upper},
        {"tokenizer": str.split, "token_pattern": None},
        {"tokenizer": lambda text: text.split("-"), "token_pattern": None},
        {"analyzer": "char"},
        {"analyzer": "char_wb"},
        {"analyzer": str.split},
        {"analyzer": lambda text: text.split("a")},
    ],
    ids=lambda given: re.sub(r" at 0x\w+", "", str(given)),
)
def test_encoder_gives_the_tokens_of_the_analyser(parameters, lee):
    count_vectorizer = CountVectorizer(**{"token_pattern": r"(?u)\b\w+\b", **parameters})
    documents = [*lee[:20], "", "Élan-vital, ΣΊΣΥΦΟΣ İstanbul\x00and\ud800 the 🙂 end"]
    analyze = count_vectorizer.build_analyzer()
    expected = [analyze(document) for document in documents]

    encoder, table = Encoder(count_vectorizer), TermTable()
    ids, lengths = encoded(encoder, documents, table)
    tokens = iter(table.terms(ids))
    found = [[next(tokens) for _ in range(length)] for length in lengths.tolist()]
    assert [[t for t in document if t not in encoder.stop_words] for document in found] == expected

    terms = sorted({token for tokens in expected for token in tokens})[::2]
    rows = {term: row for row, term in enumerate(terms)}
    ids, lengths = encoded(Encoder(count_vectorizer, terms), documents)
    assert ids.tolist() == [rows[token] for tokens in expected for token in tokens if token in rows]
    assert lengths.tolist() == [sum(token in rows for token in tokens) for tokens in expected]


def test_stop_words_are_no_tokens_even_where_the_vocabulary_has_them():
    encoder = Encoder(CountVectorizer(stop_words=["the"]), ["the", "cat"])
    ids, lengths = encoded(encoder, ["the cat", "the the"])
    assert ids.tolist() == [1]
    assert lengths.tolist() == [1, 0]


def test_a_term_is_a_str():
    for term in (object(), 1, None, b"a"):
        with pytest.raises(TypeError, match="a term must be str"):
            TermTable(["a"]).find_term(term)


def test_batches_keep_order_and_positions():
    encoder = Encoder(CountVectorizer())
    documents = ["x" * 400_000] * 10 + [""] * 10_000
    batches = list(encoder.batches(iter(documents)))
    assert len(batches) > 3
    assert [position for position, _ in batches] == np.cumsum([0, *(len(batch) for _, batch in batches[:-1])]).tolist()
    assert [document for _, batch in batches for document in batch] == documents
