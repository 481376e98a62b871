"""Damage files of all kinds, and check that their readers end with a result or with an error that names the file.

``python -m tools.fuzz --files 4000 --seed 0`` makes 4000 damaged files and gives each to some readers. A reader may return,
or raise a ValueError, an OSError or a MemoryError whose message names the file. Anything else is a finding: another error, a
message without the file, a warning of NumPy, a crash, and more time or memory than such a small file justifies. The file of a
finding is kept, and ``--only N`` repeats it with its traceback. The same seed makes the same files.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import io
import json
import lzma
import os
import random
import signal
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import traceback
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from glove_sklearn import CooccurrenceCounter, GloVe
from glove_sklearn._fitting import open_checkpoint
from glove_sklearn._training.settings import TrainingSettings
from glove_sklearn.evaluation.question_files import read_pairs, read_questions
from glove_sklearn.formats import (
    WordVectors,
    describe,
    iterate_cooccurrences,
    read_cooccurrences,
    read_parameters,
    read_vectors,
    read_vocabulary,
    save_vectors,
    write_cooccurrences,
    write_parameters,
    write_vocabulary,
)
from glove_sklearn.formats.documents import iterate_documents

#: What a reader may raise.
EXPECTED = (ValueError, OSError, MemoryError)
#: Seconds and bytes that reading one of these small files may take.
SECONDS, BYTES = 10, 1 << 30
#: Files that one process reads.
_BATCH = 1000
_TEXT = ["the cat saw the dog", "a dog saw the small cat", "naïve été 東京 the end", "dog and cat and dog"] * 3
_MODEL: dict[str, Any] = {"n_components": 3, "max_iter": 1, "random_state": 0, "init": "random"}
#: Numbers that headers are made to claim.
_HUGE = [0, 1, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**40, 2**63 - 1, 2**64 - 1, 10**13]

Reader = Callable[[str], Any]


def _checkpoint(path: str) -> None:
    checkpoint = open_checkpoint(TrainingSettings.of(GloVe(**_MODEL, checkpoint=path)))
    assert checkpoint is not None
    if checkpoint.exists:
        checkpoint.check_origin(None, 5)
        for side in ("words", "contexts"):
            checkpoint.load(side)


def _documents(path: str, **options: Any) -> list[str]:
    return list(iterate_documents([path], **options))


#: The readers of each kind of file; those of ANY read all kinds.
ANY: dict[str, Reader] = {
    "describe": describe,
    "read_vectors": read_vectors,
    "documents": _documents,
    "documents in UTF-16": lambda path: _documents(path, encoding="utf-16"),
    "documents with errors ignored": lambda path: _documents(path, decode_error="ignore", document_per_file=True),
}
READERS: dict[str, dict[str, Reader]] = {
    "glove": {
        "glove": lambda path: read_vectors(path, format="glove"),
        "limit": lambda path: read_vectors(path, limit=2),
    },
    "word2vec": {
        "word2vec": lambda path: read_vectors(path, format="word2vec"),
        "Latin-1": lambda path: read_vectors(path, encoding="latin-1"),
    },
    "word2vec-binary": {
        "word2vec-binary": lambda path: read_vectors(path, format="word2vec-binary"),
        "strict": lambda path: read_vectors(path, unicode_errors="strict"),
    },
    "csv": {"csv": lambda path: read_vectors(path, format="csv")},
    "tsv": {"tsv": lambda path: read_vectors(path, format="tsv", unicode_errors="backslashreplace")},
    "projector": {"projector": lambda path: read_vectors(path, format="projector")},
    "npy": {"npy": lambda path: read_vectors(path, format="npy")},
    "parameters": {
        "glove-binary": lambda path: read_vectors(path, format="glove-binary"),
        "read_parameters": read_parameters,
        "read_parameters with a state": lambda path: read_parameters(path, path, n_components=3),
    },
    "vocabulary": {
        "read_vocabulary": read_vocabulary,
        "replace": lambda path: read_vocabulary(path, unicode_errors="replace"),
    },
    "cooccurrences": {
        "iterate_cooccurrences": lambda path: list(iterate_cooccurrences(path)),
        "read_cooccurrences": read_cooccurrences,
        "in little memory": lambda path: read_cooccurrences(path, memory_limit="100kB"),
        "with n_words": lambda path: read_cooccurrences(path, 9),
    },
    "checkpoint": {"checkpoint": _checkpoint},
    "corpus": {"documents in GB18030": lambda path: _documents(path, encoding="gb18030")},
    "similarities": {"read_pairs": read_pairs},
    "analogies": {"read_questions": read_questions},
}


def valid_files(folder: Path) -> dict[str, bytes]:
    """Make a small file of each kind, whole."""
    counter = CooccurrenceCounter(min_count=1).fit(_TEXT)
    terms = list(counter.vocabulary_)
    glove = GloVe(**_MODEL, warm_start=True, checkpoint=folder / "checkpoint").fit(counter.cooccurrence_)
    words = WordVectors(terms, glove.embedding_)
    for format in ("glove", "word2vec", "word2vec-binary", "csv", "tsv", "projector", "npy"):
        save_vectors(folder / format, words, format=format)
    write_parameters(folder / "parameters", glove)
    write_vocabulary(folder / "vocabulary", terms, counter.counts_)
    write_cooccurrences(folder / "cooccurrences", counter.cooccurrence_)
    (folder / "corpus").write_text("\n".join(_TEXT), encoding="utf-8")
    (folder / "similarities").write_text("word 1\tword 2\tmean\ncat\tdog\t8.1\nthe\tend\t2\n", encoding="utf-8")
    (folder / "analogies").write_text(": family\nman woman king queen\n", encoding="utf-8")
    return {kind: (folder / kind).read_bytes() for kind in READERS}


def _zipped(data: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        file.writestr(zipfile.ZipInfo("a.txt"), data, method)
    return buffer.getvalue()


def _tarred(data: bytes, format: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=format) as tar:
        info = tarfile.TarInfo("part/" + "é" * 60 + ".txt")  # whose name needs a header of its own
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


CONTAINERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zip": _zipped,
    "zip, bzip2": lambda data: _zipped(data, zipfile.ZIP_BZIP2),
    "zip, lzma": lambda data: _zipped(data, zipfile.ZIP_LZMA),
    "zip, stored": lambda data: _zipped(data, zipfile.ZIP_STORED),
    "tar": _tarred,
    "tar of GNU": lambda data: _tarred(data, tarfile.GNU_FORMAT),
    "tar, gzip": lambda data: gzip.compress(_tarred(data), mtime=0),
}


def damaged(data: bytes, others: list[bytes], source: random.Random) -> bytes:
    """Change some bytes, cut, repeat, claim huge numbers, or join the halves of two files."""
    changed = bytearray(data)
    for _ in range(source.choice([1, 1, 1, 2, 5])):
        place = source.randrange(len(changed) + 1)
        if source.random() < 0.5:  # headers are where most can go wrong
            place = min(place, source.randrange(64))
        kind = source.randrange(8)
        if kind == 0:
            for _ in range(source.choice([1, 3, 20])):
                if changed:
                    changed[source.randrange(len(changed))] = source.randrange(256)
        elif kind == 1:
            del changed[place:]
        elif kind == 2:
            del changed[place : place + source.choice([1, 4, 16, 100])]
        elif kind == 3:
            changed[place:place] = changed[place : place + source.choice([1, 8, 512])] * source.choice([1, 2, 50])
        elif kind == 4:
            number = source.choice(_HUGE)
            size = source.choice([1, 2, 4, 8])
            changed[place : place + size] = struct.pack("<Q", number & (2**64 - 1))[:size]
        elif kind == 5:
            digits = [i for i in range(len(changed)) if 48 <= changed[i] < 58]
            if digits:
                where = source.choice(digits)
                changed[where : where + 1] = str(source.choice([*_HUGE, -1, "1e400", "nan", "9" * 5000])).encode()
        elif kind == 6:
            other = source.choice(others)
            changed[place:] = other[source.randrange(len(other)) :]
        else:
            changed[place:place] = source.choice(
                [b"\0", b"\n", b" ", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\x80\4", b"PK\3\4", b"\x1f\x8b\x08", b"-"]
            )
    return bytes(changed)


def make_file(index: int, seed: int, files: dict[str, bytes]) -> tuple[str, bytes, dict[str, Reader]]:
    """Return the kind, the content and the readers of a damaged file."""
    source = random.Random(f"{seed}-{index}")
    kind = source.choice(list(files))
    data, others = files[kind], list(files.values())
    wrap = CONTAINERS[source.choice(list(CONTAINERS))]
    shape = source.randrange(4)
    if shape == 0:
        data = damaged(data, others, source)
    elif shape == 1:
        data = wrap(damaged(data, others, source))
    elif shape == 2:
        data = damaged(wrap(data), [wrap(other) for other in others], source)
    else:
        data = damaged(CONTAINERS[source.choice(list(CONTAINERS))](wrap(data)), others, source)
    readers = {**ANY, **READERS[kind]}
    if source.random() < 0.2:
        readers.update(READERS[source.choice(list(READERS))])
    return kind, data, readers


def write_companions(path: Path, files: dict[str, bytes]) -> None:
    """Write what readers look for beside a file: the words of vectors without words."""
    (path.parent / "vocab.txt").write_bytes(files["vocabulary"])
    words = b"".join(line.split()[0] + b"\n" for line in files["vocabulary"].splitlines())
    for suffix in (".words.txt", ".metadata.tsv"):
        path.with_suffix(suffix).write_bytes(words)


class _TooSlowError(BaseException):
    """Not an Exception, so that no reader takes it for damage."""


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise _TooSlowError

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def fault_of(reader: Reader, path: str, seconds: float = SECONDS) -> tuple[str, str] | None:
    """Read a file, and return what is wrong with how its reader ended and the traceback; None if nothing is."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with _within(seconds):
                reader(path)
        except _TooSlowError:
            return f"more than {seconds} seconds", traceback.format_exc()
        except EXPECTED as error:
            if path not in str(error):
                return f"{type(error).__name__} does not name the file: {error}", traceback.format_exc()
        except Exception as error:
            return f"{type(error).__name__}: {error}", traceback.format_exc()
    for warning in caught:
        if not issubclass(warning.category, UserWarning):
            return f"{warning.category.__name__}: {warning.message}", ""
    return None


