"""Counting a Dask collection gives the bits of counting a list of its documents."""

import numpy as np
import pytest

from glove_sklearn import CooccurrenceCounter, GloVeVectorizer

dask = pytest.importorskip("dask")
db = pytest.importorskip("dask.bag")

#: What is counted in many ways: of each text, of each side, near and far, with few words and with all.
PARAMETERS = {
    "defaults": {},
    "near": {"near_size": 3, "sample": 1e-3},
    "one side": {"context": "right", "weighting": "harmonic", "window_size": 4},
    "whole documents": {"window_size": None, "weighting": "flat", "max_features": 400},
    "whole documents, one side": {"window_size": None, "weighting": "flat", "context": "left", "min_count": 9},
    "few words": {"min_df": 3, "max_df": 0.3, "max_features": 300, "stop_words": "english"},
    "given words": {"vocabulary": ["fire", "the", "water", "zzz", "police"], "stop_words": ["the"]},
}


def bag_of(texts, n_partitions):
    """Make a Bag; with 64 partitions, every other is empty."""
    step = -(len(texts) // -n_partitions)
    parts = [texts[i : i + step] for i in range(0, len(texts), step)]
    if n_partitions >= 64:
        parts[1::2] = [[] for _ in parts[1::2]]
        parts[0::2] = [texts[2 * i * step : (2 * i + 2) * step] for i in range(len(parts[0::2]))]
    return db.from_delayed([dask.delayed(part) for part in parts])


def fitted(documents, **parameters):
    return GloVeVectorizer(**{"n_components": 8, "random_state": 0, "max_iter": 2, **parameters}).fit(documents)


def assert_same(actual, expected):
    assert actual.vocabulary_ == expected.vocabulary_
    assert list(actual.vocabulary_) == list(expected.vocabulary_)
    for name in ("counts_", "embedding_", "context_embedding_", "loss_curve_"):
        np.testing.assert_array_equal(getattr(actual, name), getattr(expected, name))
    assert actual.x_max_ == expected.x_max_


@pytest.mark.parametrize("n_partitions", [1, 7, 64])
@pytest.mark.parametrize("scheduler", ["cluster", "threads", "synchronous"])
def test_bits_are_those_of_a_list(texts, scheduler, n_partitions, use):
    expected = fitted(texts)
    with use(scheduler):
        assert_same(fitted(bag_of(texts, n_partitions)), expected)


@pytest.mark.long
def test_bits_do_not_depend_on_the_number_of_workers(texts):
    distributed = pytest.importorskip("distributed")
    bag, expected = bag_of(texts, 7), fitted(texts)
    with (
        distributed.LocalCluster(n_workers=4, threads_per_worker=1, dashboard_address=":0") as cluster,
        distributed.Client(cluster),
    ):
        assert_same(fitted(bag), expected)


@pytest.mark.parametrize("name", PARAMETERS)
@pytest.mark.parametrize("scheduler", ["cluster", "synchronous"])
def test_every_parameter_works(texts, scheduler, name, use):
    texts = texts[:100]
    expected = fitted(texts, **PARAMETERS[name])
    with use(scheduler):
        assert_same(fitted(bag_of(texts, 5), **PARAMETERS[name]), expected)


@pytest.mark.parametrize("scheduler", ["cluster", "threads"])
def test_memory_limit_of_this_machine_changes_nothing(texts, scheduler, use):
    with use(scheduler):
        assert_same(fitted(bag_of(texts, 7), memory_limit="8MB"), fitted(texts))


def test_many_small_blocks_and_groups_give_the_same_bits(client, texts, monkeypatch):
    from glove_sklearn._distributed import cluster, counting

    monkeypatch.setattr(counting, "_MIN_ENTRIES", 1 << 10)
    monkeypatch.setattr(counting, "_TOKENS_SHARE", 1e-4)  # seven groups
    monkeypatch.setattr(cluster, "_FAN_IN", 2)
    assert_same(fitted(bag_of(texts, 7)), fitted(texts))


class FakeClient:
    """Tells where partitions are."""

    def who_has(self, futures):
        return {future.key: [f"worker {i % 3}"] for i, future in enumerate(futures)}


class FakeFuture:
    def __init__(self, key):
        self.key = key


@pytest.mark.parametrize("n_workers", [1, 3, 4, 64])
@pytest.mark.parametrize("memory", [1e3, 1e5, 1e12])
def test_every_partition_has_a_team_that_has_the_memory(n_workers, memory):
    from glove_sklearn._counting.weights import FixedPointWeights
    from glove_sklearn._distributed.counting import _make_teams, _Resources

    counts, n_tokens = 1000 // np.arange(1, 200), [50, 0, 700, *[30] * 90]
    weights = FixedPointWeights.of(np.ones(5), "symmetric", 1000)
    workers = [f"worker {i}" for i in range(n_workers)]
    futures = [FakeFuture(f"tokens {i}") for i in range(len(n_tokens))]
    teams = _make_teams(
        futures, n_tokens, counts, weights, FakeClient(), _Resources(workers, n_workers, memory, memory)
    )
    assert sorted(future.key for group, _ in teams for future in group) == sorted(future.key for future in futures)
    for group, members in teams:
        assert members
        assert set(members) <= set(workers)
        if len(group) > 1:  # no partition is cut; one may be in the group by half
            n = sum(n_tokens[int(future.key.split()[1])] for future in group)
            assert 12 * (n - max(n_tokens)) <= memory / 4
    if memory == 1e12 and n_workers == 3:
        assert len(teams) == 1  # three times the same tokens are less than three times X


def test_ranges_of_rows_are_all_rows():
    from glove_sklearn._counting.weights import FixedPointWeights
    from glove_sklearn._distributed.counting import _Resources, _split_rows

    counts = np.sort(np.random.RandomState(0).zipf(1.3, 3000) % 100_000)[::-1].astype(np.int64)
    weights = FixedPointWeights.of(np.ones(20), "symmetric", int(counts[0]))
    bounds = _split_rows(counts, weights, _Resources(["worker"], 2, 1e9, 1e9))
    assert [first for first, _ in bounds[1:]] == [last for _, last in bounds[:-1]]
    assert (bounds[0][0], bounds[-1][1]) == (0, 3000)


@pytest.mark.parametrize("engine", ["pandas", "pyarrow", "parquet"])
def test_a_series_is_read_as_its_documents(client, texts, engine, tmp_path):
    dd, pd = pytest.importorskip("dask.dataframe"), pytest.importorskip("pandas")
    frame = pd.DataFrame({"text": texts})
    with dask.config.set({"dataframe.convert-string": engine != "pandas"}):
        if engine == "parquet":
            for i in range(2):
                frame[150 * i : 150 * (i + 1)].to_parquet(tmp_path / f"{i}.parquet")
            documents = dd.read_parquet(tmp_path / "*.parquet")
        else:
            documents = dd.from_pandas(frame, npartitions=3)
        expected = fitted(texts)
        assert_same(fitted(documents["text"]), expected)
        assert_same(fitted(documents[["text"]]), expected)


@pytest.mark.parametrize("scheduler", ["cluster", "synchronous"])
def test_an_error_names_the_partition_and_the_document(scheduler, use):
    bag = db.from_delayed([dask.delayed(["a b", "c"]), dask.delayed(["b a", 7])])
    with (
        use(scheduler),
        pytest.raises(ValueError, match=r"partition 1 of the documents: documents must be str .* at position 1 is 7"),
    ):
        CooccurrenceCounter(min_count=1).fit(bag)


def test_errors_are_those_of_a_list(client):
    for documents, parameters, message in (
        ([[], []], {}, "no documents: X is empty"),
        ([["a"], ["b"]], {"min_count": 1}, "no co-occurrences"),
        ([["a b"], ["a b"]], {"min_count": 3}, r"empty vocabulary; none of 2 terms occurs min_count=3 times .*: 2"),
        ([["!"], ["?"]], {}, "empty vocabulary; no tokens in 2 documents"),
        (
            [["a b"], ["c d"]],
            {"min_count": 1, "min_df": 0.9, "max_df": 0.1},
            "max_df=0.1 corresponds to fewer documents",
        ),
        ([["a b"], ["c d"]], {"vocabulary": ["x", "y"]}, "none of 2 terms of vocabulary occurs"),
        ([["a b"], [None]], {}, "drop missing documents"),
    ):
        bag = db.from_delayed([dask.delayed(part) for part in documents])
        with pytest.raises(ValueError, match=message):
            CooccurrenceCounter(**parameters).fit(bag)


def test_collections_that_are_no_documents_are_refused():
    da = pytest.importorskip("dask.array")
    with pytest.raises(
        ValueError, match=r"must be a dask.bag.Bag, or a Series .* got a Array of Dask; make a Bag of it"
    ):
        CooccurrenceCounter().fit(da.zeros(3))
    for estimator in (CooccurrenceCounter(), GloVeVectorizer()):
        with pytest.raises(ValueError, match="partial_fit reads documents in this process"):
            estimator.partial_fit(db.from_sequence(["a b"]))


def test_the_cache_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"memory=.*, the cache, .* set memory to None"):
        GloVeVectorizer(memory=tmp_path).fit(db.from_sequence(["a b"]))


