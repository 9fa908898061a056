"""Learning-rate schedules: the rate as a function of the step."""

__all__: list[str] = []
