import email
import hashlib
import os
import re
import shutil
import socket
import subprocess
import threading
from dataclasses import replace
from datetime import UTC, datetime
from email import policy

import pytest
from django.template.loader import render_to_string

from core.errors import RuleBroken
from notices import letters
from notices.drafting import LinkFact, Organisation, Signer, compose
from notices.letters import Envelope, freeze, pages, pdf, press
from tests.notices.written import TICKS, channel, facts

ENVELOPE = Envelope(
    from_name="Casework team",
    from_address="casework@office.example",
    to_address="desk@platform.example",
    reply_to="r-0123456789abcdef0123456789abcdef@reply.example",
    message_id="<k7q4-2m-1.5f2b9c0d@office.example>",
    date=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
)
PLANNED = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Content-Language",
    "MIME-Version", "Content-Type",
}  # fmt: skip
pytestmark = pytest.mark.usefixtures("real_press")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils")


def flat(text):
    return " ".join(text.split())


def printed(letter, tmp_path):
    """Return a letter's PDF as poppler reads it."""
    path = tmp_path / "letter.pdf"
    path.write_bytes(letters.render_pdf(letter))
    return flat(poppler("pdftotext", "-raw", str(path), "-"))


def poppler(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def unix(text):
    return text.replace("\r\n", "\n")


def parsed(raw):
    return email.message_from_bytes(raw, policy=policy.default)


# The PDF


@needs_poppler
def test_the_printed_dmca_notice_shows_all_six_elements_and_perjury_on_the_authority(tmp_path):
    text = printed(compose(facts("us-dmca-512c")), tmp_path)
    for ref in ("(i)", "(ii)", "(iii)", "(iv)", "(v)", "(vi)"):
        assert f"512(c)(3)(A){ref}" in text
    for part in (
        "Signed: /s/ Marta Lindqvist",
        "a self-portrait photograph taken by the person depicted on or about 3 May 2024",
        "https://pictures.example/post/18207",
        "12 Example Street, 1000 Brussels",
        "I have a good faith belief that use of the material in the manner complained of",
        "accurate and, under penalty of perjury, I am authorized to act on behalf of the owner",
    ):
        assert part in text
    assert text.count("perjury") == 1


@needs_poppler
def test_the_printed_tida_notice_shows_every_element(tmp_path):
    text = printed(compose(facts("us-tida-s3")), tmp_path)
    for part in (
        "section 3(a)(1)(B)(i)", "section 3(a)(1)(B)(ii)", "section 3(a)(1)(B)(iii)",
        "section 3(a)(1)(B)(iv)", "Signed: /s/ Marta Lindqvist",
        "https://pictures.example/post/18207",
        "has a good faith belief that the depiction identified above is not consensual",
        "Relevant information: The person depicted never agreed to the publication.",
        "r-0123456789abcdef0123456789abcdef@reply.example",
    ):  # fmt: skip
        assert part in text
    assert "perjury" not in text


@needs_poppler
def test_the_printed_dsa_notice_shows_the_four_elements(tmp_path):
    text = printed(compose(facts("eu-dsa-16")), tmp_path)
    for part in (
        "Article 16(2)(a)", "Article 16(2)(b)", "Article 16(2)(c)", "Article 16(2)(d)",
        "unlawful dissemination of sexually explicit images or videos (art. 612-ter c.p.)",
        "https://pictures.example/post/18207", "Organisation Shelter Office",
        "I confirm my bona fide belief that the information and allegations",
    ):  # fmt: skip
        # a line may break after the hyphen
        assert part in text.replace("612- ter", "612-ter")
    assert "perjury" not in text


@pytest.mark.parametrize("ground_id", ["us-dmca-512c", "us-tida-s3", "eu-dsa-16", "uk-osa-20a"])
def test_a_letter_with_one_link_is_one_tagged_page_with_its_fonts(ground_id, tmp_path):
    content = letters.render_pdf(compose(facts(ground_id)))
    assert len(letters.pdf_pages_png(content)) == 1
    path = tmp_path / "letter.pdf"
    path.write_bytes(content)
    told = poppler("pdfinfo", str(path))
    assert re.search(r"Tagged:\s+yes", told)
    fonts = poppler("pdffonts", str(path)).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5] == "yes" for line in fonts), "every font is embedded"


