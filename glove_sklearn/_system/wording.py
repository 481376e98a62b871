"""Numbers and lists of things in messages."""

from __future__ import annotations

from collections.abc import Iterable

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
