"""Say what a file is, and what is in it."""

from __future__ import annotations

import os
import pickletools
from typing import Any

import numpy as np

from glove_sklearn._system.files import StrPath, format_suffix, open_to_read
from glove_sklearn._system.recognition import N_BYTES, is_pickle
from glove_sklearn._training.checkpoint import read_metadata
from glove_sklearn._vector_files.gensim import GENSIM
from glove_sklearn._vector_files.vectors import detect_format, read_vectors
from glove_sklearn._vector_files.vocabulary import looks_like_vocabulary, read_vocabulary
from glove_sklearn.formats.cooccurrences import iterate_cooccurrences, looks_like_cooccurrences

#: Words of a vocabulary that are shown.
_N_SHOWN = 5


def describe(path: StrPath) -> dict[str, Any]:
    """Say what a file is, and what is in it; the whole file is read, unless it is gensim's.

    gensim's files are pickles, which can run any program when they are read. So they are not: only the name of their class is
    looked up.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    facts : dict of str to str or number
        The "kind" of file, followed by facts that depend on it.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is none of the files of this module, or damaged.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from glove_sklearn.formats import describe, write_vocabulary
    >>> with TemporaryDirectory() as folder:
    ...     write_vocabulary(f"{folder}/vocab.txt", ["ice", "steam"], [7, 3])
    ...     describe(f"{folder}/vocab.txt")["kind"]
    'vocabulary'
    """
    path = os.fsdecode(path)
    if os.path.isfile(path) and (metadata := read_metadata(path)):
        return _describe_checkpoint(metadata)
    if os.path.isfile(path) and (facts := _describe_uncertainty(path)):
        return facts
    with open_to_read(path) as file:
        start = file.peek(N_BYTES)  # type: ignore[attr-defined]
    if is_pickle(start) and format_suffix(path) in GENSIM.suffixes:
        return _describe_pickle(path)
    if looks_like_cooccurrences(path):
        return _describe_cooccurrences(path)
    if looks_like_vocabulary(path):
        return _describe_vocabulary(path)
    return _describe_vectors(path)


def _describe_checkpoint(metadata: dict[str, Any]) -> dict[str, Any]:
    losses, (n_words, n_contexts) = metadata["loss_curve"], metadata["shape"]
    settings = {
        name: f"{value:g}" if isinstance(value, int | float) else value for name, value in metadata["settings"].items()
    }
    return {
        "kind": "checkpoint of a run of training",
        "epochs": len(losses),
        "loss": f"{losses[-1]:.6g}",
        "words": n_words,
        **({} if n_words == n_contexts else {"contexts": n_contexts}),
        **settings,
    }


def _describe_uncertainty(path: str) -> dict[str, Any] | None:
    """Describe a file for the uncertainty of vectors; None for any other file."""
    from glove_sklearn.uncertainty import files  # here, because it imports the estimators, which few need

    if not files.is_file_of_uncertainty(path):
        return None
    content = files.read(path)
    return {
        "kind": "co-occurrences and a model, for the uncertainty of vectors",
        "words": len(content.terms),
        "dimension": content.embedding.shape[1],
        "entries": content.rows.n_entries,
        "first words": " ".join(content.terms[:_N_SHOWN]),
    }


def _describe_pickle(path: str) -> dict[str, Any]:
    folder, name = os.path.split(os.path.abspath(path))
    beside = sorted(other for other in os.listdir(folder) if other.startswith(f"{name}.") and other.endswith(".npy"))
    return {
        "kind": "pickle of gensim",
        "class": _class_of_pickle(path),
        **({"with": " ".join(beside)} if beside else {}),
        "content": "not read, because a pickle can run any program; load or convert it if you trust it",
    }


def _class_of_pickle(path: str) -> str:
    """Return the name of the first class that a pickle mentions, which is that of its object, without loading anything."""
    strings: list[str] = []
    with open_to_read(path) as file:
        try:
            for opcode, argument, _ in pickletools.genops(file):
                if opcode.name == "GLOBAL":
                    return str(argument).replace(" ", ".")
                if opcode.name == "STACK_GLOBAL" and len(strings) > 1:
                    return ".".join(strings[-2:])
                if isinstance(argument, str):
                    strings.append(argument)
        except (ValueError, UnicodeDecodeError, IndexError, KeyError, OverflowError):
            return "unknown: the pickle is damaged"
    return "none"


def _describe_cooccurrences(path: str) -> dict[str, Any]:
    n_records = largest = last = 0
    total, is_sorted = 0.0, True
    for records in iterate_cooccurrences(path):
        n_records += len(records)
        largest = max(largest, int(records["word1"].max()), int(records["word2"].max()))
        with np.errstate(all="ignore"):  # the file may be damaged
            total += float(records["value"].sum())
        ids = np.append(last, records["word1"])
        is_sorted, last = is_sorted and bool((ids[1:] >= ids[:-1]).all()), int(ids[-1])
    return {
        "kind": "co-occurrences",
        "records": n_records,
        "order": "sorted" if is_sorted else "shuffled",
        "largest id": largest,
        "sum of values": f"{total:.6g}",
    }


def _describe_vocabulary(path: str) -> dict[str, Any]:
    terms, counts = read_vocabulary(path, unicode_errors="replace")
    assert counts is not None
    return {
        "kind": "vocabulary",
        "words": len(terms),
        "sum of counts": int(counts.sum()),
        "counts": f"{counts.max()} to {counts.min()}",
        "first words": " ".join(terms[:_N_SHOWN]),
    }


def _describe_vectors(path: str) -> dict[str, Any]:
    format = detect_format(path)
    terms, vectors, counts = read_vectors(path, format=format)
    # Sums of two accumulators, each of which starts at 1.
    if format == "glove-binary" and len(vectors) and vectors.min() >= 2:
        return {"kind": "state of the optimiser", "words": len(terms), "dimension": vectors.shape[1]}
    with np.errstate(invalid="ignore", over="ignore"):  # the file may be damaged
        lengths = np.linalg.norm(vectors.astype(np.float64), axis=1) if len(terms) else np.zeros(1)
    return {
        "kind": "word vectors",
        "format": format,
        "words": len(terms),
        "dimension": vectors.shape[1],
        "lengths": f"{lengths.min():.4g} to {lengths.max():.4g}, on average {lengths.mean():.4g}",
        **({} if counts is None or not len(counts) else {"counts": f"{counts.max()} to {counts.min()}"}),
        "first words": " ".join(terms[:_N_SHOWN]),
        "last words": " ".join(terms[-_N_SHOWN:]),
    }
