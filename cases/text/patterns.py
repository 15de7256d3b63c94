"""Regular expressions that are written over several lines."""


def joined(lines: str) -> str:
    """Join the lines of a pattern. Each is stripped, and the spaces within it count; `[ ]` is a space at its edge."""
    return "".join(line.strip() for line in lines.splitlines())
