"""Scores of word vectors; printed, they are tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from glove_sklearn._embedding.frames import import_for_frames

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True)
class AnalogyScore:
    """Score of a section of analogies, or of several sections together.

    Attributes
    ----------
    name : str
    n_correct : int
    n_asked : int
        Questions whose four words are in the vocabulary.
    n_questions : int
        Questions in the file.
    """

    name: str
    n_correct: int
    n_asked: int
    n_questions: int

    @property
    def accuracy(self) -> float:
        """Fraction of the questions asked that were answered correctly; NaN if none was asked."""
        return self.n_correct / self.n_asked if self.n_asked else math.nan

    @property
    def coverage(self) -> float:
        """Fraction of the questions that were asked; 0 if there are no questions."""
        return self.n_asked / self.n_questions if self.n_questions else 0.0

    @property
    def accuracy_of_all(self) -> float:
        """Fraction of all questions that were answered correctly, where those out of vocabulary count as wrong.

        NaN if there are no questions.
        """
        return self.n_correct / self.n_questions if self.n_questions else math.nan


@dataclass(frozen=True, repr=False)
class AnalogyScores:
    """Scores of :func:`evaluate_analogies`. Printed, they are a table.

    Attributes
    ----------
    method : {"3CosAdd", "3CosMul"}
    sections : tuple of AnalogyScore
        In the order of the file. ``scores["family"]`` is the section of that name.
    semantic, syntactic, total : AnalogyScore
        Of the sections whose names do not start with "gram", of the others, and of all.
    accuracy, coverage, accuracy_of_all : float
        Those of `total`.
    """

    method: str
    sections: tuple[AnalogyScore, ...]

    @property
    def semantic(self) -> AnalogyScore:
        """The sections whose names do not start with "gram"."""
        return self._together("semantic", [not _is_syntactic(section) for section in self.sections])

    @property
    def syntactic(self) -> AnalogyScore:
        """The sections whose names start with "gram"."""
        return self._together("syntactic", [_is_syntactic(section) for section in self.sections])

    @property
    def total(self) -> AnalogyScore:
        """All sections."""
        return self._together("total", [True] * len(self.sections))

    @property
    def accuracy(self) -> float:
        """That of `total`."""
        return self.total.accuracy

    @property
    def coverage(self) -> float:
        """That of `total`."""
        return self.total.coverage

    @property
    def accuracy_of_all(self) -> float:
        """That of `total`."""
        return self.total.accuracy_of_all

    def __getitem__(self, name: str) -> AnalogyScore:
        return _named(name, self.sections)

    def to_frame(self) -> DataFrame:
        """A pandas DataFrame: a row for each section, then "semantic", "syntactic" and "total".

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        columns = ("n_correct", "n_asked", "n_questions", "accuracy", "coverage", "accuracy_of_all")
        return _frame("section", columns, self._rows())

    def __str__(self) -> str:
        cells = [[self.method, "correct", "asked", "in file", "accuracy", "of all"]]
        for score in self._rows():
            counts = (f"{count:,}" for count in (score.n_correct, score.n_asked, score.n_questions))
            cells.append([score.name, *counts, f"{score.accuracy:.4f}", f"{score.accuracy_of_all:.4f}"])
        return _table(cells)

    __repr__ = __str__

    def _rows(self) -> tuple[AnalogyScore, ...]:
        return (*self.sections, self.semantic, self.syntactic, self.total)

    def _together(self, name: str, chosen: list[bool]) -> AnalogyScore:
        sections = [section for section, is_chosen in zip(self.sections, chosen, strict=True) if is_chosen]
        return AnalogyScore(
            name,
            sum(section.n_correct for section in sections),
            sum(section.n_asked for section in sections),
            sum(section.n_questions for section in sections),
        )


@dataclass(frozen=True)
class SimilarityScore:
    """Agreement of cosines with the similarities in a file.

    Attributes
    ----------
    name : str
        Name of the file, without its extension.
    n_known : int
        Pairs whose two words are in the vocabulary.
    n_pairs : int
        Pairs in the file.
    spearman, pearson : float
        Rank correlation and linear correlation; NaN for fewer than two pairs, or if all values are the same.
    spearman_pvalue, pearson_pvalue : float
        Two-sided p-values, from SciPy.
    """

    name: str
    n_known: int
    n_pairs: int
    spearman: float
    spearman_pvalue: float
    pearson: float
    pearson_pvalue: float

    @property
    def coverage(self) -> float:
        """Fraction of the pairs whose words are in the vocabulary; 0 if there are no pairs."""
        return self.n_known / self.n_pairs if self.n_pairs else 0.0


@dataclass(frozen=True, repr=False)
class SimilarityScores:
    """Scores of :func:`evaluate_similarities`. Printed, they are a table.

    Attributes
    ----------
    sets : tuple of SimilarityScore
        One for each file. ``scores["wordsim353"]`` is that of the file "wordsim353.tsv".
    """

    sets: tuple[SimilarityScore, ...]

    def __getitem__(self, name: str) -> SimilarityScore:
        return _named(name, self.sets)

    def to_frame(self) -> DataFrame:
        """A pandas DataFrame with a row for each file.

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        correlations = ("spearman", "spearman_pvalue", "pearson", "pearson_pvalue")
        return _frame("set", ("n_known", "n_pairs", "coverage", *correlations), self.sets)

    def __str__(self) -> str:
        cells = [["", "known", "in file", "coverage", "Spearman", "Pearson"]]
        for score in self.sets:
            numbers = (f"{number:.4f}" for number in (score.coverage, score.spearman, score.pearson))
            cells.append([score.name, f"{score.n_known:,}", f"{score.n_pairs:,}", *numbers])
        return _table(cells)

    __repr__ = __str__


def _is_syntactic(section: AnalogyScore) -> bool:
    return section.name.startswith("gram")


def _named(name: str, scores: Sequence[Any]) -> Any:
    for score in scores:
        if score.name == name:
            return score
    raise KeyError(f"no score is called {name!r}; there are {', '.join(repr(score.name) for score in scores)}")


def _table(cells: list[list[str]]) -> str:
    """Align columns: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *(map(str.rjust, line[1:], widths[1:]))]).rstrip() for line in cells
    )


def _frame(index: str, columns: Sequence[str], scores: Sequence[Any]) -> DataFrame:
    pandas = import_for_frames("pandas")
    names = pandas.Index([score.name for score in scores], name=index)
    return pandas.DataFrame({column: [getattr(score, column) for score in scores] for column in columns}, index=names)
