"""Many trainings of one model with settings that a search chooses; the test split is looked at once, for the best."""
