"""Gradient clipping: functions of gradients, as an optimizer's `clipvalue`, `clipnorm`, `global_clipnorm`."""

from tfnotes.clipping.clip_by_global_norm import clip_by_global_norm
from tfnotes.clipping.clip_by_norm import clip_by_norm
from tfnotes.clipping.clip_by_value import clip_by_value

__all__ = ["clip_by_global_norm", "clip_by_norm", "clip_by_value"]
