"""Read and write case documents: free text, JSON and YAML."""

from .document import MAX_BYTES, Document, Message, Problem, Reading
from .reader import read
from .writer import to_dict, to_json, to_text, to_yaml

__all__ = [
    "MAX_BYTES",
    "Document",
    "Message",
    "Problem",
    "Reading",
    "read",
    "to_dict",
    "to_json",
    "to_text",
    "to_yaml",
]
