"""The columns of a table follow from its rows."""

import pytest

from benchmarks.harness import accuracy
from benchmarks.harness.columns import COLUMNS, cell, columns_of
from tests.benchmarks.runs import OPTIONS

#: Columns between the method and the CPU seconds, and behind the peak memory, of each benchmark.
EXPECTED = {
    "count": ("window_size n_jobs n_words n_entries", ""),
    "train": ("window_size x_max n_components n_epochs seed n_jobs n_words n_entries",
              "counting_cpu_seconds nanoseconds half_loss"),
    "end-to-end": ("settings window_size x_max n_components n_epochs n_seeds n_jobs n_words", ""),
    "transform": ("n_components", "documents_per_second tokens_per_second"),
    "pretrained": ("vectors settings n_words", "accuracy n_iter converged"),
    "threads": ("window_size n_components n_epochs n_jobs n_words n_entries",
                "counting_cpu_seconds counting_wall_seconds counting_speedup training_cpu_seconds training_wall_seconds "
                "training_speedup nanoseconds same_bits"),
    "growth": ("window_size n_components n_epochs n_jobs n_tokens n_words n_entries",
               "nanoseconds_per_token bytes_per_token nanoseconds bytes_per_entry"),
    "quality": ("settings window_size x_max n_components n_epochs n_seeds n_jobs n_words", "tagging"),
    "epochs": ("settings window_size x_max n_components n_epochs n_seeds n_jobs n_words", ""),
    "classify": ("settings window_size x_max n_components n_epochs n_features n_seeds n_jobs n_words",
                 "accuracy n_iter converged accuracy_chosen C"),
    "baskets": ("n_components n_epochs n_seeds", "hits_predicted hits_cosine hits_popularity"),
    "fine-tune": ("vectors n_posts anchor n_components n_seeds n_jobs n_words",
                  "accuracy_of_100 accuracy_of_1000 accuracy_of_all typical_neighbours"),
    "infer": ("occurrences n_components n_jobs n_words", "cosine median_rank among_ten"),
    "stream": ("settings n_posts part_of_stream n_components n_seeds n_jobs n_words", "accuracy"),
    "anchor": ("anchor n_components n_epochs n_words n_entries", "objective"),
    "small": ("documents window_size n_components n_epochs n_jobs n_words", "reading counting training"),
    "memory": ("memory_limit repeat window_size n_components n_epochs n_jobs", "same_bits"),
    "load": ("digits n_components n_words n_bytes", "memory_ratio held_ratio saving_seconds"),
    "variances": ("n_components n_jobs n_words n_entries",
                  "counting_cpu_seconds epoch_cpu_seconds ratio_to_epoch most_frequent_milliseconds word_milliseconds"),
    "uncertainty": ("part frequency noise n_components n_words",
                    "n_pairs held components_held held_by_estimates standard_error factor factor_of_bootstrap factor_of_seeds "
                    "moved"),
    "cluster-training": ("n_components n_workers gigabits work_seconds epoch_seconds estimated_seconds speedup sent_bytes "
                         "estimated_bytes n_words", ""),
    "distributed": ("part n_components n_epochs n_workers n_partitions n_kills n_words n_entries", "same_bits"),
    "evaluate": ("score n_components n_words n_asked", "milliseconds"),
}  # fmt: skip
RATIOS = {
    "transform": "ratio",
    "pretrained": "ratio",
    "load": "ratio",
    "classify": "ratio_to_svd",
    "distributed": "cpu_ratio moved_bytes transfers",
}
#: The vocabulary is too small for most of their words.
ACCURACIES = {*accuracy.ACCURACIES, *accuracy.SECTIONS}


@pytest.mark.parametrize("name", OPTIONS)
def test_columns_are_what_the_rows_know(rows, name):
    before, after = EXPECTED[name]
    costs = ["cpu_seconds", "wall_seconds", *RATIOS.get(name, "").split(), "peak_memory"]
    shown = columns_of(row for row in rows if row["benchmark"] == name)
    assert [column for column in shown if column not in ACCURACIES] == [
        "method", *before.split(), *costs, *after.split()
    ]  # fmt: skip


def test_every_column_is_of_some_benchmark(rows):
    assert set(COLUMNS) - ACCURACIES <= set(columns_of(rows))


def test_cells_have_units_deviations_and_words():
    row = {
        "method": "cbow",
        "parameters": {"settings": "", "n_jobs": 2},
        "numbers": {
            "peak_memory": 1.5e9,
            "accuracy": 61.25,
            "accuracy_sd": 0.125,
            "same_bits": True,
            "analogies": None,
        },
    }
    cells = {name: cell(name, row) for name in ("method", "settings", "n_jobs", "peak_memory", "accuracy", "same_bits")}
    assert cells == {
        "method": "Word2Vec CBOW", "settings": "defaults", "n_jobs": "2", "peak_memory": "1.50",
        "accuracy": "61.2 ± 0.1", "same_bits": "yes",
    }  # fmt: skip
    assert cell("analogies", row) == cell("n_words", row) == ""
    assert set(columns_of([row])) == set(cells)
