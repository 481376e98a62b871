"""Options of the program: those that are made from declared parameters, and those that several commands share."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Callable, Sequence
from numbers import Integral
from typing import Any

import click

from glove_sklearn._embedding.combination import COMBINATIONS
from glove_sklearn._parameters import PARAMETERS, Option, Parameter
from glove_sklearn._system.sklearn_compat import Interval
from glove_sklearn.formats.collections import has_columns
from glove_sklearn.formats.documents import files_below


def path_type(**options: Any) -> click.Path:
    """Return the type of a path, which commands receive as a str."""
    return click.Path(path_type=str, **options)


OUTPUT_FILE = path_type(dir_okay=False)
vectors_argument = click.argument("vectors", type=path_type())


def document_options() -> list[click.Option]:
    """Return the options that say what a document of a file is."""
    return [
        click.Option(
            ["--document-per-file"], is_flag=True, help="Each file is one document; otherwise each line is one."
        ),
        click.Option(
            ["--text-column"],
            metavar="NAME",
            help=(
                "Read this column of text of Parquet (.parquet), CSV or TSV (.csv, .tsv), or the text under this key of JSON "
                "Lines (.jsonl, .json), all but Parquet also .gz; needs Dask."
            ),
        ),
    ]


def check_document_options(paths: Sequence[str], document_per_file: bool, text_column: str | None) -> None:
    """Refuse options that contradict each other, and warn of tables that would be read as lines of text."""
    if text_column is None:
        files = (file for path in paths for file in (files_below(path) if os.path.isdir(path) else [path]))
        tables = list(filter(has_columns, files))
        if tables:
            others = f" and {len(tables) - 1} more are" if len(tables) > 1 else " is"
            warnings.warn(
                f"{tables[0]}{others} read as text, a document a line, with other columns; --text-column NAME reads one column.",
                stacklevel=2,
            )
    elif document_per_file:
        raise click.UsageError("--text-column reads a document from each row, and --document-per-file from each file")
    elif "-" in paths:
        raise click.UsageError("- is standard input, of which --text-column reads no column: give files")


class NumberOrWord(click.ParamType):
    """A number, or one of a few words; "none" stands for None and other words for themselves."""

    name = "number"

    def __init__(self, number: click.ParamType, words: tuple[str, ...]) -> None:
        self._number, self._words = number, words

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:  # noqa: D102
        return f"[NUMBER|{'|'.join(self._words)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: D102
        if value in self._words:
            return None if value == "none" else value
        try:
            return self._number.convert(value, param, ctx)
        except click.BadParameter:
            what = "a whole number from 1" if isinstance(self._number, click.IntRange) else "a number"
            self.fail(f"expected {', '.join([what, *self._words[:-1]])} or {self._words[-1]}, got {value!r}")


class ChoiceOrNone(click.Choice):
    """One of a few words, of which "none" stands for None."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: D102
        return None if value is None or super().convert(value, param, ctx) == "none" else value


def parameter_option(parameter: Parameter) -> click.Option:
    """Make the option of a declared parameter, with its default and the first sentences of its documentation."""
    option = parameter.option
    assert isinstance(option, Option)
    name = f"--{parameter.name.replace('_', '-')}"
    settings: dict[str, Any] = {"type": _type(parameter, option), "metavar": option.metavar, "help": _help(parameter)}
    default = parameter.default if option.default is None else option.default
    if default is not None:
        settings |= {"default": default, "show_default": True}
    return click.Option([*([option.short] if option.short else []), name], **settings)


def _type(parameter: Parameter, option: Option) -> click.ParamType:
    if option.kind == "file":
        return OUTPUT_FILE
    if option.kind == "folder":
        return path_type(file_okay=False)
    if option.kind in ("size", "open"):
        return click.STRING
    allows_none = None in parameter.constraints
    words = (*parameter.choices, *(["none"] if allows_none else []))
    interval = next((constraint for constraint in parameter.constraints if isinstance(constraint, Interval)), None)
    if interval is None and Integral not in parameter.constraints:
        if not parameter.choices:
            return click.STRING
        return ChoiceOrNone(words) if allows_none else click.Choice(words)
    number: click.ParamType = click.FLOAT
    if interval is None:
        number = click.INT
    elif interval.type is Integral:
        number = click.IntRange(interval.left)
    return NumberOrWord(number, words) if words else number


def _help(parameter: Parameter) -> str:
    """Turn the summary of a parameter into plain text that speaks of options."""

    def name(match: re.Match[str]) -> str:
        declared = PARAMETERS.get(match[1])
        is_option = declared is not None and isinstance(declared.option, Option)
        return f"--{match[1].replace('_', '-')}" if is_option else match[1]

    text = re.sub(r"``(.*?)``", r"\1", parameter.summary)
    text = re.sub(r"`(\w+)`", name, text)
    for choice in parameter.choices:
        text = text.replace(f'"{choice}"', choice)
    return re.sub(r"\bNone\b", "none", text)


def reading_options(
    format_option: str = "--format", encoding_option: str = "--encoding"
) -> Callable[[Callable], Callable]:
    """Add the options that say how vectors are read."""
    options = (
        click.option(
            "--combine",
            type=click.Choice(COMBINATIONS),
            default="sum",
            show_default=True,
            help=(
                "Which vectors to read from a file of Stanford GloVe that has two of each word. They are as trained, without the "
                "--postprocess of `train`."
            ),
        ),
        click.option(
            "--vocabulary",
            type=path_type(),
            help="The vocab.txt that belongs to a binary file of Stanford GloVe; by default the one beside it.",
        ),
        click.option(
            encoding_option,
            metavar="ENCODING",
            default="utf-8",
            show_default=True,
            help="Encoding of the words of the vectors and of --vocabulary.",
        ),
        click.option(
            format_option,
            "format",
            metavar="FORMAT",
            help="Format of the vectors, instead of the one that is detected; `convert --help` lists them.",
        ),
    )

    def decorate(command: Callable) -> Callable:
        for option in options:
            command = option(command)
        return command

    return decorate
