"""HTML becomes clean text, and its markup tells what is quoted and what is a signature."""

import time

import pytest

from cases.incoming.message import read
from cases.incoming.quoting import Kind

NEW = "It still refuses every card."
OLD = "Please restart the till."

# How programs mark up a reply: `NEW` stands for what is said, `OLD` for what is quoted.
CLIENTS = {
    "Gmail": '<div dir="ltr">NEW</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
    'Tel Lun 3 Mas 2026 09:14 Nora &lt;<a href="mailto:nora@example.com">nora@example.com</a>&gt;<br></div>'
    '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex"><div>OLD</div></blockquote></div>',
    "Outlook on the web": '<div>NEW</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%">'
    '<div id="divRplyFwdMsg" dir="ltr"><b>Mtumaji:</b> Nora &lt;nora@example.com&gt;<br><b>Tarehe:</b> 3 Machi 2026</div><div>OLD</div>',
    "Outlook": '<div class="WordSection1"><p class="MsoNormal">NEW<o:p></o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;'
    'padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Mtumaji:</b> Nora<br><b>Tarehe:</b> 3 Machi 2026</p></div></div><p>OLD</p></div>',
    "Outlook on a telephone": '<div>NEW</div><div class="ms-outlook-mobile-signature">Get Outlook for iOS</div>'
    '<div id="mail-editor-reference-message-container"><div>Nora</div><div>OLD</div></div>',
    "Apple Mail": '<div>NEW</div><div><br><blockquote type="cite"><div>3 machi 2026 nora@example.com:</div><div>OLD</div></blockquote></div>',
    "Thunderbird": '<p>NEW</p><div class="moz-cite-prefix">3 machi 2026 Nora:<br></div><blockquote type="cite" cite="mid:a@b"><p>OLD</p></blockquote>',
    "Yahoo": '<div class="ydp1yahoo-style-wrap"><div>NEW</div></div><div id="yahoo_quoted_12" class="yahoo_quoted"><div>Nora, 3 machi:</div>'
    "<div>OLD</div></div>",
    "Proton": '<div>NEW</div><div class="protonmail_quote">Nora, 3 machi:<blockquote type="cite">OLD</blockquote></div>',
    "GMX": '<div>NEW</div><div name="quote" style="margin:10px 5px 5px 10px; border-left:2px solid #C3D9E5;"><div>Nora</div>OLD</div>',
    "Zimbra": '<div>NEW</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__">Nora</div><div>OLD</div>',
    "Mail.ru": '<div>NEW</div><blockquote style="border-left:1px solid #0857A6;margin:10px;padding:0 0 0 10px">Nora:<br>OLD</blockquote>',
    "plain marks in HTML": "<p>NEW<br><br>&gt; OLD<br>&gt; again</p>",
}  # fmt: skip


def html_mail(
    html: str, *, subject: str = "Re: Till", headers: str = "In-Reply-To: <a@example.com>\n"
) -> bytes:
    top = f"From: Eva <eva@example.com>\nSubject: {subject}\n{headers}"
    return f"{top}Content-Type: text/html; charset=utf-8\n\n{html}".encode()


@pytest.mark.parametrize("html", CLIENTS.values(), ids=CLIENTS)
def test_the_markup_of_each_program_tells_in_any_language_what_is_quoted(html):
    message = read(html_mail(html.replace("NEW", NEW).replace("OLD", OLD)))
    assert message.text == NEW
    assert OLD in "".join(piece.text for piece in message.pieces if piece.kind is Kind.QUOTED)


def test_answers_between_marked_up_quotations_are_new():
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On 3 March Nora wrote:</div><blockquote class="gmail_quote">Which till?</blockquote>'
        '<div>The left one.</div><blockquote class="gmail_quote">Since when?</blockquote><div>Since Monday.</div></div>'
    )
    assert read(html_mail(html)).text == "The left one.\n\nSince Monday."


def test_what_is_only_indented_is_not_quoted():
    html = '<p>It says</p><blockquote style="margin:0 0 0 40px;border:none;padding:0px">error 5</blockquote>'
    assert read(html_mail(html)).text == "It says\n\nerror 5"


def test_html_becomes_text_as_somebody_reads_it():
    html = (
        "<html><head><title>No</title><style>p {color: red}</style></head><body><h1>Till&nbsp;3</h1><p>One &amp;\n two<br>three</p>"
        "<ul><li>first</li><li>second</li></ul><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>"
        "<pre>x  =  1\n  y</pre><!-- no --><script>alert('no')</script><div style='display:none'>no</div></body></html>"
    )
    assert (
        read(html_mail(html)).text
        == "Till 3\n\nOne & two\nthree\n\n- first\n- second\n\na b\nc d\n\nx  =  1\n  y"
    )


def test_a_link_is_kept_where_its_words_do_not_tell_it():
    html = '<p>See <a href="https://example.com/x">this page</a> or <a href="https://example.com">https://example.com</a></p>'
    assert read(html_mail(html)).text == "See this page <https://example.com/x> or https://example.com"


def test_pictures_stand_in_their_place_and_those_of_strangers_do_not():
    html = '<p>before</p><img src="cid:one@x"><p>after</p><img src="https://spy.example.com/1.gif"><img src="cid:missing">'
    related = (
        'From: eva@example.com\nContent-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html\n\n'
        f'{html}\n--b\nContent-Type: image/png; name="till.png"\nContent-ID: <one@x>\nContent-Transfer-Encoding: base64\n\niVBORw0=\n--b--\n'
    )
    message = read(related.encode())
    assert message.text == "before\n\n[till.png]\n\nafter"
    assert message.pictures == ["till.png"]
    assert [one.name for one in message.attachments] == ["till.png"]


@pytest.mark.parametrize(
    "piece",
    [
        "<div>", "<blockquote type=cite>", "<", "<!--", "<a href='", '<a href="x', "<![CDATA[", "<script>", "<style", "&", "&#", "</div>",
        "<b ", "<p><span>", "<!-- -- ", "<a =", "<img src=cid:a>", "\n>", "<table><tr><td>", "<svg>",
    ],
)  # fmt: skip
def test_no_markup_takes_long(piece):
    """What takes time by the square of its length takes minutes of this."""
    began = time.process_time()
    read(html_mail(piece * 40_000))
    assert time.process_time() - began < 5
