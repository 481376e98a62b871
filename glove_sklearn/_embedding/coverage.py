"""How many tokens of documents have a vector, and why if they are few."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import NamedTuple

import numpy as np
from sklearn.feature_extraction.text import strip_accents_unicode

from glove_sklearn._text.known_words import KnownWords, WordFinder

#: Below this fraction of the tokens something is probably wrong.
_FEW = 1 / 3
#: Frequent tokens without a vector: how many are kept, and how many are in a warning.
_KEPT, _SHOWN = 1000, 5
#: Words of the vectors that are looked at to find out their script.
_SAMPLE = 10_000
_NOT_WORD = re.compile(r"[\W_]+")


class Coverage(NamedTuple):
    """Which tokens of documents have a vector."""

    rows: np.ndarray
    """(n_terms,), int32: the row of each of the terms of the documents; -1 for none."""
    of_tokens: float
    """Fraction of the tokens with a vector."""
    of_types: float
    """Fraction of the different tokens with a vector."""
    missing: dict[str, int]
    """Frequent tokens without a vector, and their counts."""
    advice: str
    """What might be wrong; empty if coverage is not low."""


def measure_coverage(terms: list[str], counts: np.ndarray, finder: WordFinder, known: KnownWords) -> Coverage:
    """Look up the terms of documents, and see how many have a vector.

    Parameters
    ----------
    terms : list of str
        By falling count.
    counts : ndarray of shape (n_terms,), int64
    finder : WordFinder
    known : KnownWords

    Returns
    -------
    coverage : Coverage
        Stop words count neither as covered nor as missing.
    """
    rows = np.fromiter(map(finder.row, terms), dtype=np.int32, count=len(terms))
    without = [index for index in np.flatnonzero(rows < 0).tolist() if not finder.is_stop_word(terms[index])]
    missing = {terms[index]: int(counts[index]) for index in without}
    n_covered, n_missing = int(counts[rows >= 0].sum()), sum(missing.values())
    n_types = int(np.count_nonzero(rows >= 0))
    of_tokens = n_covered / max(1, n_covered + n_missing)
    return Coverage(
        rows,
        of_tokens,
        n_types / max(1, n_types + len(missing)),
        dict(list(missing.items())[:_KEPT]),
        _advice(missing, n_covered, known) if of_tokens < _FEW else "",
    )


def _advice(missing: dict[str, int], n_covered: int, known: KnownWords) -> str:
    """Say how few tokens have a vector, and what would raise their number."""
    total = n_covered + sum(missing.values())
    shown = ", ".join(repr(term[:40]) for term in list(missing)[:_SHOWN])
    what = f"{n_covered:,} of the {total:,} tokens" if n_covered else f"none of the {total:,} tokens"
    message = f"{what} of the documents {'have' if n_covered else 'has'} a vector"
    if n_covered:
        message += f" ({n_covered / max(1, total):.1%})"
    message += f"; the most frequent without one: {shown}"
    remedies = {
        "regardless of case, {} would: set lowercase='auto'": lambda term: known.row(term, True) >= 0,
        "without accents, {} would: set strip_accents='unicode'": lambda term: (
            known.row(strip_accents_unicode(term), True) >= 0
        ),
        "split at punctuation, {} would: see token_pattern, tokenizer and analyzer": lambda term: any(
            known.row(part, True) >= 0 for part in _NOT_WORD.split(term) if part
        ),
    }
    for remedy, has_vector in remedies.items():
        gained = sum(count for term, count in missing.items() if has_vector(term))
        if gained > (total - n_covered) / 3:
            return f"{message}; {remedy.format(f'{(n_covered + gained) / total:.1%}')}."
    theirs, ours = _script(dict.fromkeys(known.terms[:_SAMPLE], 1)), _script(missing)
    if theirs and ours and theirs != ours:
        return f"{message}; most of these are in {ours} script, and the words of the vectors in {theirs}."
    return f"{message}; are documents and vectors of the same language, and are tokens the same (see token_pattern)?"


def _script(counts: dict[str, int]) -> str:
    """Return the script of most letters, such as "Latin"; empty if there are no letters."""
    scripts: Counter[str] = Counter()
    for term, count in list(counts.items())[:_SAMPLE]:
        letter = next(filter(str.isalpha, term), None)
        if letter is not None:
            scripts[unicodedata.name(letter, "").split(" ")[0].capitalize()] += count
    return scripts.most_common(1)[0][0] if scripts else ""
