"""Files of word vectors, vocabularies, co-occurrences and parameters: the formats of the C program, word2vec and gensim.

=======================================================  ==================================================================
:func:`load_vectors`, :func:`read_vectors`               word vectors of any of the formats, which is found out
:func:`save_vectors`                                     word vectors, in the format that the extension says
:func:`read_glove_text`, :func:`write_glove_text`        the C program's text
:func:`read_glove_model0`, :func:`read_glove_binary`     its text and its binary of all parameters, as word vectors
:func:`read_word2vec_text`, :func:`write_word2vec_text`  word2vec's text
:func:`read_word2vec_binary`,                            word2vec's binary
:func:`write_word2vec_binary`
:func:`read_gensim`, :func:`write_gensim`                gensim's own files
:func:`read_vocabulary`, :func:`write_vocabulary`        the C program's ``vocab.txt``
:func:`read_cooccurrences`,                              its ``cooccurrence.bin`` and ``cooccurrence.shuf.bin``
:func:`iterate_cooccurrences`,
:func:`write_cooccurrences`
:func:`read_parameters`, :func:`write_parameters`        its ``vectors.bin`` and ``gradsq.bin``, as a model that goes on
:func:`describe`                                         what a file is, and what is in it
=======================================================  ==================================================================

The layout of each format is in the docstring of what reads it. Files may be compressed (.gz, .bz2, .xz, .zip), gensim's excepted.
What is written takes the place of an earlier file when it is complete.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from glove_sklearn._training.checkpoint import read_metadata
from glove_sklearn.formats.cooccurrences import (
    COOCCURRENCE,
    are_cooccurrences,
    is_vocabulary,
    iterate_cooccurrences,
    read_cooccurrences,
    read_vocabulary,
    write_cooccurrences,
    write_vocabulary,
)
from glove_sklearn.formats.parameters import read_parameters, write_parameters
from glove_sklearn.formats.vectors import (
    FORMATS,
    WordVectors,
    format_to_read,
    load_vectors,
    read_gensim,
    read_glove_binary,
    read_glove_model0,
    read_glove_text,
    read_vectors,
    read_word2vec_binary,
    read_word2vec_text,
    save_vectors,
    write_gensim,
    write_glove_text,
    write_word2vec_binary,
    write_word2vec_text,
)

__all__ = [
    "COOCCURRENCE",
    "FORMATS",
    "WordVectors",
    "describe",
    "iterate_cooccurrences",
    "load_vectors",
    "read_cooccurrences",
    "read_gensim",
    "read_glove_binary",
    "read_glove_model0",
    "read_glove_text",
    "read_parameters",
    "read_vectors",
    "read_vocabulary",
    "read_word2vec_binary",
    "read_word2vec_text",
    "save_vectors",
    "write_cooccurrences",
    "write_gensim",
    "write_glove_text",
    "write_parameters",
    "write_vocabulary",
    "write_word2vec_binary",
    "write_word2vec_text",
]

#: Words that are shown of a file.
_N_SHOWN = 5


def describe(path: Any) -> dict[str, Any]:
    """Say what a file is, and what is in it; it is read as a whole.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    facts : dict of str to str or number
        "what" it is, then what there is to say of that.

    Raises
    ------
    OSError
        Where it cannot be read.
    ValueError
        Where it is none of the files of this module, or a damaged one.
    """
    path = os.fsdecode(path)
    if os.path.isfile(path) and (about := read_metadata(path)):
        losses = about["loss_curve"]
        shape = about["shape"]
        return {
            "what": "checkpoint of a run of training",
            "passes": len(losses),
            "loss": f"{losses[-1]:.6g}",
            "words": shape[0],
            **({} if shape[0] == shape[1] else {"contexts": shape[1]}),
            **{
                name: f"{value:g}" if isinstance(value, int | float) else value
                for name, value in about["settings"].items()
            },
        }
    if are_cooccurrences(path):
        n_records = largest = 0
        total, is_sorted, last = 0.0, True, 0
        for records in iterate_cooccurrences(path):
            n_records += len(records)
            largest = max(largest, int(records["word1"].max()), int(records["word2"].max()))
            total += float(records["value"].sum())
            ids = np.append(last, records["word1"])
            is_sorted, last = is_sorted and bool((ids[1:] >= ids[:-1]).all()), int(ids[-1])
        order = "sorted" if is_sorted else "shuffled"
        return {
            "what": "co-occurrences",
            "records": n_records,
            "order": order,
            "largest id": largest,
            "sum of values": f"{total:.6g}",
        }
    if is_vocabulary(path):
        terms, counts = read_vocabulary(path, unicode_errors="replace")
        assert counts is not None
        return {
            "what": "vocabulary",
            "words": len(terms),
            "sum of counts": int(counts.sum()),
            "counts": f"{counts.max()} to {counts.min()}",
            "first words": " ".join(terms[:_N_SHOWN]),
        }
    format = format_to_read(path)
    terms, vectors, counts = read_vectors(path, format=format)
    if format == "glove-binary" and len(vectors) and vectors.min() >= 2:  # two accumulators, each 1 in the beginning
        return {"what": "state of the optimiser", "words": len(terms), "dimension": vectors.shape[1]}
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1) if len(terms) else np.zeros(1)
    return {
        "what": "word vectors",
        "format": format,
        "words": len(terms),
        "dimension": vectors.shape[1],
        "lengths": f"{lengths.min():.4g} to {lengths.max():.4g}, on average {lengths.mean():.4g}",
        **({} if counts is None or not len(counts) else {"counts": f"{counts.max()} to {counts.min()}"}),
        "first words": " ".join(terms[:_N_SHOWN]),
        "last words": " ".join(terms[-_N_SHOWN:]),
    }
