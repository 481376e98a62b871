"""Say errors and warnings of the package in the program's own terms: its options, instead of parameters in Python."""

from __future__ import annotations

import re

import click

#: A parameter with a value, as messages of the package show it.
_ASSIGNED = re.compile(r"\b([a-z]\w*)=(True\b|'[^']*'|\"[^\"]*\"|[\w.+-]+)?")
#: A parameter whose name is no English word.
_NAMED = re.compile(r"(?<![-\w./])([a-z]+(?:_[a-z]+)+)(?![-\w=(/]|\.\w)")
#: Parameters that an option of another name sets: for vectors that are written, and those that are read.
_OF_FORMATS = {"format": ("target_format", "format_")}
#: Options of other commands, where a command has none of its own.
_ELSEWHERE = {"format": "convert --from", "skip_unwritable": "convert --skip-unwritable"}


def in_options(message: str, command: click.Command) -> str:
    """Replace the names of parameters by the options of a command that set them; other names stay.

    Parameters
    ----------
    message : str
    command : click.Command

    Returns
    -------
    message : str
    """
    options = _ELSEWHERE | {
        parameter.name: max(parameter.opts, key=len)
        for parameter in command.params
        if isinstance(parameter, click.Option)
    }

    def assigned(match: re.Match[str]) -> str:
        name, value = match[1], match[2]
        if value is None and name in _OF_FORMATS:  # what is to be written must be named
            name = next((other for other in _OF_FORMATS[name] if other in options), name)
        if name not in options:
            return match[0]
        return options[name] if value in (None, "True") else f"{options[name]} {value.strip(chr(39) + chr(34))}"

    def named(match: re.Match[str]) -> str:
        return options.get(match[1], match[1])

    return _NAMED.sub(named, _ASSIGNED.sub(assigned, message))
