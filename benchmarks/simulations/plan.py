"""Compute a plan for 840 billion tokens, the size of the text behind Stanford's largest vectors: hours, bytes, tasks, limits.

Costs are measured on 16.7 million tokens of Wikipedia; numbers of words and of distinct pairs are extrapolated from how they grew
there (``python -m benchmarks growth``), 50,000 times as far as they were measured. Where that is uncertain, the plan computes a
low and a high number.

    python -m benchmarks.simulations.plan

prints the tables of docs/cluster-plan.md.
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.simulations.rounds import print_table
from glove_sklearn import GloVe
from glove_sklearn._counting.weights import FixedPointWeights, weights_of
from glove_sklearn._distributed.crossover import (
    NANOSECONDS_PER_NUMBER,
    SECONDS_PER_TASK,
    estimate,
    number_of_groups,
    number_of_tasks,
)
from glove_sklearn._training.blocks import choose_n_partitions, sampling_table_size
from glove_sklearn._training.packed_parameters import padded_width
from glove_sklearn._training.settings import TrainingSettings

#: Tokens, and nonzero entries of X, of parts of the text (docs/benchmarks.md, growth); and different terms of all of it.
GROWTH = (
    (1_000_485, 6_427_697),
    (2_000_266, 11_863_354),
    (4_000_059, 21_221_305),
    (8_000_259, 36_736_457),
    (16_696_461, 64_066_337),
)
N_TERMS = 226_699
#: The share of the most frequent word of English text.
MOST_FREQUENT = 0.06
BYTES_PER_TOKEN_OF_TEXT = 6.0
#: Bytes: a term with its counts, a token as an id, an entry of X as a fixed-point and as a floating-point number, and a record.
TERM, TOKEN, FIXED, ENTRY, RECORD = 28, 4, 12, 8, 8
#: Nanoseconds of a thread: to encode a token, to count its window, to merge an entry, and to make, and to join, a record.
ENCODING, COUNTING, MERGING, MAKING_RECORDS = 25.0, 210.0, 24.0, 43.0
#: How much more CPU time counting takes on a cluster.
CLUSTER_FACTOR = 1.6
#: Nanoseconds of a thread to initialise by a decomposition, for each record and number of its factors, all products together.
INITIALISATION = 0.47
#: Fractions of the memory of a thread: of tokens that are counted together, at 12 bytes, and of a block of X.
TOKENS_SHARE, BLOCK_SHARE, LISTED = 1 / 8, 1 / 32, 12
#: Results that are added by one task.
FAN_IN = 8


@dataclass(frozen=True)
class Machines:
    """A cluster."""

    n: int
    threads: int
    """Of each."""
    memory: float = 128e9
    """Bytes of each."""
    bandwidth: float = 10e9 / 8
    """Bytes per second of each."""

    @property
    def n_threads(self) -> int:
        """Of all."""
        return self.n * self.threads


@dataclass(frozen=True)
class Text:
    """What is learned from."""

    n_tokens: float
    n_words: int
    n_components: int
    n_epochs: int
    window: int = 10
    negative_ratio: float = 1.0
    n_context_vectors: int = 3


@dataclass(frozen=True)
class Stage:
    """What a stage takes."""

    name: str
    cpu: float
    """Seconds of all threads."""
    network: float
    """Bytes that cross between machines, or come from where the text is."""
    disk: float
    """Bytes that are kept at its end, in memory or on the disks of workers."""
    tasks: float

    def hours(self, machines: Machines, useful_threads: float = math.inf) -> dict[str, float]:
        """Return how long each resource is busy; the longest decides, because they work at the same time."""
        return {
            "processors": self.cpu / min(machines.n_threads, useful_threads) / 3600,
            "network": self.network / (machines.n * machines.bandwidth) / 3600,
            "scheduler": self.tasks * SECONDS_PER_TASK / 3600,
        }


def slopes() -> list[float]:
    """Return by which power of the tokens the entries grew, from each size to the next."""
    return [
        math.log(entries / fewer) / math.log(tokens / before)
        for (before, fewer), (tokens, entries) in itertools.pairwise(GROWTH)
    ]


def n_entries(n_tokens: float, *, high: bool) -> float:
    """Extrapolate the number of nonzero entries of X.

    High: the power stays what it was in the last doubling. Low: it keeps falling as it did in the last two, down to 1/2.
    """
    tokens, entries = GROWTH[-1]
    doublings = math.log2(n_tokens / tokens)
    *_, before, slope = slopes()
    total, step = math.log2(entries), 1 / 16
    sign = 1 if doublings > 0 else -1
    for _ in range(round(abs(doublings) / step)):
        total += sign * step * slope
        if not high and sign > 0:
            slope = max(0.5, slope - (before - slopes()[-1]) * step)
    return 2**total


def n_terms(n_tokens: float, power: float = 0.6) -> float:
    """Extrapolate the number of different terms: Heaps' law, with a power between 0.5 and 0.7."""
    return N_TERMS * (n_tokens / GROWTH[-1][0]) ** power


