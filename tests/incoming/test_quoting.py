"""What is new in a message is told from what it quotes, whatever program and language its sender writes in."""

import pytest

from cases.incoming.message import read
from cases.incoming.quoting import Kind

from .clients import ATTRIBUTIONS, DEVICE_LINES, FORWARDED, HEADERS, ORIGINALS

NEW = "It still refuses every card.\n\nShall I restart it?"
OLD = "Please restart the till once\nand tell us what it shows."


def mail(
    body: str, *, subject: str = "Re: [#12] Till", headers: str = "In-Reply-To: <a@example.com>\n"
) -> bytes:
    top = f"From: Eva <eva@example.com>\nSubject: {subject}\nMessage-ID: <b@example.com>\n{headers}"
    return f"{top}Content-Type: text/plain; charset=utf-8\n\n{body}".encode()


def cited(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_an_attribution_and_the_marked_quotation_below_it_are_folded(attribution):
    message = read(mail(f"{NEW}\n\n{attribution}\n\n{cited(OLD)}\n"))
    assert message.text == NEW
    assert message.quoted


@pytest.mark.parametrize(
    "attribution", [one for one in ATTRIBUTIONS if not one.startswith(("Quoting", "Zitat"))]
)
def test_an_attribution_is_one_where_the_quotation_below_it_is_not_marked(attribution):
    message = read(mail(f"{NEW}\n\n{attribution}\n\n{OLD}\n"))
    assert message.text == NEW
    assert message.quoted


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
@pytest.mark.parametrize("between", ["", "\n"])
def test_a_block_of_headers_begins_an_earlier_message(headers, between):
    message = read(mail(f"{NEW}\n\n{headers.replace(chr(10), chr(10) + between)}\n\n{OLD}\n"))
    assert message.text == NEW
    assert message.quoted


@pytest.mark.parametrize("original", ORIGINALS)
@pytest.mark.parametrize("headers", ["English", "German", "Japanese"])
def test_a_line_of_dashes_begins_an_earlier_message(original, headers):
    assert read(mail(f"{NEW}\n\n{original}\n{HEADERS[headers]}\n\n{OLD}\n")).text == NEW


@pytest.mark.parametrize("original", [one for one in ORIGINALS if one[-1] == "-" and "Barua" not in one])
def test_a_line_of_dashes_is_known_without_headers_below_it(original):
    assert read(mail(f"{NEW}\n\n{original}\n\n{OLD}\n")).text == NEW


@pytest.mark.parametrize("line", DEVICE_LINES)
def test_the_line_that_a_telephone_adds_is_folded_as_a_signature(line):
    message = read(mail(f"{NEW}\n\n{line}\n\n{ATTRIBUTIONS[0]}\n{cited(OLD)}\n"))
    assert message.text == NEW
    assert [piece.kind for piece in message.pieces] == [Kind.NEW, Kind.SIGNATURE, Kind.QUOTED]


@pytest.mark.parametrize("marker", FORWARDED)
def test_what_is_forwarded_is_kept_with_and_without_a_word_of_ones_own(marker):
    forwarded = f"{marker}\n{HEADERS['English']}\n\n{OLD}"
    bare = read(mail(forwarded, subject="Fwd: Till", headers=""))
    assert OLD in bare.text
    assert not bare.quoted
    assert OLD in read(mail(f"{NEW}\n\n{forwarded}", subject="Fwd: Till", headers="")).text


def test_a_bare_forward_of_outlook_is_kept_though_nothing_but_headers_tells():
    message = read(mail(f"{HEADERS['German']}\n\n{OLD}", subject="WG: Kasse", headers=""))
    assert OLD in message.text
    assert not message.quoted


def test_a_forward_within_a_quotation_is_folded_with_it():
    body = f"{NEW}\n\n{ORIGINALS[0]}\n{HEADERS['English']}\n\n{FORWARDED[0]}\n{HEADERS['English']}\n\n{OLD}"
    assert read(mail(body)).text == NEW


def test_answers_below_and_between_what_is_quoted_are_all_new():
    body = (
        f"Hi,\n\n{ATTRIBUTIONS[0]}\n> Which till?\n\nThe left one.\n\n> Since when?\n\nSince Monday.\n\nEva"
    )
    message = read(mail(body))
    assert message.text == "Hi,\n\nThe left one.\n\nSince Monday.\n\nEva"
    assert [piece.text for piece in message.pieces if piece.kind is Kind.QUOTED][1] == "> Since when?"


def test_an_answer_below_all_that_is_quoted_is_new():
    assert read(mail(f"{ATTRIBUTIONS[21]}\n{cited(OLD)}\n\n{NEW}\n")).text == NEW


def test_the_rest_of_a_quoted_line_that_a_program_broke_is_no_answer():
    body = f"{NEW}\n\n{ATTRIBUTIONS[0]}\n> This is a line that was so long that some program had to break\nit in two.\n> Regards\n"
    assert read(mail(body)).text == NEW


def test_the_signature_is_folded_and_kept():
    message = read(mail(f"{NEW}\n\n-- \nEva Example\nBakery\n+49 30 1234\n\n{ATTRIBUTIONS[0]}\n{cited(OLD)}"))
    assert message.text == NEW
    assert [piece.text for piece in message.pieces if piece.kind is Kind.SIGNATURE] == [
        "-- \nEva Example\nBakery\n+49 30 1234".replace("-- ", "--")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "I wrote:\nthe till is broken",
        "On Monday the till broke. Since then:\n- no cards\n- no receipts",
        "Error at 2026-03-03 09:14:\nTimeout",
        "2026-03-03 09:14 timeout\n2026/03/03 09:15 timeout\n03.03.2026 09:16 timeout\n\nAll of them from eva@example.com.",
        "From: Berlin\nTo: Munich\n\nThe route is wrong.",
        "Steps:\n-- first one\n-- second one\n-- third one",
        "Name  Date\n--------------------\nTill  3 Mar 2026",
        "--------- Please fill in below ---------\n\nIt does not print.",
        "Sent from my desk, this is much easier.\n\nIt does not print.",
        ">>> import till\nTraceback: no module",
        "Use a > b and a < b.\nSee <https://example.com/on-what-he-wrote>",
        "Subject: the till\nIt is broken.",
        "Von: 9 Uhr\nBis: 17 Uhr\nist die Kasse offen.",
        "We met Nora <nora@example.com> on 3 March 2026 and she said at 9:14:\nnothing works",
        "Hello,\n\n***\nimportant\n***\n\nBye",
        "El cajero no funciona desde el 3/3/2026. Dice:\nerror 5",
        "会議の資料を送ります。\n以下の通り：\n1. レジ",
        "- one\n- two\n\nRegards,\nEva",
    ],
)  # fmt: skip
def test_nothing_is_cut_that_was_not_quoted(text):
    message = read(mail(text, subject="The till", headers=""))
    assert message.text == text
    assert not message.quoted
    assert read(mail(text)).text == text
    below = f"Hello,\n\n{text}\n\nRegards"
    assert read(mail(below)).text == below


