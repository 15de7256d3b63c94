"""Bytes as text, in the charset that they say, or in the likeliest where that is missing or wrong."""

import codecs
import re
from contextlib import suppress

from charset_normalizer import from_bytes

# What mail calls a charset, and what holds all that such mail really uses.
MEANT = {
    "ascii": "utf-8",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "cp936": "gb18030",
    "big5": "cp950",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-9": "cp1254",
    "tis-620": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "utf8mb4": "utf-8",
}
# Of these, bytes alone do not tell: they decode anything, or run programs.
NO_CHARSETS = {"unknown-8bit", "x-unknown", "binary", "8bit", "rot13", "hex", "base64", "zip", "bz2", "uu"}
SAMPLE = 8_000  # bytes that are enough to guess from
ESCAPED = re.compile(rb"\x1b\$[@B]")  # how Japanese begins in seven bits
SELDOM = 0.25  # of all bytes: as many accents as a language in Latin letters has
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def text_of(content: bytes, charset: str = "") -> str:
    """Decode the content. Nothing that cannot be stored or shown is left in it."""
    return _tidy(_decoded(content, charset))


def _decoded(content: bytes, charset: str) -> str:
    if content.startswith(codecs.BOM_UTF8):
        content, charset = content[3:], "utf-8"
    name = _codec(charset)
    is_seven_bits = content.isascii()
    if ESCAPED.search(content) and is_seven_bits:
        return _japanese(content)
    for tried in dict.fromkeys((name, "utf-8")):
        with suppress(UnicodeError):
            if tried:
                return content.decode(tried)
    if name and name not in ("utf-8", "ascii") and not _is_single_byte(name):
        broken = content.decode(
            name, "replace"
        )  # one byte in a thousand is wrong, as where a letter was cut in two
        if broken.count("�") * 20 <= len(broken):
            return broken
    return content.decode(_guessed(content), "replace")


def _japanese(content: bytes) -> str:
    """In seven bits, with the letters that makers added, which Python knows in the eight bits of EUC alone."""
    with suppress(UnicodeError):
        return content.decode("iso2022_jp_ext")
    eight = re.sub(
        rb"\x1b\$[@B]([^\x1b]*)",
        lambda found: bytes(byte | 128 if byte > 32 else byte for byte in found[1]),
        content,
    )
    return re.sub(rb"\x1b\([BJI]", b"", eight).decode("euc_jis_2004", "replace")


def _codec(charset: str) -> str:
    """The name of Python's codec, empty if there is none."""
    given = charset.strip(" \t\"'<>").lower().partition("*")[0].replace("cp-", "cp").replace("_charset", "")
    if given in NO_CHARSETS:
        return ""
    name = MEANT.get(given, given)
    with suppress(LookupError, ValueError, UnicodeError):
        found = codecs.lookup(name)
        if "_is_text_encoding" not in dir(found) or found._is_text_encoding:
            return MEANT.get(found.name, found.name)
    return ""


def _is_single_byte(name: str) -> bool:
    return name.startswith(("cp12", "iso8859", "koi8", "mac-", "cp874"))


def _guessed(content: bytes) -> str:
    """Where accents are few it is Western European; otherwise their distribution tells."""
    sample = content[:SAMPLE]
    high = sum(byte > 127 for byte in sample)
    with suppress(UnicodeError):
        if len(content) > SAMPLE:
            sample[:-4].decode("utf-8")  # a letter may have been cut in two
            return "utf-8"
    valid = len(re.findall(rb"[\xc3\xc4\xc5\xe2][\x80-\xbf]", sample)) * 2
    if valid > high * 0.8:  # UTF-8 with a broken letter in it
        return "utf-8"
    if high <= len(sample) * SELDOM:
        return "cp1252"
    best = from_bytes(sample, enable_fallback=False).best()
    return best.encoding if best else "cp1252"


def _tidy(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).removeprefix("\ufeff")
