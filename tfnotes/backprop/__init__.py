"""Backpropagation by hand: forward and backward pass of a small network in NumPy, nothing else."""

from tfnotes.backprop.network import Layer, backward, error, forward, shapes, update, update_too_early

__all__ = ["Layer", "backward", "error", "forward", "shapes", "update", "update_too_early"]