def test_a_line_to_write_above_begins_what_is_quoted():
    body = f"{NEW}\n\n##- Please type your reply above this line -##\n\n{OLD}"
    assert read(mail(body)).text == NEW


def test_marked_lines_above_the_attribution_were_typed():
    code = "> pay(card)\n> print(receipt)"
    assert (
        read(mail(f"Here is the code:\n\n{code}\n\nEva\n\n{ATTRIBUTIONS[0]}\n{cited(OLD)}")).text
        == f"Here is the code:\n\n{code}\n\nEva"
    )


def test_a_line_that_begins_like_an_attribution_and_is_none_stays():
    assert read(mail(f"Am heutigen Tage\n{ATTRIBUTIONS[22]}\n\n{OLD}")).text == "Am heutigen Tage"


def test_the_footer_of_a_mailing_list_and_several_device_lines_are_no_words():
    footer = f"{'_' * 47}\ntills mailing list\nhttp://lists.example.com/tills"
    assert read(mail(f"{NEW}\n\n{footer}")).text == NEW
    assert (
        read(mail(f"{NEW}\n\nSent from my phone, please excuse any typos.\nGet Outlook for iOS")).text == NEW
    )


def test_a_rule_between_ones_own_words_parts_nothing():
    own = f"{NEW}\n\n{'_' * 60}\n\nAnd more."
    assert read(mail(f"{own}\n\n{ATTRIBUTIONS[0]}\n{cited(OLD)}")).text == own


def test_older_lotus_notes_is_known_by_labels_in_lines_of_their_own():
    block = (
        "Ada <ada@example.com>\n30/11/2026 10:12\n\nTo\n        eva@example.com\ncc\n\nSubject\n        Till"
    )
    message = read(mail(f"{NEW}\n\n\n{block}\n\n\n{OLD}\n"))
    assert (message.text, message.quoted) == (NEW, True)


def test_a_rule_over_the_line_to_write_above_goes_with_it():
    assert read(mail(f"{NEW}\n\n-------\nReply above this line.\n\n{OLD}\n")).text == NEW


def test_a_log_that_is_shown_in_a_new_mail_is_no_quotation():
    shown = f"The log says:\n\n{cited(OLD)}\n\nWhat is that?"
    message = read(mail(shown, subject="Till", headers=""))
    assert (message.text, message.quoted) == (shown, False)