def stages(text: Text, machines: Machines, *, high: bool) -> list[Stage]:
    """Compute what each stage takes."""
    of_thread = machines.memory / machines.threads
    n_parts = math.ceil(text.n_tokens / (TOKENS_SHARE * of_thread / LISTED))
    of_part = n_entries(text.n_tokens / n_parts, high=high)
    entries = n_entries(text.n_tokens, high=high)
    n_blocks = max(4 * machines.n_threads, math.ceil(entries * FIXED / (BLOCK_SHARE * of_thread)))
    merged = n_parts * of_part
    records = entries * (1 + text.negative_ratio)
    shape = text.n_words, text.n_words * text.n_context_vectors
    width = padded_width(text.n_components)
    parameters = sum(shape) * 8.0 * width
    work = records * width * NANOSECONDS_PER_NUMBER * 1e-9
    n_partitions = choose_n_partitions(shape, int(entries), 8 * width)
    n_groups = number_of_groups(n_partitions, machines.n_threads, work)
    ring = machines.n * shape[1] * 8.0 * width
    terms_of_part = n_parts * n_terms(text.n_tokens / n_parts) * TERM
    factor = CLUSTER_FACTOR * 1e-9
    n_trees = 1 + 1 / (FAN_IN - 1)
    counting = COUNTING * text.window / 15
    return [
        Stage(
            "read and encode", factor * ENCODING * text.n_tokens, text.n_tokens * BYTES_PER_TOKEN_OF_TEXT,
            text.n_tokens * TOKEN, n_parts,
        ),
        Stage("choose the vocabulary", 0, terms_of_part, text.n_words * TERM, n_parts * min(64, machines.n)),
        Stage(
            "count the parts", factor * counting * text.n_tokens, 0, merged * FIXED, n_parts * n_blocks,
        ),
        Stage(
            "add the counts", factor * MERGING * merged, merged * FIXED, entries * ENTRY,
            n_blocks * n_parts / FAN_IN * n_trees,
        ),
        Stage(
            "make records", factor * MAKING_RECORDS * records, records * RECORD, records * RECORD,
            n_blocks * n_groups + n_groups**2,
        ),
        Stage(
            "initialise", records * INITIALISATION * width * 1e-9, 4 * (ring / 2 + parameters), parameters,
            4 * number_of_tasks(n_groups),
        ),
        Stage(
            f"{text.n_epochs} epochs", text.n_epochs * work, text.n_epochs * (ring + 2 * parameters), parameters,
            text.n_epochs * number_of_tasks(n_groups),
        ),
    ]  # fmt: skip


TEXT = Text(840e9, 2_200_000, 300, 50)
CLUSTERS = (Machines(64, 1), Machines(64, 4), Machines(64, 16), Machines(256, 4))


def rows_of_sizes() -> Iterator[dict[str, str]]:
    """Yield how large things become."""
    for n_tokens in (GROWTH[-1][0], 1e9, 6e9, 42e9, 840e9):
        low, high = (n_entries(n_tokens, high=high) for high in (False, True))
        yield {
            "tokens": f"{n_tokens:.2g}",
            "text, GB": f"{n_tokens * BYTES_PER_TOKEN_OF_TEXT / 1e9:,.1f}",
            "different terms": f"{n_terms(n_tokens, 0.5):.1g} to {n_terms(n_tokens, 0.7):.1g}",
            "entries of X": f"{low:.2g} to {high:.2g}",
            "X, GB": f"{low * ENTRY / 1e9:,.1f} to {high * ENTRY / 1e9:,.1f}",
            "records, GB": f"{low * 2 * RECORD / 1e9:,.1f} to {high * 2 * RECORD / 1e9:,.1f}",
        }


def rows_of_stages(machines: Machines) -> Iterator[dict[str, str]]:
    """Yield what each stage takes, at most and at least."""
    for low, high in zip(stages(TEXT, machines, high=False), stages(TEXT, machines, high=True), strict=True):
        threads = groups_of(machines)
        hours = [max(stage.hours(machines, threads).values()) for stage in (low, high)]
        busy = high.hours(machines, threads)
        yield {
            "stage": high.name,
            "hours": f"{hours[0]:,.1f} to {hours[1]:,.1f}",
            "limited by": max(busy, key=lambda name: busy[name]),
            "CPU hours": f"{low.cpu / 3600:,.0f} to {high.cpu / 3600:,.0f}",
            "TB over the network": f"{low.network / 1e12:,.1f} to {high.network / 1e12:,.1f}",
            "GB kept by a machine": f"{low.disk / 1e9 / machines.n:,.0f} to {high.disk / 1e9 / machines.n:,.0f}",
            "tasks": f"{low.tasks:,.1g} to {high.tasks:,.1g}",
        }


def groups_of(machines: Machines) -> int:
    """Return the number of groups of rows, which is the number of threads that can train at the same time."""
    entries = n_entries(TEXT.n_tokens, high=True)
    width = padded_width(TEXT.n_components)
    work = entries * (1 + TEXT.negative_ratio) * width * NANOSECONDS_PER_NUMBER * 1e-9
    shape = TEXT.n_words, TEXT.n_words * TEXT.n_context_vectors
    return number_of_groups(choose_n_partitions(shape, int(entries), 8 * width), machines.n_threads, work)


