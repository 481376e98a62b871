"""The machinery that every benchmark shares: processes, stopwatch, corpora, rows and tables."""
