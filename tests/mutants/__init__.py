"""Small plausible errors of the maths; each must make at least one test fail (`make mutants`)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """One replacement in one file.

    Attributes:
        file: path from the project's root.
        before: text that stands in the file exactly once.
        after: what stands there instead.
        tests: the tests to try, if not those of the file.
    """

    file: str
    before: str
    after: str
    tests: tuple[str, ...] = ()

    def apply(self, text):
        """The file's text with the error in it."""
        if text.count(self.before) != 1:
            raise ValueError(
                f"{self.file}: {self.before!r} stands there {text.count(self.before)} times, not once"
            )
        return text.replace(self.before, self.after)
