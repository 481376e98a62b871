"""The program ``glove-sklearn``: training, document vectors, queries, evaluation and conversion without a line of Python."""

from __future__ import annotations

import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click

from glove_sklearn import __version__
from glove_sklearn.cli.embed import embed
from glove_sklearn.cli.plot import plot
from glove_sklearn.cli.queries import analogy, convert, evaluate, info, neighbors
from glove_sklearn.cli.train import train
from glove_sklearn.cli.wording import in_options

#: Errors that a user can fix, which are shown in one line, without a traceback.
_USER_ERRORS = (ValueError, OSError, MemoryError, FloatingPointError, ImportError)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    no_args_is_help=True,
    epilog="Learn more about a command with: glove-sklearn COMMAND --help",
)
@click.version_option(__version__, prog_name="glove-sklearn")
def cli() -> None:
    """GloVe word vectors: train them on your own text, turn documents into vectors, query, evaluate and convert them.

    \b
    For example:
      glove-sklearn train corpus.txt --output vectors.txt
      glove-sklearn embed vectors.txt corpus.txt --output features.npy
      glove-sklearn neighbors vectors.txt king water
      glove-sklearn evaluate vectors.txt
      glove-sklearn plot vectors.txt --output map.html
    """


for _command in (train, embed, neighbors, analogy, evaluate, plot, convert, info):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status.

    Errors that a user can fix are one line on standard error and status 2; Ctrl-C is status 130, SIGTERM 143.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    given = sys.argv[1:] if arguments is None else arguments
    command = next((cli.commands[argument] for argument in given if argument in cli.commands), cli)

    def show_warning(message: Warning | str, *_: Any) -> None:
        click.echo(f"glove-sklearn: warning: {' '.join(in_options(str(message), command).split())}", err=True)

    with warnings.catch_warnings():
        warnings.showwarning = show_warning  # type: ignore[assignment]
        try:
            with _interrupted_by_sigterm():
                return cli.main(arguments, prog_name="glove-sklearn", standalone_mode=False) or 0
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.format_message())
            return 0
        except click.UsageError as error:
            path = error.ctx.command_path if error.ctx else "glove-sklearn"
            return _fail(f"{error.format_message().rstrip('.')} (see {path} --help)")
        except click.ClickException as error:
            return _fail(error.format_message())
        except (click.Abort, KeyboardInterrupt) as error:
            is_terminated = isinstance(error, _TerminatedError) or isinstance(error.__cause__, _TerminatedError)
            click.echo(f"glove-sklearn: {'terminated' if is_terminated else 'interrupted'}", err=True)
            return 128 + signal.SIGTERM if is_terminated else 130
        except BrokenPipeError:  # the reader of the output has closed it, as `head` does
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except _USER_ERRORS as error:
            if isinstance(error, OSError) and error.strerror and error.filename is not None:  # without "[Errno 2]"
                return _fail(f"{os.fsdecode(error.filename)}: {error.strerror[0].lower()}{error.strerror[1:]}")
            return _fail(in_options(str(error), command) or type(error).__name__)


class _TerminatedError(KeyboardInterrupt):
    """SIGTERM came, which ends the program as Ctrl-C does: what is unfinished is removed."""


@contextmanager
def _interrupted_by_sigterm() -> Iterator[None]:
    """Raise an error when SIGTERM comes, so that files are closed and removed as on Ctrl-C."""

    def terminate(*_: Any) -> None:
        raise _TerminatedError

    if threading.current_thread() is not threading.main_thread():  # only the main thread handles signals
        yield
        return
    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _fail(message: str) -> int:
    click.echo(f"glove-sklearn: {' '.join(message.split())}", err=True)
    return 2
