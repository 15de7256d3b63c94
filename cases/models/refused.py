from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


class Refused(Exception):
    """A change that the case's state does not allow. The message is a sentence for people."""
