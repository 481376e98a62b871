"""Turn documents into token ids."""

from __future__ import annotations

import reprlib
from collections.abc import Iterable, Iterator, Mapping
from numbers import Integral, Number
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from glove_sklearn._system.warning import warn_caller
from glove_sklearn._text._term_table import MARKED_WORDS, NON_SPACE, WORDS, NotTextError, TermTable
from glove_sklearn._text._tokens import renumber
from glove_sklearn._text.documents import as_column, is_missing, iterable_of
from glove_sklearn._text.word_pattern import WORD_PATTERN

#: Regular expressions that the compiled scanner implements, each with its rule and the minimum length of a token.
_KNOWN_PATTERNS = {
    WORD_PATTERN.removeprefix("(?u)"): (MARKED_WORDS, 1),
    r"\b\w+\b": (WORDS, 1),
    r"\w+": (WORDS, 1),
    r"\b\w\w+\b": (WORDS, 2),
    r"\w\w+": (WORDS, 2),
    r"\S+": (NON_SPACE, 1),
}

#: Parameters that mean what they mean in CountVectorizer.
TEXT_PARAMETERS = (
    "input",
    "encoding",
    "decode_error",
    "strip_accents",
    "lowercase",
    "preprocessor",
    "tokenizer",
    "stop_words",
    "token_pattern",
    "analyzer",
    "vocabulary",
)

#: Characters (or tokens, if an analyser returns them) and documents of a batch.
_BATCH_SIZE = 1 << 20
_BATCH_DOCUMENTS = 1 << 12


def make_count_vectorizer(parameters: Mapping[str, Any]) -> CountVectorizer:
    """Return a CountVectorizer with the text parameters among `parameters`, which says how a document becomes tokens.

    Without a `tokenizer`, ``token_pattern=None`` stands for words together with their combining marks.
    """
    chosen = {name: parameters[name] for name in TEXT_PARAMETERS}
    if chosen["token_pattern"] is chosen["tokenizer"] is None:
        chosen["token_pattern"] = WORD_PATTERN
    return CountVectorizer(**chosen)


def check_documents(documents: Any) -> None:
    """Refuse iterables that are not documents: a single string, a table, a dict."""
    if isinstance(documents, str):
        raise ValueError(
            "Iterable over raw text documents expected, string object received; put one document in a list."
        )
    documents = as_column(documents)
    if isinstance(documents, (bytes, Mapping)) or not isinstance(documents, Iterable):
        raise ValueError(
            f"Iterable over raw text documents expected, {type(documents).__name__} received; "
            "for a single document, pass a list with one entry."
        )
    if len(getattr(documents, "shape", (0,))) != 1:
        raise ValueError(
            f"Iterable over raw text documents expected, got a {type(documents).__name__} of shape "
            f"{documents.shape}; pass one column of text (for several, use a ColumnTransformer with a vectorizer for "  # type: ignore[attr-defined]
            "each), or, for a matrix of co-occurrences, use GloVe."
        )


