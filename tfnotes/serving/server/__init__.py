"""Exports behind a URL: TensorFlow Serving's REST paths, the Open Inference Protocol v2, and a page to try them."""
