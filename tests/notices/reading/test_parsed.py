"""A mail taken apart travels from the parsing child as JSON and is the same afterwards."""

from datetime import UTC, datetime

from notices.reading.parsed import Parsed


def test_it_comes_back_the_same_with_every_field_set():
    full = Parsed(
        message_id="<1@x.example>",
        in_reply_to=("<2@reply.harbour.example>",),
        references=("<2@reply.harbour.example>", "<3@x.example>"),
        from_address="support@x.example",
        from_name="X Support",
        from_addresses=("support@x.example",),
        sender="bounce@x.example",
        reply_to=("ticket+9@x.example",),
        recipients=("r-00@reply.harbour.example",),
        recipients_as_written=("<r-00@reply.harbour.example>",),
        subject="Re: Notice – ünïcode",
        date=datetime(2026, 11, 21, 12, 0, tzinfo=UTC),
        auto_submitted="auto-replied",
        precedence="bulk",
        auto_headers={"list-id": "<news.x.example>"},
        authentication_results=("mx.harbour.example; dkim=pass",),
        report_type="delivery-status",
        text="one\ntwo",
        dropped=("image/png, 30 bytes",),
        delivery_status=({"reporting-mta": "dns; mx"}, {"status": "5.1.1"}),
        feedback={"feedback-type": "abuse"},
        returned={"message-id": "<2@reply.harbour.example>"},
    )
    assert Parsed.from_json(full.to_json()) == full


def test_an_empty_mail_and_a_lone_surrogate_travel_too():
    assert Parsed.from_json(Parsed().to_json()) == Parsed()
    assert Parsed.from_json(Parsed(text="\udc80").to_json()).text == "\udc80"
