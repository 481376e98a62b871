"""The command-line options of a benchmark, made from the signature of its function ``run``.

A default is written once, in the signature; a tuple means that the option takes several values. Type and help text are written
once: here, or in the OPTIONS of the benchmark that has the option.
"""

from __future__ import annotations

import inspect
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

SHARED: dict[str, dict[str, Any]] = {
    "n_components": {"type": int, "metavar": "D", "help": "dimension of the vectors"},
    "n_jobs": {"type": int, "metavar": "N", "help": "number of threads"},
    "max_iter": {"type": int, "metavar": "N", "help": "epochs of GloVe"},
    "epochs": {"type": int, "metavar": "N", "help": "epochs of Word2Vec"},
    "word2vec_windows": {"type": int, "metavar": "N", "help": "window sizes of Word2Vec"},
    "seeds": {"type": int, "metavar": "SEED", "help": "random seeds"},
    "repetitions": {"type": int, "metavar": "N", "help": "how often to measure; rows hold medians"},
    "data_home": {
        "metavar": "FOLDER",
        "help": "folder with 20 Newsgroups; default: scikit-learn's, which downloads it",
    },
}


def add_options(parser: ArgumentParser, run: Callable[..., Any], own: dict[str, dict[str, Any]]) -> None:
    """Add an option for each keyword-only parameter of `run`.

    Parameters
    ----------
    parser : ArgumentParser
    run : callable
    own : dict
        Arguments of ``add_argument`` by the name of a parameter, beyond those of `SHARED`.
    """
    known = {**SHARED, **own}
    for name, parameter in inspect.signature(run).parameters.items():
        if parameter.kind is parameter.KEYWORD_ONLY:
            option, default = dict(known[name]), parameter.default
            if isinstance(default, tuple):
                option["nargs"] = "+"
            if default is not None:
                shown = " ".join(map(str, default)) if isinstance(default, tuple) else default
                option["help"] += f"; default: {shown}"
            parser.add_argument(f"--{name.replace('_', '-')}", default=default, **option)
