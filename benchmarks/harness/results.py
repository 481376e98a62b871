"""Rows of numbers: printed as a table while a benchmark runs, appended to a file of JSON lines, and read again."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.harness.columns import COLUMNS, METHODS, cell, columns_of


class Row(NamedTuple):
    """One measurement, as benchmarks yield it."""

    method: str
    parameters: dict[str, Any]
    """What was measured: with another value, it is another measurement."""
    numbers: dict[str, Any]
    """What came out."""
    corpus: dict[str, Any] | None = None
    """Description of the text, if it is not the one that the user chose."""


class Results:
    """The rows of one run; each is printed, and appended to the file, as soon as it is measured.

    Parameters
    ----------
    benchmark : str
    about : dict
        What all rows say: machine, versions and corpus.
    output : Path
    """

    def __init__(self, benchmark: str, about: dict[str, Any], output: Path) -> None:
        self.rows: list[dict[str, Any]] = []
        self._about = {"benchmark": benchmark, "date": datetime.now().astimezone().isoformat("T", "seconds"), **about}
        self._output = output
        self._columns: list[str] = []

    def add(self, row: Row) -> None:
        """Take a row."""
        full = {**self._about, **{name: value for name, value in row._asdict().items() if value is not None}}
        self.rows.append(full)
        with open(self._output, "a", encoding="utf-8") as file:
            file.write(json.dumps(full) + "\n")
        if not set(columns_of([full])) <= set(self._columns):
            self._columns = columns_of(self.rows)
            self._print([COLUMNS[name].heading for name in self._columns])
        self._print([cell(name, full) for name in self._columns])

    def _print(self, cells: list[str]) -> None:
        widths = {"method": max(map(len, METHODS.values())), "settings": 30}
        aligned = [
            text.ljust(widths[name]) if name in widths else text.rjust(max(8, len(COLUMNS[name].heading)))
            for name, text in zip(self._columns, cells, strict=True)
        ]
        print("  ".join(aligned).rstrip(), flush=True)


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file; of those that measured the same thing on the same machine and text, the last."""
    latest = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            measured = [row[name] for name in ("benchmark", "machine", "corpus", "method", "parameters")]
            latest[json.dumps(measured, sort_keys=True)] = row
    return list(latest.values())
