"""The format "gensim": what ``KeyedVectors.save`` and gensim's models write.

The file is a pickle, with large arrays in files beside it whose names start with its own; it can hold any words. A pickle can run
any program when it is read: read only what you trust. It is detected only if its extension is .kv or .model.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from glove_sklearn._embedding.gensim_bridge import make_keyed_vectors
from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors
from glove_sklearn._system.files import format_suffix, open_folder_to_write
from glove_sklearn._system.recognition import is_pickle
from glove_sklearn._vector_files.format import Format, ReadingOptions, Source

if TYPE_CHECKING:
    from gensim.models import KeyedVectors

_SUFFIXES = (".kv", ".model")


def _detect(source: Source, options: ReadingOptions) -> bool:
    path, start, _ = source
    if not is_pickle(start):
        return False
    # Reading a pickle may run anything, so at least the name of the file must say that it is one.
    if format_suffix(path) not in _SUFFIXES:
        raise ValueError(
            f"{path} is a pickle, which can run any program when it is read, and its extension is not .kv or .model; if you "
            "trust it, give format='gensim'"
        )
    return True


def load_keyed_vectors(path: str | os.PathLike[str]) -> KeyedVectors:
    """Load the KeyedVectors that gensim saved, or those of a model such as Word2Vec, FastText or Doc2Vec.

    Raises
    ------
    ImportError
        If gensim is not installed.
    ValueError
        If the file holds something else.
    """
    try:
        from gensim.models import KeyedVectors
        from gensim.utils import SaveLoad
    except ImportError as error:
        raise ImportError("gensim's files need gensim, which is not installed: pip install gensim") from error
    path = os.fsdecode(path)
    try:
        loaded = SaveLoad.load(path)
    except (OSError, MemoryError):
        raise
    except Exception as error:  # a pickle may raise anything
        raise ValueError(f"{path} holds no vectors or model of gensim ({type(error).__name__}: {error})") from error
    found = getattr(loaded, "wv", loaded)
    if not isinstance(found, KeyedVectors):
        raise ValueError(f"{path} holds a {type(loaded).__name__}, and not KeyedVectors or a model that has them")
    return found


def _read(source: Source, options: ReadingOptions) -> WordVectors:
    terms, vectors, counts = as_word_vectors(load_keyed_vectors(source.path))
    some = slice(options.limit)
    return WordVectors(
        terms[some],
        np.ascontiguousarray(vectors[some], dtype=np.float32),
        None if counts is None else counts[some],
    )


def _write(path: str, vectors: Any, unknown: bool) -> None:
    if not hasattr(vectors, "index_to_key"):
        terms, rows, counts = as_word_vectors(vectors)
        vectors = make_keyed_vectors(terms, rows.astype(np.float32, copy=False), counts)
    with open_folder_to_write(path) as whole:
        vectors.save(whole)


GENSIM = Format(
    "gensim",
    "gensim's own, a pickle",
    detect=_detect,
    read=_read,
    write=_write,
    suffixes=_SUFFIXES,
    is_utf8=False,
    is_compressible=False,
)
