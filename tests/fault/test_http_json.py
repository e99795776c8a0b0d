# SPDX-License-Identifier: Apache-2.0
"""
Texts that are JSON, or nearly, as the body of a report: taken where RFC 8259 and our limits
say so, refused in words where not, and never anything else. In the manner of JSONTestSuite;
the texts are our own.
"""
import json

import harness
import openapi
import pytest

# Where a text goes into a report, so that it is taken exactly if it is JSON: a fact that may be
# any text or number within its bounds.
NAME = '"name":"Ubuntu 22.04.4 LTS"'
MIB = '"total_mib":8192'


@pytest.fixture(scope="module")
def device(tmp_path_factory):
    folder = tmp_path_factory.mktemp("json")
    with harness.Collector(folder, web=None, arguments=["--no-rate-limit"]) as collector:
        yield collector.enroll(collector.enrollment_key())


def report(device):
    return json.dumps(device.body(), separators=(",", ":")).encode()


def with_bytes(device, old, new):
    body = report(device)
    assert old.encode() in body
    return body.replace(old.encode(), new, 1)


def text_of(value):
    """A string's inside, in place of the name of the system."""
    return NAME, b'"name":"' + value + b'"'


def number_of(value):
    return MIB, b'"total_mib":' + value


TAKEN = {
    "an empty string": text_of(b""),
    "ASCII": text_of(b"abc"),
    "every escape": text_of(rb'\" \\ \/ \b \f \n \r \t'),
    "an escape of four digits": text_of(rb"\u0041\u00e9\u20ac"),
    "its digits in both cases": text_of(rb"\uABCD\uabcd"),
    "a pair of surrogates": text_of(rb"\ud83d\ude00"),
    "the last character there is": text_of(rb"\udbff\udfff"),
    "an escaped control character": text_of(rb"\u0001\u001f\u007f"),
    "two bytes of UTF-8": text_of("é߿".encode()),
    "three bytes of UTF-8": text_of("ࠀ퟿￿".encode()),
    "four bytes of UTF-8": text_of("𐀀\U0010ffff".encode()),
    "a byte order mark inside": text_of("\ufeff".encode()),
    "characters without a width": text_of("\u200b\u202e\u2066".encode()),
    "line and paragraph separators": text_of("\u2028\u2029".encode()),
    "DEL": text_of(b"\x7f"),
    "a slash": text_of(b"/"),
    "4,096 bytes": text_of(b"x" * 4096),
    "4,096 bytes of two each": text_of("é".encode() * 2048),
    "4,096 escapes": text_of(rb"\u0041" * 4096),
    "what looks like JSON": text_of(rb'{\"a\":[1]}'),
    "zero": number_of(b"0"),
    "a number": number_of(b"512"),
    "a large number": number_of(b"1048576"),
    "spaces": (MIB, b' "total_mib" : 8192 '),
    "tabs and lines": (MIB, b'\t"total_mib"\r\n:\n8192\r'),
}

