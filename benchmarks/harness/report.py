"""Markdown tables of the rows of benchmarks, printed or written between the marks of a document.

Of rows that measured the same thing on the same machine and text, the last counts. Marks are the lines
`<!-- begin NAME -->` and `<!-- end NAME -->`, with the name of a benchmark; what stands between them is replaced.
"""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from pathlib import Path

from benchmarks.harness.results import markdown


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--write", type=Path, metavar="FILE", help="a document with marks; default: print")


def run(rows: list[dict], write: Path | None) -> None:
    """Print the tables, or write them."""
    names = dict.fromkeys(row["benchmark"] for row in rows)
    if write is None:
        for name in names:
            print(f"## {name}\n\n{tables(name, rows)}\n")
        return
    document = write.read_text(encoding="utf-8")
    for name in names:
        marks = re.compile(rf"(<!-- begin {re.escape(name)} -->\n).*?(<!-- end {re.escape(name)} -->)", re.DOTALL)
        # Empty lines around a table, or it is not one.
        document = marks.sub(lambda found, name=name: f"{found[1]}\n{tables(name, rows)}\n\n{found[2]}", document)
    write.write_text(document, encoding="utf-8")


def tables(name: str, rows: list[dict]) -> str:
    """The tables of one benchmark, one for each text and machine, with a line on where the numbers are from."""
    from benchmarks.__main__ import module_of

    columns = module_of(name).COLUMNS
    shown = {column.key for column in columns}
    groups: dict[str, list[dict]] = {}
    for row in rows:
        if row["benchmark"] == name:
            groups.setdefault(json.dumps([row["corpus"], row["machine"]], sort_keys=True), []).append(row)
    return "\n\n".join(f"{_caption(group, shown)}\n\n{markdown(group, columns)}" for group in groups.values())


def _caption(rows: list[dict], shown: set[str]) -> str:
    last = max(rows, key=lambda row: row["date"])
    corpus, machine = last["corpus"], last["machine"]
    parameters = {
        key: value
        for key, value in {**rows[-1]["parameters"], **rows[0]["parameters"]}.items()
        if key not in shown and all(row["parameters"].get(key, value) == value for row in rows)
    }
    versions = ", ".join(f"{package} {number}" for package, number in last["versions"].items())
    settings = ", ".join(f"`{key}={value}`" for key, value in parameters.items())
    return (
        f"{corpus['name'][0].upper()}{corpus['name'][1:]}: {corpus['n_documents']:,} documents, "
        f"{corpus['n_tokens']:,} tokens{'; ' if settings else ''}{settings}. {machine['processor']}, "
        f"{machine['cores']} cores, {machine['memory'] / 1e9:.0f} GB, {machine['instruction_set']}; {versions}; "
        f"{last['date'][:10]}."
    )