def test_the_metadata_has_no_author_no_day_no_host_and_no_path(tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(letters.render_pdf(compose(facts())))
    told = poppler("pdfinfo", "-meta", str(path)) + poppler("pdfinfo", str(path))
    assert 'pdfaid:part="3" pdfaid:conformance="A"' in told
    assert "Notice K7Q4-2M-1" in told
    for absent in ("Author", "Creator", "CreationDate", "ModDate", socket.gethostname(), "/home"):
        assert absent not in told
    assert str(press.ROOT) not in told


def test_the_same_letter_is_the_same_bytes_in_another_child():
    letter = compose(facts("eu-dsa-16"))
    first = letters.render_pdf(letter)
    pdf._press.stop()
    assert letters.render_pdf(letter) == first


def html_of(ground_id):
    return render_to_string("letters/notice.html", {"letter": compose(facts(ground_id))})


def test_parts_made_once_make_the_same_file(monkeypatch):
    html = html_of("us-dmca-512c")
    one = press.Press()
    settled = one.pdf(html)
    monkeypatch.setattr(press, "settle", None)
    assert one.pdf(html) == settled


def test_the_letters_own_style_is_the_only_one(monkeypatch):
    asked = []
    monkeypatch.setattr(press.Letter, "_ua_stylesheets", lambda _, forms: asked.append(forms) or [])
    press.Press().pdf(html_of("us-tida-s3"))
    assert asked


def test_a_missing_part_is_printed_as_such():
    content = letters.render_pdf(compose(facts(ticks=TICKS - {"tida_good_faith"})))
    assert "[" not in flat(letters.pdf_text(content)).split("Missing")[0][-1:]
    assert "Missing: good-faith statement" in flat(letters.pdf_text(content))


def test_other_scripts_are_printed_with_embedded_fonts():
    office = Organisation("منظمة المأوى", "Αθήνα 10, 東京", "+30 21")
    content = letters.render_pdf(compose(facts(organisation=office)))
    assert "Αθήνα" in letters.pdf_text(content)
    assert "東京" in letters.pdf_text(content)


def test_a_long_list_of_links_runs_over_to_more_pages_and_the_preview_stops(monkeypatch):
    monkeypatch.setattr(pages, "MOST_PAGES", 2)
    many = tuple(
        LinkFact(url=f"https://pictures.example/post/{n}", kind="post", exact=True)
        for n in range(150)
    )
    content = letters.render_pdf(compose(facts(links=many)))
    assert "https://pictures.example/post/149" in letters.pdf_text(content)
    assert "4 / 4" in letters.pdf_text(content)
    assert len(letters.pdf_pages_png(content)) == 2


def test_an_oversized_file_is_not_shown():
    with pytest.raises(ValueError, match="too large"):
        letters.pdf_pages_png(b"%PDF" + b"0" * 2_000_000)


# What a hostile text could reach


class Listener:
    """A server that counts who knocks."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.hits = 0
        threading.Thread(target=self._count, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.socket.getsockname()[1]}/x"

    def _count(self):
        while True:
            try:
                self.socket.accept()[0].close()
            except OSError:
                return
            self.hits += 1


@pytest.fixture
def listener():
    server = Listener()
    yield server
    server.socket.close()


WAYS = [
    '<img src="{}">',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{}"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><use href="{}#a"/></svg>',
    '<style>@import url("{}");</style>',
    '<style>@font-face {{ font-family: F; src: url("{}"); }} p {{ font-family: F; }}</style><p>x',
    '<p style="background: url({})">x</p>',
    '<ul style="list-style-image: url({})"><li>x</ul>',
    '<p style="content: url({})">x</p>',
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    '<a rel="attachment" href="{}">x</a>',
    '<style>@page {{ background: url("{}"); }}</style>',
    '<base href="{}"><img src="y">',
]


@pytest.mark.parametrize("way", WAYS)
def test_no_way_leads_to_a_file_or_a_host(way, listener, tmp_path):
    canary = tmp_path / "canary.txt"
    canary.write_text("CANARY-9f31")
    addresses = [
        canary.as_uri(), listener.url, "file:///etc/passwd", "data:text/plain,CANARY-9f31",
        "app-static:../../../etc/passwd", "app-static:letter.css", "ftp://127.0.0.1/x",
    ]  # fmt: skip
    html = "<html><body>" + "".join(way.format(one) for one in addresses) + "<p>end</p>"
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf.print_html(html))
    assert listener.hits == 0
    assert poppler("pdfdetach", "-list", str(path)).startswith("0 embedded files")
    assert b"EmbeddedFile" not in path.read_bytes()
    text = poppler("pdftotext", str(path), "-")
    assert "CANARY" not in text
    assert "root:" not in text


@pytest.mark.parametrize("way", WAYS)
def test_the_fetcher_hands_out_nothing(way):
    handed_out = []

    class Counting(press.OwnFonts):
        def fetch(self, url, headers=None):
            answer = super().fetch(url, headers)
            handed_out.append(url)
            return answer

    one = press.Press(Counting())
    own = len(handed_out)
    one.pdf(f"<html><body>{way.format('file:///etc/hostname')}<p>end</p>")
    assert handed_out[own:] == []
    assert all(url.endswith(".ttf") for url in handed_out)


@pytest.mark.parametrize(
    "url",
    [
        "app-static:", "app-static:.", "app-static:../../../manage.py", "app-static:/etc/passwd",
        "app-static:AtkinsonHyperlegibleNext-Regular.ttf?x", "file:///etc/passwd", "https://x/",
        "APP-STATIC:AtkinsonHyperlegibleNext-Regular.ttf", "//host/x", "data:,x", "",
    ],
)  # fmt: skip
def test_the_fetcher_refuses_what_is_not_a_font_by_name(url):
    with pytest.raises(ValueError, match="not an asset"):
        press.OwnFonts().fetch(url)


HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</td></table><h1>x</h1>",
    "&lt;b&gt;", "<!--", "]]>", "{{ letter.code }}", "{% include 'x' %}", "a & b < c > d \" '",
    "<link rel=attachment href=file:///etc/passwd>", "url(file:///etc/passwd)", "\\0041",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_literally(text):
    office = Organisation(text, "12 Example Street", "+32")
    content = letters.render_pdf(compose(facts(organisation=office)))
    squeezed = re.sub(r"\s", "", letters.pdf_text(content))
    assert re.sub(r"\s", "", text) in squeezed
    assert b"EmbeddedFile" not in content


def test_a_letter_too_long_to_print_is_refused_and_the_worker_lives():
    with pytest.raises(letters.PdfFailed):
        pdf.print_html("<table>" + "<tr><td>x" * 50_000)
    assert letters.render_pdf(compose(facts())).startswith(b"%PDF")


@pytest.mark.long
def test_a_letter_that_never_ends_printing_is_cut_off_and_the_worker_lives():
    deep = "<div>" * 20_000 + "x"
    for html in (deep, "<table>" + "<tr><td>x" * 15_000):
        with pytest.raises(letters.PdfFailed):
            pdf.print_html(html)
        assert letters.render_pdf(compose(facts())).startswith(b"%PDF")


def test_a_child_that_died_is_replaced():
    letters.render_pdf(compose(facts()))
    pdf._press._process.kill()
    pdf._press._process.wait()
    assert letters.render_pdf(compose(facts())).startswith(b"%PDF")


def test_a_child_is_recycled_after_so_many_letters(monkeypatch):
    letters.render_pdf(compose(facts()))
    first = pdf._press.pid
    monkeypatch.setattr(pdf._press, "_answered", pdf.RECYCLE_AFTER - 1)
    letters.render_pdf(compose(facts()))
    letters.render_pdf(compose(facts()))
    assert pdf._press.pid != first


def test_the_child_knows_no_setting_of_the_product(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary-secret")
    pdf._press.stop()
    letters.render_pdf(compose(facts()))
    with open(f"/proc/{pdf._press.pid}/environ", "rb") as environ:
        assert b"canary-secret" not in environ.read()


def test_after_a_fork_the_child_is_not_shared():
    letters.render_pdf(compose(facts()))
    mine = pdf._press.pid
    child = os.fork()
    if child == 0:
        code = 1
        try:
            forgot = pdf._press.pid is None
            own = letters.render_pdf(compose(facts())).startswith(b"%PDF")
            code = 0 if forgot and own and pdf._press.pid != mine else 1
            pdf._press.stop()
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert letters.render_pdf(compose(facts())).startswith(b"%PDF")
    assert pdf._press.pid == mine


def test_the_worker_itself_never_loads_the_printer():
    code = (
        "import os, django; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'tests.settings');"
        "django.setup(); import sys; import notices.letters;"
        "sys.exit('weasyprint' in sys.modules)"
    )
    subprocess.run([os.sys.executable, "-c", code], check=True, cwd=press.ROOT)


# The mail


def mail(letter=None, envelope=ENVELOPE, content=None):
    return letters.render_mail(letter or compose(facts()), envelope, content)


def test_the_mail_carries_the_legal_copy_and_the_planned_headers():
    message = parsed(mail())
    assert set(message.keys()) - {"Content-Transfer-Encoding"} == PLANNED
    assert message["Subject"] == "Notice K7Q4-2M-1 - removal request"
    assert message["From"] == "Casework team <casework@office.example>"
    assert message["Message-ID"] == ENVELOPE.message_id
    assert message["Date"] == "Sat, 21 Nov 2026 12:00:00 +0000"
    assert unix(message.get_content()) == compose(facts()).text


def test_the_pdf_is_attached_under_the_code_alone():
    message = parsed(mail(content=b"%PDF-1.7 test"))
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "notice-K7Q4-2M-1.pdf"
    assert attached.get_content() == b"%PDF-1.7 test"
    assert unix(message.get_body(("plain",)).get_content()) == compose(facts()).text


def test_the_same_mail_is_the_same_bytes():
    assert mail(content=b"%PDF") == mail(content=b"%PDF")


def test_lines_end_in_crlf_and_are_short():
    raw = mail(content=b"%PDF" * 999)
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    body = raw.split(b"\r\n\r\n", 1)[1]
    assert max(len(line) for line in body.split(b"\r\n")) <= 78


def test_a_long_message_id_is_not_folded():
    long = f"<{'k' * 60}.{'5' * 40}@{'mail.' * 8}office.example>"
    assert f"Message-ID: {long}\r\n".encode() in mail(envelope=replace(ENVELOPE, message_id=long))


def test_a_reminder_stays_in_its_thread():
    message = parsed(mail(envelope=replace(ENVELOPE, in_reply_to="<first@office.example>")))
    assert message["In-Reply-To"] == message["References"] == "<first@office.example>"


BREAKS = [
    "\r\nBcc: thief@evil.example", "\nBcc: thief@evil.example", "\rBcc: thief@evil.example",
    "\r\n\r\nbody", "\x00", "\r\n Bcc: thief@evil.example", "\u2028Bcc: thief@evil.example",
    "\x0bBcc: thief@evil.example", "\x85Bcc: thief@evil.example", "%0d%0aBcc: thief@evil.example",
    "\r\n.\r\nMAIL FROM:<thief@evil.example>\r\n", "=?utf-8?q?=0D=0ABcc:_thief=40evil.example?=",
]  # fmt: skip
PLACES = ["from_name", "from_address", "to_address", "reply_to", "message_id"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("payload", BREAKS)
def test_no_value_adds_a_header_or_a_recipient(place, payload):
    envelope = replace(ENVELOPE, **{place: getattr(ENVELOPE, place) + payload})
    try:
        message = parsed(mail(envelope=envelope))
    except RuleBroken:
        return
    assert place == "from_name"
    assert set(message.keys()) - {"Content-Transfer-Encoding"} == PLANNED
    assert [a.addr_spec for a in message["To"].addresses] == ["desk@platform.example"]
    assert [a.addr_spec for a in message["From"].addresses] == ["casework@office.example"]
    assert unix(message.get_content()) == compose(facts()).text


@pytest.mark.parametrize("payload", BREAKS)
def test_no_subject_adds_a_header(payload):
    letter = replace(compose(facts()), subject="Notice" + payload)
    assert set(parsed(mail(letter)).keys()) - {"Content-Transfer-Encoding"} == PLANNED


@pytest.mark.parametrize("payload", BREAKS)
def test_no_code_becomes_another_file_name(payload):
    with pytest.raises(RuleBroken):
        mail(replace(compose(facts()), code="K7Q4-2M-1" + payload))


@pytest.mark.parametrize("payload", BREAKS)
def test_no_text_of_ours_ends_the_message_early(payload):
    office = Organisation("Shelter" + payload, "." + payload, payload)
    raw = mail(compose(facts(organisation=office, signer=Signer("M" + payload, payload))))
    head = raw.split(b"\r\n\r\n", 1)[0]
    assert b"thief" not in head
    assert b"\r\n.\r\n" not in raw
    assert b"\r\nMAIL FROM" not in raw


@pytest.mark.parametrize(
    "address",
    [
        "", "desk", "a@b@c.example", "a b@c.example", "<a@c.example>", "a@c.example,b@d.example",
        "a@c.example\n", "Name <a@c.example>", '"a b"@c.example', "ä@c.example", "a@ç.example",
    ],
)  # fmt: skip
def test_only_one_plain_address_is_a_recipient(address):
    with pytest.raises(RuleBroken):
        mail(envelope=replace(ENVELOPE, to_address=address))


def test_a_foreign_name_is_encoded_and_a_naive_date_refused():
    raw = mail(envelope=replace(ENVELOPE, from_name="Équipe d’écoute"))
    assert parsed(raw)["From"].addresses[0].display_name == "Équipe d’écoute"
    raw.decode("ascii")
    with pytest.raises(ValueError, match="zone"):
        mail(envelope=replace(ENVELOPE, date=ENVELOPE.date.replace(tzinfo=None)))


# Freezing


def test_freezing_renders_everything_once_with_its_digests():
    whole = facts()
    frozen = freeze(compose(whole), whole.channel, ENVELOPE)
    assert frozen.mime_sha256 == hashlib.sha256(frozen.mime).hexdigest()
    assert frozen.pdf_sha256 == hashlib.sha256(frozen.pdf).hexdigest()
    (attached,) = parsed(frozen.mime).iter_attachments()
    assert attached.get_content() == frozen.pdf
    assert freeze(compose(whole), whole.channel, ENVELOPE) == frozen


def test_a_channel_that_takes_no_pdf_gets_the_text_alone():
    desk = replace(channel(), accepts_pdf=False)
    frozen = freeze(compose(facts()), desk, ENVELOPE)
    assert not parsed(frozen.mime).is_multipart()
    assert frozen.pdf.startswith(b"%PDF")


def test_for_a_form_the_text_is_what_is_approved():
    frozen = freeze(compose(facts()), channel(medium="web_form"), None)
    assert frozen.mime == compose(facts()).text.encode()


def test_a_letter_with_a_gap_is_never_frozen():
    with pytest.raises(RuleBroken, match="missing"):
        freeze(compose(facts(ticks=frozenset())), channel(), ENVELOPE)


# Forms


def fields(ground_id="us-tida-s3", **given):
    whole = facts(ground_id, **given)
    return letters.form_fields(compose(whole), whole, whole.channel)


def test_a_form_gets_each_link_our_names_and_the_statements_word_for_word():
    values = [field.value for field in fields()]
    assert "https://pictures.example/post/18207" in values
    assert "Marta Lindqvist" in values
    assert any(value.startswith("The person depicted has a good faith") for value in values)
    assert values[-1] == compose(facts()).text


def test_a_demand_about_her_without_a_mandate_is_left_empty_and_says_why():
    desk = channel(platform_demands=["victim.legal_name"])
    asked = {field.label: field for field in fields(channel=desk)}
    assert asked["the person's legal name"].value == ""
    assert "Leave it empty" in asked["the person's legal name"].why
    told = {f.label: f for f in fields(channel=desk, disclosed={"legal_name": "Vera Example"})}
    assert told["the person's legal name"].value == "Vera Example"


def test_our_address_and_telephone_go_only_where_the_form_or_the_statute_wants_them():
    assert "Address" not in {field.label for field in fields("us-tida-s3")}
    assert "Address" in {field.label for field in fields("us-dmca-512c")}
    desk = channel(grounds=["eu-dsa-16"], platform_demands=["agent.postal"])
    assert "Address" in {field.label for field in fields("eu-dsa-16", channel=desk)}


def test_a_form_that_asks_whether_to_pass_it_on_is_told_no():
    desk = channel(forwards_complainant_data="optional", category="NCSEI", form="17")
    asked = {field.label: field.value for field in fields(channel=desk)}
    assert asked["Pass the report on?"] == "No"
    assert asked["Kind of report"] == "NCSEI"


@pytest.mark.parametrize(
    ("given", "relation"),
    [
        ({}, "Authorised representative of the person depicted"),
        ({"ground_id": "us-dmca-512c"}, "Authorised agent of the copyright owner"),
        (
            {"ground_id": "eu-dsa-16", "mandate": None},
            "Organisation that reports on its own behalf",
        ),
    ],
)
def test_the_relation_is_the_true_one(given, relation):
    asked = {field.label: field.value for field in fields(**given)}
    assert asked["Relation to the person"] == relation
