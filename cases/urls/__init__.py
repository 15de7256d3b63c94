from django.urls import register_converter


class CaseNumber:
    """What fits PostgreSQL's bigint, so that no address can overflow it."""

    regex = "[1-9][0-9]{0,17}"
    to_python = int
    to_url = str


register_converter(CaseNumber, "number")
