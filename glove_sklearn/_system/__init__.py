"""What everything else stands on: storage, threads, memory, files and linear algebra."""
