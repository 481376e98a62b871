"""Numbers and lists of things in messages, and words that may have been meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

#: The most items of a list that a message shows.
_N_SHOWN = 20


def number_of(n: int, noun: str, plural: str | None = None) -> str:
    """Return a number and what it counts, such as "1 word" or "2 words"; `plural` is by default the noun with an "s"."""
    return f"{n} {noun if n == 1 else plural or noun + 's'}"


def all_or_some(items: Iterable[str]) -> str:
    """Return items with commas between them, or, if there are many, the first and how many more there are."""
    shown = list(items)
    n_more = len(shown) - _N_SHOWN
    return ", ".join(shown[:_N_SHOWN]) + (f" and {n_more} more" if n_more > 0 else "")


def perhaps(word: object, terms: Sequence[str]) -> str:
    """Return the end of a message about a word that is not among others: "; perhaps: " and similar ones, or nothing."""
    text = str(word)
    close = get_close_matches(text, terms, n=3, cutoff=0.7)
    if text.lower() in terms:
        close = [text.lower(), *(other for other in close if other != text.lower())][:3]
    return f"; perhaps: {', '.join(close)}" if close else ""
