"""Write the declared parameters into the signatures and docstrings of the estimators, and into the table of the documentation.

``python -m tools.write_parameters`` writes the files; with ``--check`` it only says which of them are out of date.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from pathlib import Path
from typing import Any

from glove_sklearn._parameters import (
    COUNTER_PARAMETERS,
    EMBEDDING_VECTORIZER_PARAMETERS,
    GLOVE_PARAMETERS,
    VECTORIZER_PARAMETERS,
    Option,
    Parameter,
    Stanford,
)

ROOT = Path(__file__).resolve().parents[1]
ESTIMATORS = {
    "glove_sklearn/counter.py": ("CooccurrenceCounter", COUNTER_PARAMETERS, 0),
    "glove_sklearn/embedding_vectorizer.py": ("EmbeddingVectorizer", EMBEDDING_VECTORIZER_PARAMETERS, 1),
    "glove_sklearn/glove.py": ("GloVe", GLOVE_PARAMETERS, 1),
    "glove_sklearn/vectorizer.py": ("GloVeVectorizer", VECTORIZER_PARAMETERS, 1),
}
TABLE = "docs/parameters.md"
BEGIN, END = "<!-- parameters: begin -->\n", "<!-- parameters: end -->\n"
WIDTH = 128


def literal(value: Any) -> str:
    """Return a default as the source code has it."""
    if isinstance(value, str):
        return f'r"{value}"' if "\\" in value else f'"{value}"'
    return repr(value)


def docstring_section(parameters: tuple[Parameter, ...]) -> str:
    """Return the section "Parameters" of a class docstring, in numpydoc's format."""
    lines = ["    Parameters", "    ----------"]
    for parameter in parameters:
        default = "" if parameter.default is ... else f", default={literal(parameter.default)}"
        lines.append(f"    {parameter.name} : {parameter.shown_kind}{default}")
        text = f"{parameter.summary} {parameter.details}".strip()
        lines += textwrap.wrap(
            text,
            WIDTH,
            initial_indent=" " * 8,
            subsequent_indent=" " * 8,
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines) + "\n"


def constructor(parameters: tuple[Parameter, ...], n_positional: int) -> str:
    """Return the method `__init__`."""
    lines = ["    def __init__(", "        self,"]
    for index, parameter in enumerate(parameters):
        if index == n_positional:
            lines.append("        *,")
        default = "" if parameter.default is ... else f" = {literal(parameter.default)}"
        lines.append(f"        {parameter.name}: {parameter.annotation}{default},")
    lines.append("    ) -> None:")
    lines += [f"        self.{parameter.name} = {parameter.name}" for parameter in parameters]
    return "\n".join(lines) + "\n"


def with_parameters(source: str, class_name: str, parameters: tuple[Parameter, ...], n_positional: int) -> str:
    """Return the source of an estimator with its docstring and constructor up to date."""
    lines = source.splitlines(keepends=True)
    (cls,) = [n for n in ast.parse(source).body if isinstance(n, ast.ClassDef) and n.name == class_name]
    (init,) = [n for n in cls.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"]
    assert init.end_lineno is not None
    lines[init.lineno - 1 : init.end_lineno] = [constructor(parameters, n_positional)]
    first = lines.index("    Parameters\n", cls.lineno)
    last = lines.index("    Attributes\n", first)
    lines[first:last] = [docstring_section(parameters), "\n"]
    return "".join(lines)


def table() -> str:
    """Return the table of names, in Markdown, without those parameters of the text that only CountVectorizer has, too."""
    lines = [
        "| here | option | default | paper | Stanford GloVe | set here, to reproduce it | gensim `Word2Vec` |",
        "|---|---|---|---|---|---|---|",
    ]
    for parameter in VECTORIZER_PARAMETERS:
        if parameter.effect == "text" and parameter.stanford is None and not parameter.gensim:
            continue
        option = f"`--{parameter.name.replace('_', '-')}`" if isinstance(parameter.option, Option) else ""
        stanford = parameter.stanford or Stanford()
        names = ", ".join(f"`{name}`" for name in stanford.option.split(", ") if name)
        value = (
            ""
            if stanford.value is ...
            else "`str.split`"
            if stanford.value is str.split
            else f"`{literal(stanford.value)}`"
        )
        gensim = f"`{parameter.gensim}`" if parameter.gensim.isidentifier() else parameter.gensim
        default = f"`{literal(parameter.default)}`"
        lines.append(
            f"| `{parameter.name}` | {option} | {default} | {parameter.paper} | {names} | {value} | {gensim} |"
        )
    return "\n".join(lines) + "\n"


def with_table(page: str) -> str:
    """Return the page with its table up to date."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table() + END + after


def updated() -> dict[Path, str]:
    """Return the files that are out of date, with what they should be."""
    expected = {}
    for name, arguments in ESTIMATORS.items():
        path = ROOT / name
        expected[path] = with_parameters(path.read_text(encoding="utf-8"), *arguments)
    path = ROOT / TABLE
    if path.exists():
        expected[path] = with_table(path.read_text(encoding="utf-8"))
    return {path: text for path, text in expected.items() if path.read_text(encoding="utf-8") != text}


def main(arguments: list[str]) -> int:
    """Write the files, or check them."""
    outdated = updated()
    for path, text in outdated.items():
        print(
            f"{path.relative_to(ROOT)}: {'out of date; run `make parameters`' if '--check' in arguments else 'written'}"
        )
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    return 1 if outdated and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
