"""Documents -> token ids: the compiled scanner finds what the regular expression finds."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from glove_sklearn._text import NON_SPACE, WORDS, TermTable
from glove_sklearn.text import Encoder
from tests import reference

RULES = {r"(?u)\b\w+\b": (WORDS, 1), r"(?u)\b\w\w+\b": (WORDS, 2), r"\S+": (NON_SPACE, 1)}
ONE_STORAGE_WIDTH = {
    "ascii": st.characters(max_codepoint=0x7F),
    "latin-1": st.characters(max_codepoint=0xFF),
    "16 bits": st.characters(max_codepoint=0xFFFF, exclude_categories=()),
    "32 bits": st.characters(exclude_categories=()),
}


def scanned(document, token_pattern):
    """The tokens of a document, by the scanner."""
    table = TermTable()
    ids, lengths = table.encode([document], *RULES[token_pattern], True)
    assert lengths.tolist() == [len(ids)]
    return [table.term(id) for id in ids.tolist()]


def encoded(encoder, documents):
    ids, lengths = zip(*(encoder.encode(*batch) for batch in encoder.batches(documents)), strict=True)
    return np.concatenate(ids), np.concatenate(lengths)


@pytest.mark.parametrize("token_pattern", RULES)
@pytest.mark.parametrize("template", ["{}", "a{}b", "{}ab", "ab{}", " {} ", "é{}ж{}\U0001f600"])
def test_scanner_and_regex_agree_on_every_code_point(token_pattern, template):
    for start in range(0, sys.maxunicode + 1, 4096):
        document = "\n".join(template.replace("{}", chr(c)) for c in range(start, start + 4096))
        assert scanned(document, token_pattern) == reference.tokens(document, token_pattern)


@pytest.mark.parametrize("token_pattern", RULES)
def test_scanner_and_regex_agree_on_every_code_point_as_a_document_of_its_own(token_pattern):
    documents = [chr(c) for c in range(sys.maxunicode + 1)]
    _, lengths = TermTable().encode(documents, *RULES[token_pattern], True)
    expected = [len(reference.tokens(document, token_pattern)) for document in documents]
    assert lengths.tolist() == expected


@pytest.mark.parametrize("width", ONE_STORAGE_WIDTH)
@pytest.mark.parametrize("token_pattern", RULES)
def test_scanner_and_regex_agree_on_any_text(token_pattern, width):
    @given(st.text(ONE_STORAGE_WIDTH[width]))
    def check(document):
        assert scanned(document, token_pattern) == reference.tokens(document, token_pattern)

    check()


@given(st.text())
def test_white_space_rule_is_str_split(document):
    assert scanned(document, r"\S+") == document.split()


def test_same_term_from_every_storage_width_has_one_id():
    table = TermTable()
    documents = ["naive cafe", "naive café", "naive Ж", "naive \U0001f600", "café", "\u0416 café \U0001f600"]
    ids, lengths = table.encode(documents, NON_SPACE, 1, True)
    assert ids.tolist() == [0, 1, 0, 2, 0, 3, 0, 4, 2, 3, 2, 4]
    assert lengths.tolist() == [2, 2, 2, 2, 1, 3]


@given(st.lists(st.text(st.sampled_from("ab\0"), max_size=20), max_size=200))
def test_table_numbers_terms_like_a_dict(tokens):
    table, numbers = TermTable(), {}
    expected = [numbers.setdefault(token, len(numbers)) for token in tokens]
    ids, _ = table.encode_tokens([tokens], True)
    assert ids.tolist() == expected
    assert [table.term(id) for id in range(len(table))] == list(numbers)


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
    ids=str,
)
def test_encoder_gives_the_tokens_of_the_analyser(parameters, lee):
    count_vectorizer = CountVectorizer(**{"token_pattern": r"(?u)\b\w+\b", **parameters})
    documents = [*lee[:20], "", "Élan-vital, ΣΊΣΥΦΟΣ İstanbul\x00and\ud800 the 🙂 end"]
    analyze = count_vectorizer.build_analyzer()
    expected = [analyze(document) for document in documents]

    encoder = Encoder(count_vectorizer)
    ids, lengths = encoded(encoder, documents)
    tokens = iter(encoder.term(id) for id in ids.tolist())
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
