"""Text to measure with."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Iterator
from pathlib import Path

from gensim.corpora import WikiCorpus
from gensim.test.utils import datapath

WIKIPEDIA = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"

_OPENERS = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}


def iterate_documents(path: str | Path, encoding: str = "utf-8") -> Iterator[str]:
    """Documents of a text file, one a line; .gz, .bz2 and .xz are decompressed."""
    opener = _OPENERS.get(Path(path).suffix, open)
    with opener(path, "rt", encoding=encoding) as file:
        for line in file:
            yield line.rstrip("\n")


def wikipedia_excerpt() -> list[str]:
    """The articles of English Wikipedia that gensim ships, as text: about 100 articles."""
    corpus = WikiCorpus(datapath(WIKIPEDIA), dictionary={}, processes=1)
    return [" ".join(tokens) for tokens in corpus.get_texts()]


def lee_background() -> list[str]:
    """300 short news articles that gensim ships (Lee, Pincombe and Welsh, CogSci 2005)."""
    return list(iterate_documents(datapath("lee_background.cor")))