def test_a_function_that_cannot_be_sent_is_named(client):
    generator = (word for word in "abc")
    with pytest.raises(ValueError, match=r"tokenizer=.* cannot be sent to the workers"):
        CooccurrenceCounter(tokenizer=lambda text: [*text, *generator]).fit(db.from_sequence(["a b"]))


def test_functions_of_a_script_are_sent(client, texts):
    def shout(text):
        return text.upper().split()

    parameters = {"tokenizer": shout, "lowercase": False, "token_pattern": None}
    assert_same(fitted(bag_of(texts, 3), **parameters), fitted(texts, **parameters))


def test_x_stays_on_the_cluster_until_it_is_asked_for(client, texts):
    expected = CooccurrenceCounter().fit(texts)
    counter = CooccurrenceCounter().fit(bag_of(texts, 3))
    assert counter.vocabulary_ == expected.vocabulary_
    assert "cooccurrence_" not in counter.__dict__
    for array in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(
            getattr(counter.cooccurrence_, array), getattr(expected.cooccurrence_, array), strict=True
        )
    again = CooccurrenceCounter().fit(texts[:100]).transform(bag_of(texts, 3))
    assert (again != CooccurrenceCounter().fit(texts[:100]).transform(texts)).nnz == 0


def test_a_later_fit_forgets_what_is_on_the_cluster(client, texts):
    counter = CooccurrenceCounter().fit(bag_of(texts, 3))
    counter.fit(texts[:100])
    assert (counter.cooccurrence_ != CooccurrenceCounter().fit(texts[:100]).cooccurrence_).nnz == 0