def read_damaged_files(folder: Path, seed: int, first: int, last: int, *, verbose: bool = False) -> Iterator[dict]:
    """Make files and read them; yield each finding."""
    files = valid_files(folder)
    path = folder / "damaged" / "file"
    path.parent.mkdir()
    write_companions(path, files)
    for index in range(first, last):
        kind, data, readers = make_file(index, seed, files)
        (folder / "current").write_text(str(index))
        for name, reader in readers.items():
            path.write_bytes(data)
            fault = fault_of(reader, str(path))
            if fault is not None:
                yield {
                    "file": index,
                    "kind": kind,
                    "reader": name,
                    "what": fault[0],
                    "traceback": fault[1] if verbose else "",
                }


def _limit_memory() -> None:
    import resource

    taken = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (taken + BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _work(seed: int, first: int, last: int, verbose: bool, folder: Path) -> None:
    """Read files in this process, and print a line of JSON for each finding."""
    _limit_memory()
    for finding in read_damaged_files(folder, seed, first, last, verbose=verbose):
        print(json.dumps(finding), flush=True)


def _run_worker(seed: int, first: int, last: int, verbose: bool) -> Iterator[dict]:
    """Read files in another process, which may crash."""
    arguments = ["--seed", str(seed), "--range", str(first), str(last), *(["--verbose"] if verbose else [])]
    while first < last:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "tools.fuzz", *arguments, "--folder", folder]
            environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=environment)
            yield from (json.loads(line) for line in done.stdout.splitlines())
            if done.returncode == 0:
                return
            current = Path(folder, "current")
            if not current.exists():
                raise SystemExit(f"{' '.join(command)} ended with status {done.returncode} before it read a file")
            index = int(current.read_text())
        yield {"file": index, "kind": "", "reader": "", "what": f"the process ended with status {done.returncode}"}
        first = index + 1
        arguments[arguments.index("--range") + 1] = str(first)


