"""Experiments that put the notes' claims to the test, and the ledger of their verdicts."""
