"""Scripts that put no spaces between words: how to notice that a text is in one, and what finds the words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from glove_sklearn._system.warning import warn_caller


class _Script(NamedTuple):
    characters: str
    """A set of characters for :mod:`re`."""
    shortest: int
    """Characters in a row that are a clause rather than a word: few words of the script are as long."""
    language: str
    tokenizer: str
    """What to pass as `tokenizer`."""


_KANA = "\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_SCRIPTS = {
    "han": _Script(_HAN, 6, "Chinese", "tokenizer=jieba.lcut (from the package jieba)"),
    "kana": _Script(
        _KANA + _HAN,
        6,
        "Japanese",
        "a function that returns [word.surface for word in fugashi.Tagger()(text)] (from the package fugashi; make the Tagger "
        "once)",
    ),
    "thai": _Script("\u0e01-\u0e5b", 20, "Thai", "tokenizer=pythainlp.word_tokenize (from the package pythainlp)"),
    "lao": _Script("\u0e81-\u0edf", 20, "Lao", "tokenizer=laonlp.word_tokenize (from the package laonlp)"),
    "khmer": _Script("\u1780-\u17ff", 20, "Khmer", "tokenizer=khmernltk.word_tokenize (from the package khmer-nltk)"),
    "burmese": _Script(
        "\u1000-\u109f\ua9e0-\ua9fe\uaa60-\uaa7f",
        24,
        "Burmese",
        "a function that returns pyidaungsu.tokenize(text, form='word') (from the package pyidaungsu)",
    ),
    "hangul": _Script(
        "\uac00-\ud7a3",
        12,
        "Korean",
        "a function that returns [token.form for token in kiwipiepy.Kiwi().tokenize(text)] (from the package kiwipiepy; make "
        "the Kiwi once)",
    ),
}
#: Long runs of characters of one script. Japanese is what has kana among its Chinese characters, so it is tried first.
_CLAUSES = re.compile(
    "|".join(
        f"(?P<{name}>{f'(?=[{_HAN}]*[{_KANA}])' if name == 'kana' else ''}[{script.characters}]{{{script.shortest},}})"
        for name, script in sorted(_SCRIPTS.items(), key=lambda item: item[0] != "kana")
    )
)


def count_clauses(tokens: Iterable[str]) -> Counter[str]:
    """Count the characters of a sample of tokens: under "" all of them, under the name of a script those of its long runs."""
    characters: Counter[str] = Counter()
    for token in tokens:
        characters[""] += len(token)
        if not token.isascii():
            for clause in _CLAUSES.finditer(token):
                characters[clause.lastgroup or ""] += clause.end() - clause.start()
    return characters


def warn_of_clauses(characters: Counter[str]) -> None:
    """Warn if most characters, as :func:`count_clauses` counts them, stand in tokens that are clauses rather than words."""
    clauses = Counter({name: n for name, n in characters.items() if name})
    if 2 * clauses.total() <= characters[""]:
        return
    if clauses["han"] <= 9 * clauses["kana"]:  # some clauses of Japanese have no kana
        clauses["kana"] += clauses.pop("han", 0)
    script = _SCRIPTS[clauses.most_common(1)[0][0]]
    warn_caller(
        f"most tokens are whole clauses: the text looks like {script.language}, without spaces between words. Pass a tokenizer "
        f"that finds the words, such as {script.tokenizer}, or put spaces between them beforehand."
    )
