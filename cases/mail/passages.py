"""The passages of mail to customers that administrators may write otherwise."""

from cases.models import Case, MailText, Passage
from cases.text.placeholders import fill, first_name, unknown

USUAL = {
    Passage.OPENED: 'We have your report "{summary}". It is case {case}.',
    Passage.FIXED: "Did this fix it?",
    Passage.RATING: "How was our help?",
    Passage.END: "",
}
KNOWN = ("customer", "case", "system", "summary")


def passages_of(case: Case, summary: str) -> dict[str, str]:
    """Each as it reads in a mail about this case, whose `summary` is one line."""
    values = {
        "customer": first_name(" ".join(case.customer_name.split())) or "there",
        "case": str(case.number),
        "system": case.system.public_name or "our system",
        "summary": summary,
    }
    written = dict(MailText.objects.values_list("passage", "text"))
    return {passage.value: filled(written.get(passage, usual), values) for passage, usual in USUAL.items()}


def filled(text: str, values: dict[str, str]) -> str:
    """The text with its placeholders replaced, no line of which is taken for more than words."""
    return "\n".join(fill(line.strip(), values) for line in text.splitlines())


def complaint(text: str) -> str:
    """A sentence about what is in braces and no placeholder; empty when there is none."""
    names = [f"{{{name}}}" for name in unknown(text, KNOWN)]
    known = ", ".join(f"{{{name}}}" for name in KNOWN)
    return f"{', '.join(names)} would stay as typed. Known are {known}." if names else ""
