"""How good word vectors are: Google's analogies, WordSim-353 and SimLex-999, which gensim ships.

Among the 30,000 most frequent words, as gensim's ``evaluate_word_analogies`` and ``evaluate_word_pairs`` do it, and with
the same result for text in lower case; all analogies at once, because gensim takes half a minute for them.
"""

from __future__ import annotations

import numpy as np

N_WORDS = 30_000
_QUESTIONS_AT_ONCE = 512


def evaluate(terms: list[str], vectors: np.ndarray) -> dict[str, float | None]:
    """All three, by the names that rows use.

    Parameters
    ----------
    terms : list of str
        The most frequent first.
    vectors : ndarray of shape (n_words, d)
    """
    rows: dict[str, int] = {}
    for row, term in enumerate(terms[:N_WORDS]):
        rows.setdefault(term.lower(), row)
    vectors = np.asarray(vectors[:N_WORDS], dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    units = vectors / np.where(lengths > 0, lengths, 1)
    return {
        "analogies": analogies(rows, units),
        "wordsim353": word_pairs("wordsim353.tsv", rows, units),
        "simlex999": word_pairs("simlex999.txt", rows, units),
    }


def analogies(rows: dict[str, int], units: np.ndarray) -> float | None:
    """Percentage of the questions "a is to b as c is to ...?" answered by the word nearest to b - a + c."""
    questions = []
    for line in _lines("questions-words.txt"):
        words = line.lower().split()
        if len(words) == 4 and all(word in rows for word in words):
            questions.append([rows[word] for word in words])
    if not questions:
        return None
    n_correct = 0
    for start in range(0, len(questions), _QUESTIONS_AT_ONCE):
        a, b, c, answer = np.array(questions[start : start + _QUESTIONS_AT_ONCE]).T
        similarities = (units[b] - units[a] + units[c]) @ units.T
        for asked in (a, b, c):
            np.put_along_axis(similarities, asked[:, None], -np.inf, axis=1)
        n_correct += np.count_nonzero(similarities.argmax(axis=1) == answer)
    return 100 * n_correct / len(questions)


def word_pairs(name: str, rows: dict[str, int], units: np.ndarray) -> float | None:
    """Rank correlation of cosines with the similarities that people gave to pairs of words."""
    from scipy.stats import spearmanr

    cosines, human = [], []
    for line in _lines(name):
        first, second, similarity = line.lower().split("\t")
        if first in rows and second in rows:
            cosines.append(units[rows[first]] @ units[rows[second]])
            human.append(float(similarity))
    if len(human) < 10:
        return None
    return float(spearmanr(cosines, human).statistic)


def evaluate_text_file(path: str) -> dict[str, float | None]:
    """The same for a file of a word and its vector a line, as the C program writes it."""
    terms, vectors = [], []
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            term, *numbers = line.rstrip("\n").split(" ")
            if term != "<unk>":
                terms.append(term)
                vectors.append(np.array(numbers, dtype=np.float32))
    return evaluate(terms, np.stack(vectors))


def _lines(name: str) -> list[str]:
    from gensim.test.utils import datapath

    with open(datapath(name), encoding="utf-8") as file:
        return [line for line in file.read().splitlines() if line and line[0] not in ":#"]