def rows_of_clusters() -> Iterator[dict[str, str]]:
    """Yield the hours of whole runs."""
    for machines in CLUSTERS:
        low, high = (
            sum(max(stage.hours(machines, groups_of(machines)).values()) for stage in stages(TEXT, machines, high=high))
            for high in (False, True)
        )
        yield {
            "machines": f"{machines.n}",
            "threads of each": f"{machines.threads}",
            "threads that can train": f"{min(machines.n_threads, groups_of(machines)):,}",
            "hours": f"{low:,.0f} to {high:,.0f}",
            "machine hours": f"{machines.n * low:,.0f} to {machines.n * high:,.0f}",
        }


def rows_of_limits() -> Iterator[dict[str, str]]:
    """Yield what could overflow, and by how much it does not."""
    width = padded_width(TEXT.n_components)
    shape = TEXT.n_words, TEXT.n_words * TEXT.n_context_vectors
    entries = n_entries(TEXT.n_tokens, high=True)
    n_partitions = choose_n_partitions(shape, int(entries), 8 * width)
    most_frequent = int(MOST_FREQUENT * TEXT.n_tokens)
    weights = FixedPointWeights.of(weights_of("harmonic", TEXT.window, TEXT.window), "symmetric", most_frequent)
    smallest = int(weights.left[-1])
    largest = most_frequent * int(weights.left.sum() + weights.right.sum())
    for what, value, limit in (
        ("indices in a block: rows of a partition", max(shape) / n_partitions, 1 << 16),
        ("columns of X, int32", shape[1], 1 << 31),
        ("ids of terms, int32", n_terms(TEXT.n_tokens, 0.7), 1 << 31),
        ("records of a block, 32 bits of the shuffle", 2 * entries / n_partitions**2, 1 << 32),
        ("fixed-point sums, int64: the most frequent word beside everything", largest, 1 << 63),
        ("slots of the sampling table, 32 bits of a draw", sampling_table_size(shape[1]), 1 << 32),
    ):
        yield {"number": what, "value": f"{value:,.2g}", "limit": f"{limit:.2g}", "fraction": f"{value / limit:.2%}"}
    initialisation = 4 * sum(shape) * (width + TEXT.n_components)
    yield {
        "number": "memory of the client, GB",
        "value": f"{(2 * sum(shape) * 8 * width + initialisation) / 1e9:,.0f}",
        "limit": "of its machine",
        "fraction": "",
    }
    yield {
        "number": f"units of the smallest weight, 1/{TEXT.window}: rounding of a count, relative",
        "value": f"1 / {smallest:,}",
        "limit": "float32: 1 / 16,777,216",
        "fraction": "",
    }


def rows_of_crossover(n_words: int = 400_000) -> Iterator[dict[str, str]]:
    """Yield from how many entries of X on training takes less time on a cluster than on one machine."""
    settings = TrainingSettings.of(GloVe(TEXT.n_components, negative_ratio=TEXT.negative_ratio, max_iter=TEXT.n_epochs))
    shape = n_words, TEXT.n_context_vectors * n_words
    for n_workers, n_threads, n_jobs in ((2, 1, 1), (4, 1, 1), (16, 1, 1), (16, 4, 16), (64, 4, 16)):
        found = []
        for gigabits in (1, 10):

            def pays(
                n_entries: int, n_workers: int = n_workers, n_threads: int = n_threads, n_jobs: int = n_jobs,
                gigabits: int = gigabits,
            ) -> bool:  # fmt: skip
                threads, bandwidth = n_workers * n_threads, gigabits * 1e9 / 8
                seconds = estimate(shape, n_entries, settings, n_jobs, n_workers, threads, bandwidth)
                return seconds.distributed < seconds.gathered

            sizes = [round(2 ** (exponent / 8)) for exponent in range(8 * 20, 8 * 42)]
            found.append(sizes[bisect.bisect_left(sizes, True, key=pays)] / sum(shape))
        yield {
            "workers": f"{n_workers}",
            "threads of each": f"{n_threads}",
            "threads of one machine": f"{n_jobs}",
            "1 Gbit/s": f"{found[0]:,.0f}",
            "10 Gbit/s": f"{found[1]:,.0f}",
        }


def main() -> None:
    """Print all tables."""
    print("power of the tokens by which entries grew: " + ", ".join(f"{slope:.2f}" for slope in slopes()) + "\n")
    for title, rows in (
        ("crossover: entries of X for each row and column", rows_of_crossover()),
        ("sizes", rows_of_sizes()),
        ("clusters", rows_of_clusters()),
        *(
            (f"stages on {machines.n} machines of {machines.threads} threads", rows_of_stages(machines))
            for machines in CLUSTERS[1:3]
        ),
        ("limits", rows_of_limits()),
    ):
        print(f"### {title}\n")
        print_table(rows)
        print()


if __name__ == "__main__":
    main()