@pytest.mark.parametrize("pooling", ["mean", "idf", "sif", "max"])
@pytest.mark.parametrize("scheduler", ["cluster", "synchronous"])
def test_transform_is_lazy_and_gives_the_vectors_of_a_list(texts, pooling, scheduler, use):
    texts, expected = texts[:90], fitted(texts[:90], pooling=pooling)
    with use(scheduler):
        bag = db.from_delayed([dask.delayed(part) for part in (texts[:40], [], texts[40:])])
        model = fitted(bag, pooling=pooling)
        vectors = model.transform(bag)
        assert vectors.chunks == ((40, 0, 50), (8,))
        assert vectors.dtype == np.float32
        np.testing.assert_array_equal(vectors.compute(), model.transform(texts))
        other = db.from_sequence(texts[:10], npartitions=2)
        np.testing.assert_array_equal(model.transform(other).compute(), model.transform(texts[:10]))
        # Sums of squares are added partition by partition.
        np.testing.assert_allclose(vectors.compute(), expected.transform(texts), atol=1e-6 if pooling == "sif" else 0)


def test_documents_of_the_fit_are_not_read_again_to_count_them():
    n_reads = []

    def read(part):
        n_reads.append(1)
        return part

    with dask.config.set(scheduler="synchronous"):
        bag = db.from_delayed([dask.delayed(read)(["to be or", "not to be"]), dask.delayed(read)(["to be"])])
        model = fitted(bag, min_count=1, n_components=2)
        assert len(n_reads) == 2
        vectors = model.transform(bag)
        assert len(n_reads) == 2
        assert vectors.chunks[0] == (2, 1)
        model.transform(db.from_delayed([dask.delayed(read)(["to be"])]))
        assert len(n_reads) == 3


def test_fit_transform_is_fit_and_transform(client, texts):
    model = GloVeVectorizer(8, random_state=0, max_iter=1)
    vectors = model.fit_transform(bag_of(texts, 3))
    np.testing.assert_array_equal(vectors.compute(), model.transform(texts))


def test_embedding_vectorizer_transforms_a_collection(client, texts):
    from glove_sklearn import EmbeddingVectorizer

    vectors = (["the", "to", "of", "in", "a"], np.eye(5, dtype=np.float32))
    model = EmbeddingVectorizer(vectors).fit(["the top of a tower"])
    np.testing.assert_array_equal(model.transform(bag_of(texts, 3)).compute(), model.transform(texts))
    with pytest.raises(ValueError, match="fit on a sample of them"):
        EmbeddingVectorizer(vectors).fit(bag_of(texts, 3))


def test_warm_start_continues_with_a_collection(client, texts):
    models = [GloVeVectorizer(8, random_state=0, max_iter=1, warm_start=True) for _ in range(2)]
    for model, more in zip(models, (texts, bag_of(texts, 3)), strict=True):
        model.fit(texts[:150]).fit(more)
    assert_same(models[1], models[0])