def fuzz(seed: int, first: int, last: int, *, verbose: bool = False, keep: Path | None = None) -> int:
    """Read damaged files, print the findings, keep their files in a folder, and return how many there are."""
    began, n_findings = time.monotonic(), 0
    for start in range(first, last, _BATCH):
        for finding in _run_worker(seed, start, min(start + _BATCH, last), verbose):
            n_findings += 1
            print("file {file} ({kind}), {reader}: {what}".format(**finding), finding.get("traceback", ""))
            if keep is not None:
                keep.mkdir(exist_ok=True)
                with tempfile.TemporaryDirectory() as folder:
                    content = make_file(finding["file"], seed, valid_files(Path(folder)))[1]
                (keep / f"{seed}-{finding['file']}").write_bytes(content)
    print(f"{last - first} files, {n_findings} findings, {time.monotonic() - began:.0f} s")
    return n_findings


def main(arguments: list[str] | None = None) -> int:
    """Run the fuzzer; the status is 1 if there are findings."""
    parser = argparse.ArgumentParser(prog="python -m tools.fuzz", description=__doc__)
    parser.add_argument("--files", type=int, default=4000, metavar="N", help="how many files to make")
    parser.add_argument("--seed", type=int, default=0, help="makes the same files again")
    parser.add_argument("--only", type=int, metavar="N", help="read the Nth file only, and print tracebacks")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"), help="folder for the files of findings")
    parser.add_argument("--range", type=int, nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--verbose", action="store_true", help="print tracebacks")
    options = parser.parse_args(arguments)
    if options.range:
        first, last = options.range
        _work(options.seed, first, last, options.verbose, options.folder)
        return 0
    first, last = (0, options.files) if options.only is None else (options.only, options.only + 1)
    verbose = options.verbose or options.only is not None
    return int(fuzz(options.seed, first, last, verbose=verbose, keep=options.keep) > 0)


if __name__ == "__main__":
    sys.exit(main())
