"""Mail as it arrives: bytes in, and what they say. Knows nothing of Django."""
