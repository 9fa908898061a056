"""What papers report, trained again: a table of rows kept as data, and what our runs of them gave. No TensorFlow.

rows.toml       the rows: paper and figure, our settings and seeds
results.json    what `tfnotes reproduce --record` has written about each seed
"""
