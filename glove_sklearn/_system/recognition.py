"""What a file is that is neither text nor vectors, told by its first bytes, and what its owner can do about it."""

from __future__ import annotations

import re
from typing import NamedTuple

#: Bytes of the beginning that :func:`recognise` looks at.
N_BYTES = 1 << 16


class Foreign(NamedTuple):
    """A kind of file that is not read here."""

    what: str
    """Completes "the file is ..."."""
    advice: str
    """What to do."""


_DECOMPRESS = "decompress it first"
#: How a file begins. No line of text and no word with its vector begins so.
_SIGNATURES: tuple[tuple[bytes, Foreign], ...] = (
    (rb"SQLite format 3\0", Foreign("an SQLite database", "export the texts or the vectors to a text file")),
    (
        rb"\xba\x16\x4f\x2f",
        Foreign(
            "a binary model of fastText",
            "take the .vec file that fastText writes beside it, or load it with "
            "gensim.models.fasttext.load_facebook_vectors and save its vectors",
        ),
    ),
    (
        rb"version https://git-lfs\.github\.com/spec/",
        Foreign("a pointer of Git LFS, not the file itself", "get the file with: git lfs pull"),
    ),
    (rb"\x93NUMPY", Foreign("an array of NumPy (.npy)", "load it with numpy.load")),
    (rb"\x80[\2-\5]", Foreign("a pickle", "load it with pickle, if you trust it")),
    (rb"PAR1[\x00-\x1f\x80-\xff]", Foreign("a Parquet file", "read it with pandas.read_parquet, and pass the column")),
    (rb"ARROW1\0", Foreign("an Arrow file", "read it with pyarrow, and pass the column")),
    (rb"\x89HDF\r\n\x1a\n", Foreign("an HDF5 file", "read it with h5py or pandas.read_hdf")),
    (rb"%PDF-\d", Foreign("a PDF document", "extract its text first, for example with pdftotext")),
    (rb"\{\\rtf", Foreign("an RTF document", "save it as plain text")),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Foreign("a document of Microsoft Office", "save it as plain text")),
    (rb"\x28\xb5\x2f\xfd", Foreign("compressed by Zstandard", f"{_DECOMPRESS}, with: unzstd")),
    (rb"\x04\x22\x4d\x18", Foreign("compressed by LZ4", f"{_DECOMPRESS}, with: unlz4")),
    (rb"\x1f\x9d", Foreign("compressed by compress (.Z)", f"{_DECOMPRESS}, with: uncompress")),
    (rb"7z\xbc\xaf\x27\x1c", Foreign("a 7z archive", "unpack it first, with: 7z x")),
    (rb"Rar!\x1a\x07", Foreign("a RAR archive", "unpack it first, with: unrar x")),
    (rb"GGUF[\1-\x0f]\0", Foreign("a language model (GGUF)", "word vectors are not in such a file")),
    (rb".[\0-\xff]{7}\{\"__metadata__\"", Foreign("a file of safetensors", "load it with the package safetensors")),
    (rb"\x89PNG\r\n|\xff\xd8\xff|GIF8[79]a", Foreign("a picture", "give a file of text")),
    (rb"\x7fELF|MZ\x90\0|\xcf\xfa\xed\xfe", Foreign("a program", "give a file of text")),
    (
        rb"\xff\xfe\0\0|\0\0\xfe\xff",
        Foreign("text in UTF-32", "convert it to UTF-8, with: iconv -f utf-32 -t utf-8"),
    ),
    (
        rb"\xff\xfe|\xfe\xff",
        Foreign("text in UTF-16", "convert it to UTF-8, with: iconv -f utf-16 -t utf-8"),
    ),
)
_KINDS = tuple((re.compile(pattern, re.DOTALL), kind) for pattern, kind in _SIGNATURES)
#: A page that was downloaded instead of a file, or whose text was not extracted.
_MARKUP = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<!doctype\s+html\b|<html(>|\s+\w+=)|<\?xml\s+version|<mediawiki\b)", re.IGNORECASE
)


def recognise(start: bytes) -> Foreign | None:
    """Tell what kind of file begins with some bytes, if it can be neither text in an extension of ASCII nor word vectors.

    Parameters
    ----------
    start : bytes
        The beginning of a file, up to :data:`N_BYTES`; decompressed.
    """
    for pattern, kind in _KINDS:
        if pattern.match(start):
            return kind
    return None


def recognise_markup(start: bytes) -> Foreign | None:
    """Tell an HTML page or an XML file, which is text, but not only the text of its author."""
    if match := _MARKUP.match(start):
        what = "an HTML page" if b"html" in match[2].lower() else "an XML file"
        return Foreign(
            what, "check the address it was downloaded from, and extract the text: its tags are no words of the text"
        )
    return None


def is_pickle(start: bytes) -> bool:
    """Return whether some bytes are the beginning of a pickle, which can run any program when it is read."""
    return start[:1] == b"\x80" and start[1:2] in (b"\2", b"\3", b"\4", b"\5")


def is_binary(start: bytes) -> bool:
    """Return whether there are NUL bytes, which no text in an extension of ASCII has."""
    return b"\0" in start