class Encoder:
    """Turns documents into the ids of their tokens.

    The tokens are those of ``count_vectorizer.build_analyzer()``. If they are maximal runs of word characters, or of anything but
    white space, the compiled scanner finds them; otherwise the analyser is called for each document.

    Parameters
    ----------
    count_vectorizer : CountVectorizer
        Defines how a document becomes tokens. Its vocabulary is not used.
    terms : list of str or None, default=None
        The terms to find, in the order of their ids; other tokens are dropped. None if `encode` is to learn terms.
    rows : ndarray of shape (n_terms,), int32, or None, default=None
        What `encode` returns for each of the terms, where several stand for the same row, and -1 where a term is to be dropped;
        None for their ids.
    any_case : bool, default=False
        Whether tokens that are no terms are looked up again in lower case; only for tokens that the compiled scanner finds.
    """

    def __init__(
        self,
        count_vectorizer: CountVectorizer,
        terms: list[str] | None = None,
        rows: np.ndarray | None = None,
        any_case: bool = False,
    ) -> None:
        if count_vectorizer.analyzer == "word" and count_vectorizer.tokenizer is count_vectorizer.token_pattern is None:
            raise ValueError("token_pattern=None needs a tokenizer, or an analyzer other than 'word'.")
        #: Terms that are no tokens, although the analyser or the scanner finds them.
        self.stop_words: frozenset[str] = frozenset()
        if count_vectorizer.analyzer == "word":
            # Only a str can equal a token.
            self.stop_words = frozenset(w for w in count_vectorizer.get_stop_words() or () if isinstance(w, str))
        # An analyser that knows the stop words would warn of odd ones once more.
        self._analyzer = CountVectorizer(**{**count_vectorizer.get_params(), "stop_words": None}).build_analyzer()
        self._rule, self._min_length = _scanner_rule(count_vectorizer)
        self._decode = count_vectorizer.decode
        self._splits_characters = count_vectorizer.analyzer in (list, tuple)
        self._analyzer_name = getattr(count_vectorizer.analyzer, "__name__", count_vectorizer.analyzer)
        self._takes_any_type = callable(count_vectorizer.analyzer) or count_vectorizer.input != "content"
        self._preprocess = None if callable(count_vectorizer.analyzer) else count_vectorizer.build_preprocessor()
        #: Whether the preprocessor only converts to lower case, which the scanner does itself for ASCII.
        self._lowercase = (
            self._rule is not None
            and count_vectorizer.analyzer == "word"
            and count_vectorizer.input == "content"
            and count_vectorizer.preprocessor is None
            and not count_vectorizer.strip_accents
            and count_vectorizer.lowercase
        )
        self._table = TermTable(terms or ())
        self._id_map = rows
        self._any_case = any_case
        if terms is not None and not self.stop_words.isdisjoint(terms):
            id_map = np.arange(len(terms), dtype=np.int32) if rows is None else rows.copy()
            id_map[[term in self.stop_words for term in terms]] = -1
            self._id_map = id_map

    @property
    def is_compiled(self) -> bool:
        """Whether the compiled scanner finds the tokens."""
        return self._rule is not None

    @property
    def n_terms(self) -> int:
        """Number of given terms."""
        return len(self._table)

    def batches(self, documents: Iterable) -> Iterator[tuple[int, list]]:
        """Read documents one by one, and yield batches of moderate size for `encode`.

        A document is read, decoded and preprocessed, or passed to the analyser, before the next one is requested: a generator may
        use the same object for all of them, or close a file after it.

        Yields
        ------
        position : int
            Position of the first document of the batch.
        batch : list of str, or of lists of tokens
        """
        batch: list = []
        prepared: str | list
        first = size = 0
        for position, document in enumerate(iterable_of(documents)):
            if self._lowercase and isinstance(document, str):
                prepared = document if document.isascii() else document.lower()
            else:
                prepared = self._prepare(document, position)
            batch.append(prepared)
            size += len(prepared)
            if size >= _BATCH_SIZE or len(batch) >= _BATCH_DOCUMENTS:
                yield first, batch
                batch, first, size = [], position + 1, 0
        if batch:
            yield first, batch

    def _prepare(self, document: Any, position: int) -> str | list:
        """Return the text for the scanner, or the tokens of the analyser."""
        self._check(document, position)
        try:
            if self._rule is not None:
                text = self._decode(document)
                prepared = text if self._preprocess is None else self._preprocess(text)
                if isinstance(prepared, str):
                    return prepared
            else:
                prepared = self._analyzer(document)
                if isinstance(prepared, Iterable):
                    tokens = list(prepared)
                    # Ids of items; whether they are is asked of the first only, because it takes time.
                    return [as_term(token) for token in tokens] if tokens and _is_id(tokens[0]) else tokens
        except Exception as error:
            error.add_note(f"glove_sklearn: in the document at position {position}")
            raise
        raise self._no_tokens(prepared, position, "fix the analyzer, tokenizer or preprocessor")

    @staticmethod
    def _no_tokens(what: Any, position: int, hint: str) -> ValueError:
        return ValueError(
            f"tokens must be str, but the document at position {position} gave {reprlib.repr(what)} "
            f"({type(what).__name__}); {hint}."
        )

    def encode(self, position: int, batch: list, learner: TermTable | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Return the ids of the tokens of a batch.

        Parameters
        ----------
        position : int
            Position of the first document, for errors.
        batch : list
            From `batches`.
        learner : TermTable or None, default=None
            A table that assigns the ids and learns new terms; also stop words, if the scanner finds the tokens.

        Returns
        -------
        ids : ndarray of shape (n_tokens,), int32
        lengths : ndarray of shape (n_documents,), int64

        Raises
        ------
        ValueError
            If a token is not a str; the message has the position of its document.
        """
        table, learn = (self._table, False) if learner is None else (learner, True)
        try:
            if self._rule is None:
                ids, lengths = table.encode_tokens(batch, learn)
            else:
                ids, lengths = table.encode(batch, self._rule, self._min_length, learn, self._lowercase, self._any_case)
        except NotTextError as error:
            i, token = error.args
            hint = "drop missing tokens" if is_missing(token) else "convert tokens with str()"
            raise self._no_tokens(token, position + i, hint) from None
        if self._id_map is not None and learner is None:
            ids = ids[: renumber(ids, lengths, self._id_map)]
        return ids, lengths

    def _check(self, document: Any, position: int) -> None:
        is_text = isinstance(document, (str, bytes))
        if is_text and self._splits_characters:
            raise ValueError(
                f"analyzer={self._analyzer_name} takes lists of tokens, but the document at position {position} is "
                f"{reprlib.repr(document)}; leave analyzer at its default, or use analyzer=str.split."
            )
        missing = not is_text and is_missing(document)
        if is_text or (self._takes_any_type and not missing and not isinstance(document, Number)):
            return
        if missing:
            hint = "drop missing documents, or fill them with ''"
        elif isinstance(document, Iterable):
            hint = "if documents are lists of tokens, use analyzer=list"
        else:
            hint = "convert it with str()"
        raise ValueError(
            f"documents must be str or bytes, but the one at position {position} is {reprlib.repr(document)} "
            f"({type(document).__name__}); {hint}."
        )


def _is_id(token: Any) -> bool:
    return isinstance(token, Integral) and not isinstance(token, bool)


def as_term(token: Any) -> Any:
    """Return the word that a token is: of an integer, such as the id of an item, its digits; anything else stays as it is."""
    return str(token) if _is_id(token) else token


def warn_for_parameters(count_vectorizer: CountVectorizer) -> None:
    """Warn about parameters that have no effect with the chosen analyser, and about stop words that are no tokens."""
    count_vectorizer.build_analyzer()  # compares the stop words with their tokens
    analyzer = count_vectorizer.analyzer
    has_tokenizer = count_vectorizer.tokenizer is not None
    has_pattern = count_vectorizer.token_pattern not in (None, WORD_PATTERN)
    unused = {}
    if analyzer == "word":
        unused["token_pattern"] = has_tokenizer and has_pattern, "'tokenizer' is given"
    else:
        reason = "'analyzer' is a callable" if callable(analyzer) else f"'analyzer' is {analyzer!r}"
        unused["stop_words"] = count_vectorizer.stop_words is not None, reason
        unused["token_pattern"] = has_pattern, reason
        unused["tokenizer"] = has_tokenizer, reason
        unused["preprocessor"] = callable(analyzer) and count_vectorizer.preprocessor is not None, reason
    for name, (is_unused, reason) in unused.items():
        if is_unused:
            warn_caller(f"The parameter {name!r} will not be used since {reason}")


def _scanner_rule(count_vectorizer: CountVectorizer) -> tuple[int | None, int]:
    """Return the rule of the scanner for an analyser, or None, and the minimum length of a token."""
    analyzer, tokenizer = count_vectorizer.analyzer, count_vectorizer.tokenizer
    if analyzer is str.split or (analyzer == "word" and tokenizer is str.split):
        return NON_SPACE, 1
    if analyzer == "word" and tokenizer is None:
        return _KNOWN_PATTERNS.get(count_vectorizer.token_pattern.removeprefix("(?u)"), (None, 1))
    return None, 1
