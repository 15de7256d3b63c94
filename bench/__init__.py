"""`make bench`: how fast the real server answers, over HTTP, at several sizes of the database."""
