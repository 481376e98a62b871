"""Rows of numbers: printed as a table, appended to a file of JSON lines, read again, written as Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

#: What is measured, by the names of the command line and of the rows.
METHODS = {
    "glove-sklearn": "glove_sklearn",
    "c-settings": "glove_sklearn, set as the C program",
    "count-vectorizer": "CountVectorizer",
    "tfidf": "TF-IDF",
    "tfidf-svd": "TF-IDF + SVD",
    "lsa": "TF-IDF + SVD",
    "ppmi-svd": "PPMI + SVD",
    "skip-gram": "Word2Vec skip-gram",
    "cbow": "Word2Vec CBOW",
    "gensim": "gensim",
    "c-program": "C program",
    "c-program-shuffled": "C program, shuffled",
}


class Column(NamedTuple):
    """One column of a table."""

    heading: str
    key: str
    """Of the row's numbers or parameters."""
    format: str = ",.2f"
    unit: float = 1
    """What numbers are divided by."""

    def text(self, row: dict) -> str:
        """The cell of a row, with the standard deviation if it has one; empty where the row has no such number."""
        if self.key == "method":
            return METHODS.get(row["method"], row["method"])
        values = {**row["parameters"], **row["numbers"]}
        value, deviation = values.get(self.key), values.get(f"{self.key}_sd")
        if self.key == "settings" and value == "":
            return "defaults"
        if value is None or isinstance(value, (str, bool)):
            return {None: "", True: "yes", False: "no"}.get(value, value)
        return " ± ".join(
            format(number / self.unit if self.unit != 1 else number, self.format)
            for number in (value, deviation)
            if number is not None
        )


METHOD = Column("method", "method")
D = Column("d", "n_components", "d")
CPU = Column("CPU s", "cpu_seconds")
WALL = Column("wall s", "wall_seconds")
PEAK = Column("peak GB", "peak_memory", ".2f", 1e9)
WORDS = Column("words", "n_words", ",d")
ENTRIES = Column("entries of X", "n_entries", ",d")
ANALOGIES = Column("analogies %", "analogies", ".1f")
SIMILARITIES = (Column("WordSim-353", "wordsim353", ".3f"), Column("SimLex-999", "simlex999", ".3f"))
SETTINGS = Column("settings", "settings")
SEEDS = Column("seeds", "n_seeds", "d")
WINDOW = Column("window", "window_size", "d")
X_MAX = Column("x_max", "x_max", ".1f")
PASSES = Column("passes", "n_passes", "d")
THREADS = Column("threads", "n_jobs", "d")


class Results:
    """The rows of one run: each is printed and appended to the file as soon as it is there.

    Parameters
    ----------
    benchmark : str
    columns : sequence of Column
    about : dict
        What all rows say: machine, versions and corpus.
    output : Path
    """

    def __init__(self, benchmark: str, columns: Iterable[Column], about: dict[str, Any], output: Path) -> None:
        self.columns = tuple(columns)
        self.rows: list[dict] = []
        self._about = {"benchmark": benchmark, "date": datetime.now().astimezone().isoformat("T", "seconds"), **about}
        self._output = output
        self._widths = [
            max(map(len, METHODS.values())) if column.key == "method" else max(8, len(column.heading))
            for column in self.columns
        ]

    def add(
        self, method: str, parameters: dict[str, Any], numbers: dict[str, Any], corpus: dict[str, Any] | None = None
    ) -> None:
        """Take a row; `corpus` only where it is not that of the run."""
        row = {**self._about, "method": method, "parameters": parameters, "numbers": numbers}
        if corpus is not None:
            row["corpus"] = corpus
        if not self.rows:
            self._print([column.heading for column in self.columns])
        self.rows.append(row)
        self._print([column.text(row) for column in self.columns])
        with open(self._output, "a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def _print(self, cells: list[str]) -> None:
        aligned = [
            cell.ljust(width) if column.key == "method" else cell.rjust(width)
            for cell, column, width in zip(cells, self.columns, self._widths, strict=True)
        ]
        print("  ".join(aligned).rstrip(), flush=True)


def read(path: Path) -> list[dict]:
    """The rows of a file; of those that measured the same thing on the same machine and text, the last."""
    latest = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            what = [row[name] for name in ("benchmark", "machine", "corpus", "method", "parameters")]
            latest[json.dumps(what, sort_keys=True)] = row
    return list(latest.values())


def markdown(rows: list[dict], columns: Iterable[Column]) -> str:
    """A table; columns in which no row has anything are left out."""
    cells = [[column.heading, *(column.text(row) for row in rows)] for column in columns]
    cells = [column for column in cells if any(column[1:])]
    lines = ["| " + " | ".join(line) + " |" for line in zip(*cells, strict=True)]
    return "\n".join([lines[0], "|" + "---|" * len(cells), *lines[1:]])
