"""A word of a document is found among the words of vectors, whatever its case."""

import re
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glove_sklearn._parameters import EMBEDDING_VECTORIZER_PARAMETERS
from glove_sklearn._text.known_words import KnownWords, WordFinder, fold
from glove_sklearn._text.word_pattern import WORD_PATTERN

CASED = ["the", "Paris", "NASA", "nasa", "May", "may", "PARIS", "Straße", "ice"]
DEFAULTS = {parameter.name: parameter.default for parameter in EMBEDDING_VECTORIZER_PARAMETERS}


def find(terms, documents, **parameters):
    finder = WordFinder(KnownWords(terms), {**DEFAULTS, **parameters})
    found = []
    for position, batch in finder.batches(documents):
        rows, lengths = finder.encode(position, batch)
        found += [[terms[row] for row in part] for part in np.split(rows, np.cumsum(lengths)[:-1])]
    return found


@pytest.mark.parametrize(
    ("lowercase", "expected"),
    [
        # As it stands; else in lower case; else the first word whose lower case is the same.
        ("auto", ["the", "Paris", "PARIS", "Paris", "NASA", "nasa", "nasa", "May", "may", "Straße"]),
        (True, ["the", "Paris", "Paris", "Paris", "nasa", "nasa", "nasa", "may", "may", "Straße"]),
        (False, ["Paris", "PARIS", "NASA", "nasa", "May", "may"]),
    ],
)
def test_the_rule_for_case(lowercase, expected):
    document = "The Paris PARIS paris NASA nasa Nasa May may straße unknown"
    assert find(CASED, [document], lowercase=lowercase) == [expected]


def test_vectors_in_lower_case_need_no_setting():
    assert find(["the", "paris", "nasa"], ["The NASA in Paris, PARIS"]) == [["the", "nasa", "paris", "paris"]]
    assert find(["the", "paris"], ["The Paris"], lowercase=False) == [["paris"][:0]]


@pytest.mark.parametrize("analyzer", [str.split, list, lambda document: document.split()])
def test_the_rule_holds_for_tokens_of_any_analyzer(analyzer):
    document = "The Paris PARIS nasa unknown ICE"
    document = document.split() if analyzer is list else document
    assert find(CASED, [document], analyzer=analyzer) == [["the", "Paris", "PARIS", "nasa", "ice"]]
    assert find(["the", "ice"], [document], analyzer=analyzer) == [["the", "ice"]]


@pytest.mark.parametrize("terms", [CASED, ["the", "ice", "nasa"]])
@pytest.mark.parametrize("lowercase", ["auto", True])
def test_stop_words_are_left_out_whatever_their_case(terms, lowercase):
    found = find(terms, ["The THE the ice"], lowercase=lowercase, stop_words=["the"])
    assert found == [["ice"]]


@pytest.mark.parametrize("lowercase", ["auto", True, False])
@given(
    terms=st.lists(st.text("aAbBßİiÉéΣ\u03c3ς_1", min_size=1, max_size=3), unique=True, min_size=1, max_size=8),
    documents=st.lists(st.text("aAbBßİiÉéΣ\u03c3ς_1 .\u0301", max_size=30), max_size=4),
)
def test_documents_have_the_rows_of_their_tokens(lowercase, terms, documents):
    known = KnownWords(terms)
    finder = WordFinder(known, {**DEFAULTS, "lowercase": lowercase})

    def folded(token):
        return "".join(character.lower()[0] for character in token)

    def row(token):
        if lowercase is False:
            return terms.index(token) if token in terms else -1
        for candidate in (token, folded(token)):
            if candidate in terms:
                return terms.index(candidate)
        candidates = [folded(term) for term in terms]
        return candidates.index(folded(token)) if folded(token) in candidates else -1

    converts = lowercase is True or (lowercase == "auto" and not known.is_cased)
    for position, batch in finder.batches(documents):
        rows, lengths = finder.encode(position, batch)
        expected = [
            [row(token) for token in re.findall(WORD_PATTERN, document.lower() if converts else document)]
            for document in documents
        ]
        known_rows = [[index for index in rows_of if index >= 0] for rows_of in expected]
        assert rows.tolist() == [index for rows_of in known_rows for index in rows_of]
        assert lengths.tolist() == [len(rows_of) for rows_of in known_rows]
        for document in documents:
            for token in finder.text.build_analyzer()(document):
                assert finder.row(token) == row(token)


@pytest.mark.long
def test_every_letter_has_the_lower_case_of_the_scanner():
    letters = [chr(code) for code in range(sys.maxunicode + 1) if re.fullmatch(r"\w", chr(code))]
    # Alone, and in a long word; as the scanner for ASCII has it, and the other.
    documents = [*letters, *(f"{letter}abcdefghijklmnopq" for letter in letters)]
    capitals = [f"{letter}ABCDEFGHIJKLMNOPQ" for letter in letters]
    terms = list(dict.fromkeys(map(fold, documents)))
    terms = [*terms, *(f"Other{i}" for i in range(len(terms)))]  # so that the vectors are cased
    found = find(terms, [*documents, *capitals])
    assert found == [[fold(document)] for document in (*documents, *documents[len(letters) :])]


@pytest.mark.parametrize("token", ["ΟΔΟΣ", "İstanbul", "Straße", "naïve", "ǅ"])
def test_folding_keeps_the_number_of_characters(token):
    assert len(fold(token)) == len(token)
    if not {"Σ", "İ"} & set(token):
        assert fold(token) == token.lower()
