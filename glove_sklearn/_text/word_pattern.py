r"""What a word is unless the caller says otherwise, as a regular expression.

``\w`` alone tears words apart: it matches letters, digits and underscores, but not the vowel signs of Devanagari, the points of
Hebrew and Arabic, or an accent that follows its letter. Here a word begins with a character of ``\w``, and what follows may also
be a combining mark (categories Mn and Mc of Unicode), so that marks stay with the letters they belong to.

Two more characters have no width of their own, and join or separate the shapes of letters: ZERO WIDTH NON-JOINER, as in Persian
compounds, and ZERO WIDTH JOINER. They belong to a word where it continues after them; the joiner also at the end of a word after
a mark, where Malayalam writes a final consonant with it.

The selectors of text and emoji style are marks to Unicode, but no part of a word: they follow digits and symbols.

Letters and marks are those of the version of Unicode that the running interpreter has (14.0 in Python 3.11, 15.0 in 3.12,
15.1 in 3.13).
"""

from __future__ import annotations

import unicodedata

_STYLE_SELECTORS = "\ufe0e\ufe0f"

#: Where marks are. Looking for them in all of Unicode would take a tenth of a second.
_BLOCKS_WITH_MARKS = (range(0x300, 0x20000), range(0xE0100, 0xE01F0))


def _mark_ranges() -> list[tuple[int, int]]:
    """Return the first and the last code point of each run of marks."""
    ranges: list[tuple[int, int]] = []
    for block in _BLOCKS_WITH_MARKS:
        for code in block:
            character = chr(code)
            if unicodedata.category(character) in ("Mn", "Mc") and character not in _STYLE_SELECTORS:
                if ranges and ranges[-1][1] == code - 1:
                    ranges[-1] = ranges[-1][0], code
                else:
                    ranges.append((code, code))
    return ranges


#: The first and the last code point of each run of combining marks that are part of words.
MARK_RANGES = _mark_ranges()


def _word_pattern() -> str:
    marks = "".join(
        _escaped(first) if first == last else f"{_escaped(first)}-{_escaped(last)}" for first, last in MARK_RANGES
    )
    # What precedes the last part of the expression is a letter or a mark, so it is a mark if it is no word character.
    return rf"(?u)\w+(?:[\u200c\u200d]*[\w{marks}]+)*(?:(?<!\w)\u200d)?"


def _escaped(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


#: Regular expression of a word, for :func:`re.findall` or a CountVectorizer that should find the same words.
WORD_PATTERN = _word_pattern()