REFUSED = {
    # --- numbers
    "a minus alone": number_of(b"-"),
    "a plus": number_of(b"+1"),
    "a leading zero": number_of(b"01"),
    "two leading zeros": number_of(b"00"),
    "minus and a leading zero": number_of(b"-01"),
    "hexadecimal": number_of(b"0x10"),
    "octal": number_of(b"0o17"),
    "a point at the end": number_of(b"1."),
    "a point at the start": number_of(b".5"),
    "minus and a point": number_of(b"-.5"),
    "an exponent of nothing": number_of(b"1e"),
    "an exponent of a sign": number_of(b"1e+"),
    "two exponents": number_of(b"1e1e1"),
    "a fraction in an exponent": number_of(b"1e1.5"),
    "two points": number_of(b"1.2.3"),
    "two signs": number_of(b"--1"),
    "a space in it": number_of(b"1 2"),
    "a comma in it": number_of(b"1,024"),
    "an underscore in it": number_of(b"1_024"),
    "a letter behind it": number_of(b"1a"),
    "NaN": number_of(b"NaN"),
    "nan": number_of(b"nan"),
    "Infinity": number_of(b"Infinity"),
    "minus Infinity": number_of(b"-Infinity"),
    "inf": number_of(b"inf"),
    "a digit that is not ASCII": number_of("１".encode()),
    "too large for a double": number_of(b"1e400"),
    "too small for a double": number_of(b"-1e400"),
    "an exponent too large for an int": number_of(b"1e99999999999999999999"),
    "2^63": number_of(b"9223372036854775808"),
    "-2^63 - 1": number_of(b"-9223372036854775809"),
    "a number of 4,000 digits": number_of(b"9" * 4000),
    "a fraction where a whole number has to be": number_of(b"1.5"),
    "a whole number as a fraction": number_of(b"1.0"),
    "an exponent where a whole number has to be": number_of(b"1e3"),
    "a negative number where none can be": number_of(b"-1"),
    "2^63 - 1, which no memory has": number_of(b"9223372036854775807"),
    # --- words
    "True": number_of(b"True"),
    "TRUE": number_of(b"TRUE"),
    "tru": number_of(b"tru"),
    "truex": number_of(b"truex"),
    "nul": number_of(b"nul"),
    "NULL": number_of(b"NULL"),
    "undefined": number_of(b"undefined"),
    "true where a number has to be": number_of(b"true"),
    "null where a number has to be": number_of(b"null"),
    "nothing where a number has to be": number_of(b""),
    # --- strings
    "an end that is missing": (NAME, b'"name":"Ubuntu'),
    "a start that is missing": (NAME, b'"name":Ubuntu"'),
    "single quotes": (NAME, b"\"name\":'x'"),
    "backquotes": (NAME, b'"name":`x`'),
    "typographic quotes": (NAME, '"name":“x”'.encode()),
    "an escape of an x": text_of(rb"\x41"),
    "an escape of a zero": text_of(rb"\0"),
    "an escape of an a": text_of(rb"\a"),
    "an escape of a quote": text_of(rb"\'"),
    "an escape of a letter that is not ASCII": text_of("\\é".encode()),
    "an escape of a line's end": text_of(b"\\\n"),
    "an escape in capitals": text_of(rb"\N"),
    "an escape of three digits": text_of(rb"\u041"),
    "an escape of no digits": text_of(rb"\u"),
    "an escape of a letter too many": text_of(rb"\u00g0"),
    "an escape in braces": text_of(rb"\u{41}"),
    "an escape of a sign": text_of(rb"\u+041"),
    "a capital U": text_of(rb"\U00000041"),
    "NUL as an escape": text_of(rb"\u0000"),
    "NUL": text_of(b"\x00"),
    "NUL inside": text_of(b"a\x00b"),
    "a line's end": text_of(b"\n"),
    "a carriage return": text_of(b"\r"),
    "a tab": text_of(b"\t"),
    "ESC": text_of(b"\x1b[2J"),
    "a control character": text_of(b"\x1f"),
    # --- surrogates
    "a high surrogate alone": text_of(rb"\ud800"),
    "a low surrogate alone": text_of(rb"\udc00"),
    "two high ones": text_of(rb"\ud800\ud800"),
    "a pair in the wrong order": text_of(rb"\ude00\ud83d"),
    "a high one and a letter": text_of(rb"\ud800a"),
    "a high one and another escape": text_of(rb"\ud800\n"),
    "a high one and half an escape": text_of(rb"\ud800\udc0"),
    "a high one and a character": text_of(rb"\ud800\u0041"),
    # --- UTF-8
    "a byte of none": text_of(b"\xff"),
    "FE": text_of(b"\xfe"),
    "a rest without a start": text_of(b"\x80"),
    "two bytes of which one is missing": text_of(b"\xc3"),
    "three bytes of which one is missing": text_of(b"\xe2\x82"),
    "four bytes of which one is missing": text_of(b"\xf0\x9f\x98"),
    "a start and a letter": text_of(b"\xc3a"),
    "two starts": text_of(b"\xc3\xc3"),
    "a slash in two bytes": text_of(b"\xc0\xaf"),
    "NUL in two bytes": text_of(b"\xc0\x80"),
    "a letter in two bytes": text_of(b"\xc1\x81"),
    "a slash in three bytes": text_of(b"\xe0\x80\xaf"),
    "a slash in four bytes": text_of(b"\xf0\x80\x80\xaf"),
    "a surrogate in three bytes": text_of(b"\xed\xa0\x80"),
    "a pair of surrogates in six bytes": text_of(b"\xed\xa0\xbd\xed\xb8\x80"),
    "beyond the last character": text_of(b"\xf4\x90\x80\x80"),
    "five bytes": text_of(b"\xf8\x88\x80\x80\x80"),
    "six bytes": text_of(b"\xfc\x84\x80\x80\x80\x80"),
    "Latin-1": text_of("é".encode("latin-1")),
    "a name that is no UTF-8": (MIB, b'"total_mib\xff":8192'),
    # --- lengths
    "4,097 bytes": text_of(b"x" * 4097),
    "4,097 escapes": text_of(rb"\u0041" * 4097),
    "a text of 100,000 bytes": text_of(b"x" * 100_000),
    # --- members
    "a comma too many": (MIB, MIB.encode() + b","),
    "two commas": (MIB, MIB.encode() + b',,"x":1'),
    "a comma first": (MIB, b"," + MIB.encode()),
    "no colon": (MIB, b'"total_mib" 8192'),
    "two colons": (MIB, b'"total_mib"::8192'),
    "an equals sign": (MIB, b'"total_mib"=8192'),
    "no value": (MIB, b'"total_mib":'),
    "no name": (MIB, b":8192"),
    "a name without quotes": (MIB, b"total_mib:8192"),
    "a number for a name": (MIB, b"1:8192"),
    "the same member twice": (MIB, MIB.encode() + b"," + MIB.encode()),
    "the same, one of them escaped": (MIB, MIB.encode() + rb',"\u0074otal_mib":8192'),
    "a member that nobody knows": (MIB, MIB.encode() + b',"x":1'),
    "an empty name": (MIB, MIB.encode() + b',"":1'),
    "a name like __proto__": (MIB, MIB.encode() + b',"__proto__":1'),
    "a name with NUL": (MIB, MIB.encode() + rb',"\u0000":1'),
    "an object for a number": number_of(b"{}"),
    "a list for a number": number_of(b"[8192]"),
    "a text for a number": number_of(b'"8192"'),
    "a comma too many in a list": ('["gnome"]', b'["gnome",]'),
    "a list with a hole": ('["gnome"]', b'["gnome",,"kde"]'),
    "a list with a name": ('["gnome"]', b'["a":"gnome"]'),
    "a list that is not ended": ('["gnome"]', b'["gnome"'),
    "a list ended as an object": ('["gnome"]', b'["gnome"}'),
    "a list of lists": ('["gnome"]', b'[["gnome"]]'),
    "1,025 items": ('["gnome"]', b"[" + b'"x",' * 1024 + b'"x"]'),
    # --- around it
    "a comment": (MIB, MIB.encode() + b"/* why */"),
    "a line's comment": (MIB, MIB.encode() + b"// why\n"),
    "a comment of a shell": (MIB, MIB.encode() + b"# why\n"),
    "a space that is not ASCII": (MIB, "\u00a0".encode() + MIB.encode()),
    "a form feed": (MIB, b"\f" + MIB.encode()),
    "a vertical tab": (MIB, b"\v" + MIB.encode()),
    "a byte order mark among members": (MIB, "\ufeff".encode() + MIB.encode()),
    "NUL among members": (MIB, b"\x00" + MIB.encode()),
}

