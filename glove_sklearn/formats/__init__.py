"""Files of word vectors, vocabularies, co-occurrences and parameters: the formats of Stanford GloVe, word2vec and gensim.

================================================  =====================================================================
:func:`as_word_vectors`                           words and an array, from whatever holds vectors in memory
:func:`load_vectors`, :func:`read_vectors`        read word vectors in any format, which is detected
:func:`save_vectors`                              write word vectors, in the format that the extension stands for
:func:`read_vocabulary`,                          Stanford GloVe's ``vocab.txt``
:func:`write_vocabulary`
:func:`read_cooccurrences`,                       its ``cooccurrence.bin`` and ``cooccurrence.shuf.bin``
:func:`iterate_cooccurrences`,
:func:`write_cooccurrences`
:func:`read_parameters`,                          its ``vectors.bin`` and ``gradsq.bin``, as a model that can resume
:func:`write_parameters`
:func:`describe`                                  says what a file is, and what is in it
================================================  =====================================================================

Formats of word vectors, as ``format=`` takes them; the modules of the package describe their layouts:

=================  ====================================================================================================
"glove"            text, as Stanford GloVe writes it: a line ``word value ... value`` for each word
"glove-model0"     its text with ``-model 0``: both vectors and both biases of a word on a line
"glove-binary"     its binary parameters, with a ``vocab.txt``
"word2vec"         text with a first line ``n d``; also what fastText calls ``.vec``
"word2vec-binary"  a first line ``n d``, then records of bytes
"gensim"           what ``KeyedVectors.save`` and gensim's models write: a pickle
"csv"              a table with a header ``word,0,1,...``, as spreadsheets and pandas write it
"tsv"              the same with tabs
"projector"        a ``.tsv`` of values and a ``.metadata.tsv`` of words, for TensorFlow's Embedding Projector
"npy"              an array of NumPy, and a ``.words.txt`` of words
"parquet"          a table of Apache Parquet: words, lists of values and counts; needs pyarrow
=================  ====================================================================================================

Files may be compressed (.gz, .bz2, .xz, .zip), except those of "gensim", "projector", "npy" and "parquet". A new file replaces an
earlier one only when it is complete.
Values are float32; text has the fewest digits that read as the same float32, so that reading it yields the same bits.

Which words a format can hold; others are refused, and the message names the word. Only "gensim" holds lone surrogates, which have
no UTF-8; "csv", "tsv", "npy" and "parquet" hold empty words, too.

- "glove": no newline. Spaces and tabs inside, as in Stanford's files (gensim and other programs cannot read such lines), but not
  at the ends of a word, and without a number after the last of them, which would be one value too many. Not ``<unk>`` in the
  last row.
- "word2vec": no ASCII white space, so that every program can read them.
- "word2vec-binary": no space and no newline.
- "projector": no tab and no line end; "npy": no line end.
- "csv", "tsv" and "parquet": any.
"""

from glove_sklearn._embedding.word_vectors import WordVectors, as_word_vectors
from glove_sklearn._vector_files.registry import FORMATS
from glove_sklearn._vector_files.vectors import load_vectors, read_vectors, save_vectors
from glove_sklearn._vector_files.vocabulary import read_vocabulary, write_vocabulary
from glove_sklearn.formats.cooccurrences import (
    COOCCURRENCE,
    iterate_cooccurrences,
    read_cooccurrences,
    write_cooccurrences,
)
from glove_sklearn.formats.describe import describe
from glove_sklearn.formats.parameters import read_parameters, write_parameters

__all__ = [
    "COOCCURRENCE",
    "FORMATS",
    "WordVectors",
    "as_word_vectors",
    "describe",
    "iterate_cooccurrences",
    "load_vectors",
    "read_cooccurrences",
    "read_parameters",
    "read_vectors",
    "read_vocabulary",
    "save_vectors",
    "write_cooccurrences",
    "write_parameters",
    "write_vocabulary",
]
