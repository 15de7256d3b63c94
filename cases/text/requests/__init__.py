"""What a text asks the other side for: "Could you share a screenshot?" asks for "a screenshot".

Everything found reads after "waiting for", and after "We need from you:". It is better to miss a request than to find
what is none: a question out of politeness, what is quoted, what somebody else did.
"""

from .find import LONGEST, find
from .nouns import plain

__all__ = ["LONGEST", "find", "plain"]