# Whole bodies; none of them is a report.
BODIES = {
    "nothing": b"", "a space": b" ", "a line": b"\n", "NUL": b"\x00",
    "a byte order mark alone": b"\xef\xbb\xbf",
    "an object": b"{}", "a list": b"[]", "null": b"null", "true": b"true", "a number": b"1",
    "a text": b'"report"', "an open object": b"{", "an open list": b"[", "a closed object": b"}",
    "a closed list": b"]", "an open text": b'"', "a comma": b",", "a colon": b":", "a minus": b"-",
    "an open object in a list": b"[{", "the wrong end": b"[}", "two objects": b"{}{}",
    "two with a line between": b"{}\n{}", "an object and a comma": b"{},", "an end too many": b"{}}",
    "a letter behind": b"{}x", "NUL behind": b"{}\x00", "a comment behind": b"{}//",
    "XML": b"<report/>", "a form": b"report=1&device_id=x", "a file": b"\x1f\x8b\x08\x00",
    "UTF-16 with a mark": '{"report":1}'.encode("utf-16"),
    "UTF-16": '{"report":1}'.encode("utf-16-le"), "UTF-32": '{"report":1}'.encode("utf-32-be"),
    "33 lists": b"[" * 33 + b"]" * 33, "33 objects": b'{"a":' * 33 + b"1" + b"}" * 33,
    "100,000 open lists": b"[" * 100_000, "100,000 open objects": b'{"":' * 65_000,
    "lists and objects in turn": b'[{"a":' * 20_000,
    "a text of one escape": b'["\\u0', "an escape at the end": b'["\\', "a surrogate at the end": b'["\\ud800',
    "10,000 members": b"{" + b",".join(b'"%d":%d' % (i, i) for i in range(10_000)) + b"}",
    "a name of 200,000 bytes": b'{"' + b"x" * 200_000 + b'":1}',
    "a number of 200,000 digits": b"[" + b"1" * 200_000 + b"]",
    "an exponent of 200,000 digits": b"[1e" + b"1" * 200_000 + b"]",
    "100,000 empty lists": b"[" + b"[]," * 60_000 + b"[]]",
}


