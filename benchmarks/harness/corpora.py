"""Text to measure with."""

from __future__ import annotations

import bz2
import gzip
import lzma
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

WIKIPEDIA = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"

_OPENERS = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}


class Corpus(NamedTuple):
    """A plain text file, one document a line."""

    path: Path
    name: str
    n_documents: int
    n_tokens: int
    """Words between white space."""
    n_bytes: int

    def description(self) -> dict[str, object]:
        """What rows say of it."""
        return {name: value for name, value in self._asdict().items() if name != "path"}


def prepare(path: Path | None, folder: Path) -> Corpus:
    """The corpus of a file, or of what gensim ships; as plain text, written to `folder` where it is not."""
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
    n_documents = n_tokens = 0
    for document in iterate_documents(plain):
        n_documents += 1
        n_tokens += len(document.split())
    return Corpus(plain, name, n_documents, n_tokens, plain.stat().st_size)


def iterate_documents(path: str | Path, encoding: str = "utf-8") -> Iterator[str]:
    """Documents of a text file, one a line; .gz, .bz2 and .xz are decompressed."""
    opener = _OPENERS.get(Path(path).suffix, open)
    with opener(path, "rt", encoding=encoding, newline="\n") as file:
        for line in file:
            yield line.rstrip("\n")


def wikipedia_excerpt() -> list[str]:
    """The articles of English Wikipedia that gensim ships, as text: about 100 articles."""
    from gensim.corpora import WikiCorpus
    from gensim.test.utils import datapath

    corpus = WikiCorpus(datapath(WIKIPEDIA), dictionary={}, processes=1)
    return [" ".join(tokens) for tokens in corpus.get_texts()]


def lee_background() -> list[str]:
    """300 short news articles that gensim ships (Lee, Pincombe and Welsh, CogSci 2005)."""
    from gensim.test.utils import datapath

    return list(iterate_documents(datapath("lee_background.cor")))
