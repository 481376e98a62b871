"""How `memory_limit` is divided: every fraction of it that some step may use, in one place.

What a step keeps in memory at the same time must fit: :data:`STAGES` lists the fractions that are in use together, and a test
adds them up. What exceeds its fraction goes to a temporary file.
"""

from __future__ import annotations

#: The token ids of all documents, and the lengths of the documents; they are kept until the documents have vectors.
TOKENS, DOCUMENT_LENGTHS = 1 / 8, 1 / 8
#: The same of a text that `partial_fit` keeps from one call to the next.
KEPT_TOKENS, KEPT_LENGTHS = 1 / 16, 1 / 16
#: Reading: the tables that learn terms, and the terms of tables that were put away.
LEARNING_TABLES, LEARNT_TERMS = 1 / 8, 1 / 8
#: Counting: the rows of X, the rows that the threads are working on, and at least this for the tokens of a part.
ROWS, ROWS_IN_WORK, TOKENS_OF_A_PART = 1 / 4, 1 / 8, 1 / 8
#: Sorting a file of co-occurrences: records dealt to buckets, and the bucket that is sorted.
BUCKETS, SORTED_BUCKET = 1 / 4, 1 / 8
#: Training: entries of X that the threads turn into records. Parameters and records have what the plan says is left.
RECORDS_IN_WORK = 1 / 8

#: The fractions that are in use at the same time.
STAGES: dict[str, tuple[float, ...]] = {
    "reading": (TOKENS, DOCUMENT_LENGTHS, LEARNING_TABLES, LEARNT_TERMS),
    "reading one more text": (LEARNING_TABLES, LEARNT_TERMS, KEPT_TOKENS, KEPT_LENGTHS),
    "choosing the vocabulary of all texts": (
        *(TOKENS, DOCUMENT_LENGTHS, LEARNING_TABLES, 3 * LEARNT_TERMS, KEPT_TOKENS, KEPT_LENGTHS),
    ),
    "choosing the vocabulary": (TOKENS, DOCUMENT_LENGTHS, LEARNING_TABLES, LEARNT_TERMS, 3 * LEARNT_TERMS),
    "counting": (TOKENS, DOCUMENT_LENGTHS, KEPT_TOKENS, KEPT_LENGTHS, ROWS, ROWS_IN_WORK, TOKENS_OF_A_PART),
    "sorting records": (BUCKETS, SORTED_BUCKET, ROWS),
    "making records": (ROWS, RECORDS_IN_WORK),
}
