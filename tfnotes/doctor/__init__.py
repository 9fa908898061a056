"""Is a run healthy? Rules that read what it wrote, each of them one function."""
