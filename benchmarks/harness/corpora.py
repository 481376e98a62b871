"""Texts to measure with."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

WIKIPEDIA = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"

_OPENERS = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}


class Corpus(NamedTuple):
    """A plain text file, one document a line."""

    path: Path
    description: dict[str, object]


def describe(name: str, documents: Iterable[str]) -> dict[str, object]:
    """Return what rows say of a text: its name, and its size in documents, in tokens between white space, and in bytes."""
    n_documents = n_tokens = n_bytes = 0
    for document in documents:
        n_documents += 1
        n_tokens += len(document.split())
        n_bytes += len(document.encode()) + 1
    return {"name": name, "n_documents": n_documents, "n_tokens": n_tokens, "n_bytes": n_bytes}


def prepare(path: Path | None, folder: Path) -> Corpus:
    """Return the corpus of a file, or of the text that gensim ships; written to `folder` where it is not a plain file yet."""
    if path is None:
        name, plain = "text that gensim ships", folder / "gensim.txt"
        with open(plain, "w", encoding="utf-8") as file:
            file.writelines(f"{document}\n" for document in wikipedia_excerpt() + lee_background())
    elif path.suffix in _OPENERS:
        name, plain = path.stem, folder / path.stem
        with _OPENERS[path.suffix](path) as compressed, open(plain, "wb") as file:
            shutil.copyfileobj(compressed, file)
    else:
        name, plain = path.name, path.resolve()
    return Corpus(plain, {**describe(name, iterate_documents(plain)), "n_bytes": plain.stat().st_size})


def iterate_documents(path: str | Path) -> Iterator[str]:
    """Yield the documents of a plain text file, one a line."""
    with open(path, encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


def wikipedia_excerpt() -> list[str]:
    """Return the articles of English Wikipedia that gensim ships, about 100, as text."""
    from gensim.corpora import WikiCorpus
    from gensim.test.utils import datapath

    corpus = WikiCorpus(datapath(WIKIPEDIA), dictionary={}, processes=1)
    return [" ".join(tokens) for tokens in corpus.get_texts()]


def lee_background() -> list[str]:
    """Return 300 short news articles that gensim ships (Lee, Pincombe and Welsh, CogSci 2005)."""
    from gensim.test.utils import datapath

    return list(iterate_documents(datapath("lee_background.cor")))
