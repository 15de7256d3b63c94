"""Likeness of reports: which of them are one outage. Pure: texts in, groups and their reasons out."""

from .grouping import Group, groups
from .likeness import THRESHOLD, Likeness, headline, likeness
from .reading import Reading, read

__all__ = ["THRESHOLD", "Group", "Likeness", "Reading", "groups", "headline", "likeness", "read"]
