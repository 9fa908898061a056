"""What a format says of an endpoint that it can't hold."""


class Unsuited(ValueError):
    """Why an endpoint can't stand in a format, as the end of a sentence: "needs Roll, which ..."."""
