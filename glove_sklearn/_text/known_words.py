"""The words that have vectors, found in documents although their case may differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from glove_sklearn._text._term_table import TermTable
from glove_sklearn._text._tokens import renumber
from glove_sklearn._text.encoder import Encoder, make_count_vectorizer

#: Vectors are of lower-cased text if at most this fraction of their words is not in lower case.
_MOST_CASED = 0.01
#: Tokens whose rows are remembered, so that frequent ones are looked up once.
_MEMORY = 1 << 18


def fold(token: str) -> str:
    """Convert letters to lower case one by one, as the compiled scanner does."""
    if "Σ" in token or "İ" in token:  # which str.lower converts by their neighbours, and to two characters
        return "".join(character.lower()[0] for character in token)
    return token.lower()


class KnownWords:
    """Words and their rows.

    Parameters
    ----------
    terms : list of str
        None of them twice.
    """

    def __init__(self, terms: list[str]) -> None:
        self.terms = terms

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each word."""
        return {term: row for row, term in enumerate(self.terms)}

    @cached_property
    def row_of_folded(self) -> dict[str, int]:
        """The row of each lower-case form that is not a word itself: that of the first word which has this form."""
        rows: dict[str, int] = {}
        for row, term in enumerate(self.terms):
            folded = fold(term)
            if folded != term and folded not in self.row_of:
                rows.setdefault(folded, row)
        return rows

    @cached_property
    def is_cased(self) -> bool:
        """Whether the words distinguish upper case from lower case."""
        n_cased = sum(term != fold(term) for term in self.terms)
        return n_cased > _MOST_CASED * len(self.terms)

    def row(self, token: str, any_case: bool) -> int:
        """Return the row of a token, or -1: as it stands, then in lower case, then that of the first word of this lower case."""
        row = self.row_of.get(token, -1)
        if row >= 0 or not any_case:
            return row
        folded = fold(token)
        row = self.row_of.get(folded, -1)
        return row if row >= 0 else self.row_of_folded.get(folded, -1)


class WordFinder:
    """Turns documents into the rows of their words, and leaves out the others.

    Parameters
    ----------
    known : KnownWords
    parameters : mapping
        The text parameters. ``lowercase="auto"`` looks a token up as it stands, then in lower case, and then regardless of case;
        True converts documents to lower case, and looks their tokens up regardless of case; False looks them up as they stand.
    """

    def __init__(self, known: KnownWords, parameters: Mapping[str, Any]) -> None:
        self._known = known
        lowercase = parameters["lowercase"]
        converts = not callable(parameters["analyzer"]) and parameters["preprocessor"] is None
        if lowercase == "auto" and converts and not known.is_cased:
            lowercase = True  # the same words are found, without a look at each token
        self._any_case, self._keeps_case = lowercase is not False, lowercase == "auto"
        #: The CountVectorizer that makes tokens of documents.
        self.text = make_count_vectorizer({**parameters, "lowercase": lowercase is True, "vocabulary": None})
        self._stop_words = frozenset(word for word in self._given_stop_words() if isinstance(word, str))
        self._encoder = Encoder(self.text)
        self._looks_at_tokens = self._keeps_case and not self._encoder.is_compiled
        self._remembered: dict[str, int] = {}
        if not self._looks_at_tokens:
            others = known.row_of_folded if self._any_case else {}
            terms, rows = (
                [*known.terms, *others],
                np.array([*range(len(known.terms)), *others.values()], dtype=np.int32),
            )
            if self._stop_words:
                rows[[self.is_stop_word(term) for term in terms]] = -1
            is_map = bool(others) or bool(self._stop_words)
            self._encoder = Encoder(self.text, terms, rows if is_map else None, any_case=self._keeps_case)

    def _given_stop_words(self) -> Iterable:
        return (self.text.get_stop_words() or ()) if self.text.analyzer == "word" else ()

    def is_stop_word(self, token: str) -> bool:
        """Return whether a token is left out although it may be known."""
        return token in self._stop_words or (self._keeps_case and fold(token) in self._stop_words)

    def row(self, token: str) -> int:
        """Return the row of a token, or -1."""
        return -1 if self.is_stop_word(token) else self._known.row(token, self._any_case)

    def batches(self, documents: Iterable) -> Iterator[tuple[int, list]]:
        """Yield batches of documents; see :meth:`Encoder.batches`."""
        return self._encoder.batches(documents)

    def encode(self, position: int, batch: list) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows of the known words of a batch, and how many there are in each document; see :meth:`Encoder.encode`."""
        if not self._looks_at_tokens:
            return self._encoder.encode(position, batch)
        table = TermTable()
        ids, lengths = self._encoder.encode(position, batch, table)
        rows = np.fromiter(map(self._remember, table.terms(np.arange(len(table)))), dtype=np.int32, count=len(table))
        return ids[: renumber(ids, lengths, rows)], lengths

    def _remember(self, token: str) -> int:
        row = self._remembered.get(token)
        if row is None:
            row = self.row(token)
            if len(self._remembered) < _MEMORY:
                self._remembered[token] = row
        return row
