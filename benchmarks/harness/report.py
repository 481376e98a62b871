"""Make Markdown tables of the rows of benchmarks, and print them or write them into a document.

Of rows that measured the same thing on the same machine and text, the last counts. A document marks the place of a table with the
lines `<!-- begin NAME -->` and `<!-- end NAME -->`, where NAME is that of a benchmark; the lines between them are replaced.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from benchmarks.harness.columns import COLUMNS, cell, columns_of
from benchmarks.harness.machine import describe

OPTIONS = {"write": {"type": Path, "metavar": "FILE", "help": "document with marks; default: print the tables"}}


def run(rows: list[dict[str, Any]], *, write: Path | None = None) -> None:
    """Print the tables, or write them into the document."""
    names = dict.fromkeys(row["benchmark"] for row in rows)
    tables = {name: _tables([row for row in rows if row["benchmark"] == name]) for name in names}
    if write is None:
        for name, text in tables.items():
            print(f"## {name}\n\n{text}\n")
        return
    document = write.read_text(encoding="utf-8")
    for name, text in tables.items():
        marks = re.compile(rf"(<!-- begin {re.escape(name)} -->\n).*?(<!-- end {re.escape(name)} -->)", re.DOTALL)
        # A table needs empty lines around it.
        document = marks.sub(lambda found, text=text: f"{found[1]}\n{text}\n\n{found[2]}", document)
    write.write_text(document, encoding="utf-8")


def _tables(rows: list[dict[str, Any]]) -> str:
    """Make the tables of one benchmark, one for each text and machine, each below a line that says where its numbers are from."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(json.dumps([row["corpus"], row["machine"]], sort_keys=True), []).append(row)
    return "\n\n".join(map(_table, groups.values()))


def _table(rows: list[dict[str, Any]]) -> str:
    names = columns_of(rows)
    common = _common_parameters(rows, names)
    names = [name for name in names if name not in common]
    cells = [[COLUMNS[name].heading for name in names], *([cell(name, row) for name in names] for row in rows)]
    lines = ["| " + " | ".join(line) + " |" for line in cells]
    return "\n".join([_caption(rows, common), "", lines[0], "|" + "---|" * len(names), *lines[1:]])


def _common_parameters(rows: list[dict[str, Any]], columns: list[str]) -> dict[str, Any]:
    """Return the parameters that the caption tells: those on which all rows agree.

    A row may be without a parameter that means nothing to its method; if there is a column for the parameter, the column tells.
    """
    every = {name: value for row in reversed(rows) for name, value in row["parameters"].items()}
    return {
        name: value
        for name, value in every.items()
        if all(row["parameters"].get(name, None if name in columns else value) == value for row in rows)
        and not any(name in row["numbers"] for row in rows)
    }


def _caption(rows: list[dict[str, Any]], common: dict[str, Any]) -> str:
    last = max(rows, key=lambda row: row["date"])
    corpus = last["corpus"]
    shown = [f"`{name}={value}`" for name, value in common.items() if value != ""]  # "" are the defaults
    settings = "; " + ", ".join(shown) if shown else ""
    return (
        f"{corpus['name'][0].upper()}{corpus['name'][1:]}: {corpus['n_documents']:,} documents, {corpus['n_tokens']:,} tokens"
        f"{settings}. {describe(last['machine'], last['versions'])}; {last['date'][:10]}."
    )
