"""What may not be done, and why."""

from dataclasses import dataclass


class Refused(Exception):
    """A change that the case's state does not allow. The message is a sentence for people."""


@dataclass(frozen=True)
class Answer:
    """Whether something may be done: true, or false with a `refusal`, the sentence that says why not."""

    refusal: str = ""

    def __bool__(self) -> bool:
        return not self.refusal

    def check(self) -> None:
        """Raise Refused with that sentence, if there is one."""
        if self.refusal:
            raise Refused(self.refusal)


YES = Answer()
