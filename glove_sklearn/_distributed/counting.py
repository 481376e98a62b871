"""Count the co-occurrences of the documents of a Dask collection: on a cluster, or with a scheduler of this machine."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from glove_sklearn._counting.counting import CountResult, check_counting, choose_weights, count_corpus, no_cooccurrences
from glove_sklearn._counting.row_counting import add_blocks
from glove_sklearn._counting.row_store import cumulative_offsets, split_by_size
from glove_sklearn._counting.weights import FixedPointWeights, near_size_of
from glove_sklearn._distributed import tasks
from glove_sklearn._distributed.cluster import Cluster, explained
from glove_sklearn._distributed.collections import name_of, scheduler_of
from glove_sklearn._distributed.rows import DistributedRows
from glove_sklearn._distributed.tasks import Terms
from glove_sklearn._system import budget
from glove_sklearn._system.progress import progress_bar
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._text.corpus import Corpus
from glove_sklearn._text.encoder import Encoder
from glove_sklearn._text.scripts import warn_of_clauses
from glove_sklearn._text.vocabulary import (
    TermFilter,
    TermTablePool,
    Vocabulary,
    choose_vocabulary,
    count_given,
    raise_if_unused,
)

if TYPE_CHECKING:
    from distributed import Client, Future
    from sklearn.feature_extraction.text import CountVectorizer

#: Partitions whose tokens come to this process together.
_PARTITIONS_AT_ONCE = 16
#: The memory of a worker, if Dask does not limit it.
_MEMORY_OF_WORKER = 4e9
#: Fractions of the memory of a thread, for a block of fixed-point numbers, of which a task adds up a few, and of the memory of a
#: worker, for tokens whose positions are listed.
_BLOCK_SHARE, _TOKENS_SHARE = 1 / 32, 1 / 4
#: What it takes to send a token and list its position, and to send an entry of X and add it up.
_NANOSECONDS_PER_TOKEN, _NANOSECONDS_PER_ENTRY = 20, 30
#: Bytes of an entry of X whose value is a fixed-point number, and of a token with its positions.
_ENTRY, _TOKEN = 12, 12
#: Blocks of X for each thread, so that all have work until the end; but blocks of fewer entries are not worth a task.
_BLOCKS_PER_THREAD, _MIN_ENTRIES = 4, 1 << 16
#: The most ranges into which terms are cut by their hashes.
_MAX_TERM_RANGES = 64


class DistributedCounts(NamedTuple):
    """What counting on a cluster returns, as a :class:`~glove_sklearn._counting.counting.CountResult` does elsewhere."""

    tokens: DistributedTokens
    vocabulary: dict[str, int]
    counts: np.ndarray
    rows: DistributedRows
    """X."""
    near_size: int
    """What the parameter of this name stood for."""


class DistributedTokens:
    """The tokens of the documents of all partitions, as rows of X."""

    def __init__(self, partitions: list[Future], n_documents: list[int], client: Client) -> None:
        self._partitions, self._client = partitions, client
        #: Of each partition.
        self.sizes = n_documents

    @property
    def n_documents(self) -> int:
        """Number of documents."""
        return sum(self.sizes)

    def document_frequencies(self, n_terms: int) -> np.ndarray:
        """Count the documents that contain each term; int64."""
        with explained(), Cluster(self._client, 0) as cluster:
            frequencies = [
                cluster.submit("count-documents", tasks.count_documents, tokens, n_terms) for tokens in self._partitions
            ]
            return cluster.reduce("add-documents", tasks.add_up, frequencies).result()

    def total(self, function: Callable, team: ThreadTeam) -> Any:
        """Add up ``function(ids, lengths, team)`` over batches of documents, in the order of the partitions."""
        with explained(), Cluster(self._client, 0) as cluster:
            shared = cluster.share(function)
            totals = [cluster.submit("sum", tasks.total_of_tokens, tokens, shared) for tokens in self._partitions]
            return sum(cluster.results(totals, "", ""))

    def close(self) -> None:
        """Let the workers forget the tokens."""
        while self._partitions:
            self._partitions.pop().release()


def count_collection(
    collection: Any, parameters: dict[str, Any], storage: Storage, n_jobs: int | None, verbose: int
) -> CountResult | DistributedCounts:
    """Count the co-occurrences of the documents of a collection, with the bits of a list of all of them.

    Parameters
    ----------
    collection : dask.bag.Bag or dask.dataframe.Series
        What :func:`~glove_sklearn._distributed.collections.as_collection` returns.
    parameters, storage, n_jobs, verbose
        As for :func:`~glove_sklearn._counting.counting.count_cooccurrences`. Without a cluster, the scheduler reads and encodes
        the partitions, and `n_jobs` threads of this process count, with the memory of `storage`.

    Returns
    -------
    CountResult, or DistributedCounts where a cluster counts
    """
    text, terms = check_counting(parameters, storage, n_jobs, verbose)
    get, client = scheduler_of(collection)
    if client is None:
        tokens, vocabulary = _encode_here(collection, get, text, terms, parameters, storage, n_jobs, verbose)
        return count_corpus(tokens, vocabulary, parameters, storage, n_jobs, verbose)
    _check_functions(parameters)
    with explained(), Cluster(client, verbose) as cluster:
        return _count_on_cluster(collection, cluster, text, terms, parameters)


def _encode(
    collection: Any, parameters: dict[str, Any], is_given: bool, name_of_task: Callable[[int], str]
) -> list[Any]:
    """Make the delayed tasks that encode the partitions."""
    from dask import delayed

    counts_documents = not is_given and (parameters["min_df"], parameters["max_df"]) != (1, 1.0)
    of_text = {**parameters, "vocabulary": None}
    function = partial(tasks.encode_partition, parameters=of_text, counts_documents=counts_documents)
    encode = delayed(function, pure=False, traverse=False)
    return [
        encode(documents, partition, dask_key_name=name_of_task(partition))
        for partition, documents in enumerate(collection.to_delayed())
    ]


def _encode_here(
    collection: Any,
    get: Callable,
    text: CountVectorizer,
    terms: list[str] | None,
    parameters: dict[str, Any],
    storage: Storage,
    n_jobs: int | None,
    verbose: int,
) -> tuple[Corpus, Vocabulary]:
    """Let a scheduler of this machine encode the partitions, a few at a time, and choose the vocabulary here."""
    from dask import compute

    name = name_of(collection)
    encoding = _encode(collection, parameters, terms is not None, lambda partition: f"count-terms-{name}-{partition}")
    tokens, tables = Corpus(storage, budget.TOKENS, budget.DOCUMENT_LENGTHS), TermTablePool(storage, n_jobs)
    stop_words = Encoder(text).stop_words
    given = None if terms is None else Terms.of(terms, np.zeros(0, dtype=np.int64))
    batches_of: dict[int, list[int]] = {}
    clauses: Counter[str] = Counter()
    with progress_bar("reading", "partitions", verbose, len(encoding), unit_scale=False) as bar:
        for first in range(0, len(encoding), _PARTITIONS_AT_ONCE):
            for encoded in compute(*encoding[first : first + _PARTITIONS_AT_ONCE], scheduler=get):
                if given is None:
                    batches_of[tables.add(*encoded.terms[:3])] = [len(tokens)]
                    tokens.append(*encoded.tokens)
                else:
                    tokens.append(*tasks.renumber_tokens(encoded, given, stop_words))
                clauses.update(encoded.clauses)
                bar.update()
    if tokens.n_documents == 0:
        raise _no_documents()
    warn_of_clauses(clauses)
    if terms is not None:
        return tokens, count_given(tokens, terms)
    with ThreadTeam(n_jobs) as team:
        vocabulary = choose_vocabulary(tables, tokens, batches_of, stop_words, parameters, storage, team)
    tables.close()
    return tokens, vocabulary


def _count_on_cluster(
    collection: Any, cluster: Cluster, text: CountVectorizer, terms: list[str] | None, parameters: dict[str, Any]
) -> DistributedCounts:
    encoded = cluster.compute(_encode(collection, parameters, terms is not None, lambda _: cluster.key("count-terms")))
    described = [cluster.submit("describe", tasks.describe, partition) for partition in encoded]
    stop_words = Encoder(text).stop_words
    cut = []
    if terms is None:
        n_ranges = max(1, min(_MAX_TERM_RANGES, len(cluster.client.nthreads())))
        cut = [
            [cluster.submit("cut-terms", tasks.cut_terms, partition, n_ranges, i) for partition in encoded]
            for i in range(n_ranges)
        ]
    facts = cluster.results(described, "reading", "partitions")
    n_documents = [n for n, _ in facts]
    if sum(n_documents) == 0:
        raise _no_documents()
    warn_of_clauses(sum((clauses for _, clauses in facts), Counter()))
    if terms is None:
        vocabulary = _merge_terms(cut, cluster, stop_words, parameters, sum(n_documents))
    else:
        vocabulary = cluster.submit("send-words", tasks.identity, Terms.of(terms, np.zeros(0, dtype=np.int64)))
    renumbered = [
        cluster.submit("drop-words", tasks.renumber_tokens, partition, vocabulary, stop_words) for partition in encoded
    ]
    del encoded, cut
    if terms is None:
        kept: Terms = vocabulary.result()
        words, counts = kept.names(), kept.counts
    else:
        words = terms
        counted = [cluster.submit("count-words", tasks.count_tokens, tokens, len(terms)) for tokens in renumbered]
        counts = cluster.reduce("add-words", tasks.add_up, counted).result()
        raise_if_unused(counts)
    rows = _count_rows(renumbered, counts, cluster, parameters)
    tokens = DistributedTokens(renumbered, n_documents, cluster.client)
    near_size = near_size_of(parameters["near_size"], parameters["weighting"], int(counts.sum()))
    return DistributedCounts(tokens, {word: row for row, word in enumerate(words)}, counts, rows, near_size)


def _merge_terms(
    cut: list[list[Future]], cluster: Cluster, stop_words: frozenset[str], parameters: dict[str, Any], n_documents: int
) -> Future:
    """Merge the terms of all partitions, range by range of their hashes, and choose the vocabulary."""
    TermFilter(stop_words, parameters, n_documents)  # raises for contradictory parameters
    chosen = []
    for of_range in cut:
        merged = cluster.reduce("merge-terms", tasks.merge_terms, of_range)
        chosen.append(cluster.submit("choose-terms", tasks.choose_terms, merged, stop_words, parameters, n_documents))
    made = cluster.submit("make-vocabulary", tasks.make_vocabulary, chosen, parameters["max_features"])
    _, term_filter = made.result()
    term_filter.raise_if_empty()
    return cluster.submit("make-vocabulary", tasks.first_of, made)


def _count_rows(
    tokens: list[Future], counts: np.ndarray, cluster: Cluster, parameters: dict[str, Any]
) -> DistributedRows:
    measured = cluster.results(
        [cluster.submit("measure", tasks.measure, partition) for partition in tokens], "encoding", "partitions"
    )
    weights = choose_weights(max(longest for _, longest in measured), counts, parameters)
    shape = len(counts), weights.n_columns(len(counts))
    resources = _Resources.of(cluster.client)
    teams = _make_teams(tokens, [n for n, _ in measured], counts, weights, cluster.client, resources)
    # Each worker of a team lists the positions of the words in its group, and counts some of the rows.
    listed = [
        [
            (worker, cluster.submit("list-positions", tasks.list_positions, partitions, weights, shape, worker=worker))
            for worker in workers
        ]
        for partitions, workers in teams
    ]
    dtype = np.float32 if len(teams) == 1 else np.int64
    bounds = _split_rows(counts, weights, resources)
    blocks, sizes = [], []
    # In the order of the rows: the counts of a few ranges are on the cluster at a time.
    for i, rows in enumerate(bounds):
        counted = [
            cluster.submit("count-rows", tasks.count_rows, counter, *rows, dtype, worker=worker)
            for worker, counter in [of_team[i % len(of_team)] for of_team in listed]
        ]
        if len(listed) > 1:
            counted = [cluster.reduce("merge-rows", add_blocks, counted, (shape[1],), (weights.unit,))]
        blocks += counted
        sizes.append(cluster.submit("measure", tasks.count_entries, blocks[-1]))
    del listed, counted
    n_entries = sum(cluster.results(sizes, "counting", "blocks"))
    if n_entries == 0:
        raise no_cooccurrences()
    return DistributedRows(blocks, bounds, shape, n_entries)


class _Resources(NamedTuple):
    """What a cluster has."""

    workers: list[str]
    """The address of each."""
    n_threads: int
    """Of all workers."""
    memory_of_worker: float
    """Bytes; the least of all workers."""
    memory_of_thread: float

    @classmethod
    def of(cls, client: Client) -> _Resources:
        """Ask a cluster."""
        n_threads = client.nthreads()
        workers = client.scheduler_info()["workers"].values()
        memory = [(worker["memory_limit"] or _MEMORY_OF_WORKER, worker["nthreads"]) for worker in workers]
        return cls(
            sorted(n_threads) or [""],
            max(1, sum(n_threads.values())),
            min((of_worker for of_worker, _ in memory), default=_MEMORY_OF_WORKER),
            min((of_worker / n for of_worker, n in memory), default=_MEMORY_OF_WORKER),
        )


def _make_teams(
    tokens: list[Future],
    n_tokens: list[int],
    counts: np.ndarray,
    weights: FixedPointWeights,
    client: Client,
    resources: _Resources,
) -> list[tuple[list[Future], list[str | None]]]:
    """Group the partitions, and give each group a team of workers, each of which will count a share of the rows in the group.

    With one group all workers have all tokens, and no rows need to be added up; with a group for each worker hardly a token
    moves, but rows are counted in all groups and added up. What takes less time is chosen. Sums are the same in any case.
    """
    workers, total = resources.workers, sum(n_tokens)
    n_teams = [2**i for i in range(len(workers).bit_length()) if 2**i < len(workers)] + [len(workers)]

    def nanoseconds(n_groups: int) -> float:
        listing = _NANOSECONDS_PER_TOKEN * total * len(workers) / n_groups
        entries = expected_lengths(counts, weights, 1 / n_groups).sum() * n_groups if n_groups > 1 else 0
        return listing + _NANOSECONDS_PER_ENTRY * entries

    n_groups = min(n_teams, key=nanoseconds)
    n_groups = max(n_groups, -int(total * _TOKEN // -(_TOKENS_SHARE * resources.memory_of_worker)))
    places = client.who_has(tokens)
    # Those that the same worker has are together.
    order = sorted(range(len(tokens)), key=lambda i: min(places.get(tokens[i].key) or [""]))
    ends = np.cumsum([n_tokens[i] for i in order])
    groups: list[list[Future]] = [[] for _ in range(n_groups)]
    for i, end in zip(order, ends.tolist(), strict=True):
        middle = end - n_tokens[i] / 2
        groups[min(n_groups - 1, int(middle * n_groups / max(1, total)))].append(tokens[i])
    size = max(1, len(workers) // n_groups)
    return [
        (group, [workers[(g * len(workers) // n_groups + member) % len(workers)] or None for member in range(size)])
        for g, group in enumerate(groups)
        if group
    ]


def expected_lengths(counts: np.ndarray, weights: FixedPointWeights, fraction: float = 1) -> np.ndarray:
    """Estimate how many entries each row has where all words are drawn at random, for a fraction of the text; float64."""
    n_drawn = counts * (float(weights.window) * fraction)
    few = np.geomspace(1, n_drawn.max() + 1, 48)
    # A word of frequency p is among n draws with probability 1 - exp(-n p).
    n_distinct = [-np.expm1(-n * counts / counts.sum()).sum() for n in few]
    return np.interp(np.log1p(n_drawn), np.log(few), n_distinct) * (weights.n_columns(len(counts)) / len(counts))


def _split_rows(counts: np.ndarray, weights: FixedPointWeights, resources: _Resources) -> list[tuple[int, int]]:
    """Split the rows into ranges of about as many entries, few enough that some of them can be added up in memory."""
    offsets = cumulative_offsets(np.ceil(1 + expected_lengths(counts, weights)).astype(np.int64))
    balanced = offsets[-1] / (_BLOCKS_PER_THREAD * resources.n_threads)
    largest = _BLOCK_SHARE * resources.memory_of_thread / _ENTRY
    return split_by_size(offsets, min(max(balanced, _MIN_ENTRIES), largest))


def _check_functions(parameters: dict[str, Any]) -> None:
    """Raise an error if workers cannot be sent a parameter."""
    import cloudpickle

    for name, value in parameters.items():
        try:
            cloudpickle.dumps(value)
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            raise ValueError(
                f"{name}={value!r} cannot be sent to the workers of a cluster: {error}; give a function that makes what it "
                "needs when it is called."
            ) from error


def _no_documents() -> ValueError:
    return ValueError("no documents: X is empty.")
