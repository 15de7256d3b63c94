"""The first message of a case, put together from what the report form asks.

The headings are made of words that the radar takes for nothing, so that reports are no more alike for them.
"""

HIT = {
    "me": "Just me",
    "some": "Some colleagues",
    "all": "Everybody",
    "customers": "Our customers",
}


def composed(happened: str, *, tried: str = "", since: str = "", hit: str = "") -> str:
    """The parts under their headings, without those that are empty; what happened needs none by itself."""
    if not (tried or since or hit):
        return happened
    parts = [
        ("What I was trying to do", tried),
        ("What happened", happened),
        ("Since when", since),
        ("Who has it", HIT.get(hit, "")),
    ]
    return "\n\n".join(f"**{heading}**\n\n{text}" for heading, text in parts if text)
