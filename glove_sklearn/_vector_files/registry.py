"""All formats of word vectors; a new one is declared in the module of its family and listed here."""

from __future__ import annotations

from glove_sklearn._vector_files.arrays import NPY
from glove_sklearn._vector_files.binary import GLOVE_BINARY, WORD2VEC_BINARY
from glove_sklearn._vector_files.format import Format
from glove_sklearn._vector_files.gensim import GENSIM
from glove_sklearn._vector_files.parquet import PARQUET
from glove_sklearn._vector_files.tables import CSV, PROJECTOR, TSV
from glove_sklearn._vector_files.text import GLOVE, GLOVE_MODEL0, WORD2VEC

_ALL = (GLOVE, GLOVE_MODEL0, GLOVE_BINARY, WORD2VEC, WORD2VEC_BINARY, GENSIM, CSV, TSV, PROJECTOR, NPY, PARQUET)
#: A file has the first of these formats that it looks like.
DETECTED = (GENSIM, NPY, PARQUET, CSV, PROJECTOR, TSV, WORD2VEC, WORD2VEC_BINARY, GLOVE, GLOVE_BINARY)

REGISTRY: dict[str, Format] = {format.name: format for format in _ALL}
#: Names of the formats that are read.
FORMATS = tuple(REGISTRY)
#: Names of the formats that are written, by the extension of the file.
FORMAT_OF_SUFFIX = {suffix: format.name for format in _ALL for suffix in format.suffixes}