def assert_alive(device):
    assert device.collector.get("/healthz").status == 200


def assert_refused(device, body):
    seen = device.collector.get(f"/v1/devices/{device.id}").json["seen_at"]
    answer = device.send(body)
    assert answer.status == 400, answer.body
    openapi.check("POST", "/v1/reports", answer)
    assert answer.json["type"] == "urn:testready:problem:invalid-body"
    assert len(answer.json["detail"]) > 10
    assert device.collector.get(f"/v1/devices/{device.id}").json["seen_at"] == seen


@pytest.mark.parametrize("name", TAKEN)
def test_what_is_json_is_taken(device, name):
    answer = device.send(with_bytes(device, *TAKEN[name]))
    assert answer.status == 200, answer.body
    old, new = TAKEN[name]
    facts = device.collector.get(f"/v1/devices/{device.id}").json["facts"]
    if old == NAME:
        assert facts["os"]["name"] == json.loads(b"{" + new + b"}")["name"]
    else:
        assert facts["memory"] == json.loads(b"{" + new + b"}")


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_is_refused(device, name):
    assert_refused(device, with_bytes(device, *REFUSED[name]))


@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_report_is_refused(device, name):
    assert_refused(device, BODIES[name])


@pytest.mark.parametrize("around", [b" ", b"\n", b"\r\n\t "])
def test_white_space_around_is_nothing(device, around):
    assert device.send(around + report(device) + around).status == 200


@pytest.mark.parametrize("before, behind", [
    (b"\xef\xbb\xbf", b""), (b"", b"\x00"), (b"\x00", b""), (b"", b"{}"), (b"", b","), (b"[", b"]"),
    (b"", b"\xef\xbb\xbf"), (b")]}',\n", b""), (b"\x1e", b"\n"), (b"", b"//"),
])
def test_anything_else_around_is_refused(device, before, behind):
    assert_refused(device, before + report(device) + behind)


def test_no_part_of_a_report_is_one(device):
    body = report(device)
    for end in [*range(1, 200), *range(200, len(body), 37)]:
        answer = device.send(body[:end])
        assert answer.status == 400, body[:end]
    assert_alive(device)


def test_every_byte_of_a_report_matters_or_is_a_text(device):
    """Bytes changed one at a time: taken or refused, and the collector goes on."""
    body = report(device)
    for at in range(0, len(body), 11):
        for byte in (b"\x00", b'"', b"\\", b"{", b"]", b"\xff"):
            answer = device.send(body[:at] + byte + body[at + 1:])
            assert answer.status in (200, 400, 403), answer.body
    assert_alive(device)
