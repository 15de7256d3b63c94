"""Files from outside: their names, what they are, how they come in, where they lie, how they go out."""
