"""What serving costs and withstands: `python -m benchmarks.serving --help`."""
