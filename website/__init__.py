"""Builds the site (`make site`): the chapters in both languages, their notebooks, the reference, the ledger."""
