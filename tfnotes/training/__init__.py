"""Training a task: its configuration, its folder, its checkpoints, and the one loop."""
