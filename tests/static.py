"""Styles and scripts, as they lie in the repository."""

from functools import cache

from django.contrib.staticfiles.storage import StaticFilesStorage


class Static(StaticFilesStorage):
    @cache  # noqa: B019 - there is one, and every page asks for the same twenty
    def url(self, name: str | None) -> str:
        return super().url(name)
