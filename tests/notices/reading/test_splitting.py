"""What is new in a mail, apart from what it repeats, in six languages and several programs."""

import pytest

from notices.reading.splitting import split

NEW = "Thank you. We have removed the post."
OURS = "Please remove the content named below. If it has not been removed we shall write again."
LETTER = (
    "Notice K7Q4-2M-1\n\nPlease remove the content named below within two days, and tell us when"
    " you have done so.\nThe person depicted did not agree to its publication, and asks for nothing"
    " else.\n"
)


@pytest.mark.parametrize(
    "attribution",
    [
        "On Sat, 21 Nov 2026 at 13:00, Casework team <notices@harbour.example> wrote:",
        "On 21/11/2026 13:00, Casework team wrote:",
        "Le sam. 21 nov. 2026 à 13:00, Casework team <notices@harbour.example> a écrit :",
        "Op za 21 nov 2026 om 13:00 schreef Casework team <notices@harbour.example>:",
        "Am 21.11.2026 um 13:00 schrieb Casework team:",
        "Il giorno sab 21 nov 2026 alle ore 13:00 Casework team <a@harbour.example> ha scritto:",
        "El sáb, 21 nov 2026 a las 13:00, Casework team (<a@harbour.example>) escribió:",
        "Em sáb., 21 de nov. de 2026, Casework team <a@harbour.example> escreveu:",
        "2026-11-21 13:00 GMT+01:00 Casework team <notices@harbour.example>:",
        "On Sat, 21 Nov 2026 at 13:00, Casework team\n<notices@harbour.example>\nwrote:",
    ],
)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_what_follows_an_attribution_is_quoted_with_marks_or_without(attribution, mark):
    parts = split(f"{NEW}\n\n{attribution}\n\n{mark}{OURS}\n")
    assert parts.new == NEW
    assert OURS in parts.quoted


@pytest.mark.parametrize(
    "block",
    [
        "From: Casework team\nSent: Saturday, 21 November 2026 13:00\nTo: desk\nSubject: Notice",
        "*From:* Casework team\n*Sent:* Saturday\n*To:* desk\n*Subject:* Notice",
        "Von: Casework team\nGesendet: Samstag\nAn: desk\nBetreff: Notice",
        "De : Casework team\nEnvoyé : samedi\nÀ : desk\nObjet : Notice",
        "Van: Casework team\nVerzonden: zaterdag\nAan: desk\nOnderwerp: Notice",
        "Da: Casework team\nInviato: sabato\nA: desk\nOggetto: Notice",
        "De: Casework team\nEnviado: sábado\nPara: desk\nAsunto: Notice",
        "-----Original Message-----\nFrom: Casework team",
        "-------- Message d'origine --------\nDe : Casework team",
        "-----Ursprüngliche Nachricht-----\nVon: Casework team",
        "---------- Forwarded message ---------\nFrom: Casework team",
        "________________________________\nFrom: Casework team",
        "Begin forwarded message:",
    ],
)
def test_everything_below_an_outlook_block_or_a_forward_is_quoted(block):
    parts = split(f"{NEW}\n\n{block}\n\n{OURS}\n")
    assert parts.new == NEW
    assert OURS in parts.quoted


def test_answers_between_the_quoted_lines_are_new():
    text = "> Is it gone?\n\nYes, we removed it.\n\n> And the other one?\n\nNo.\n"
    parts = split(text)
    assert "Yes, we removed it." in parts.new
    assert parts.new.endswith("No.")
    assert "gone?" not in parts.new


def test_an_answer_below_the_quote_is_new():
    text = f"On 21 Nov 2026 Casework team wrote:\n> {OURS}\n\n{NEW}\n"
    assert split(text).new == NEW


def test_signatures_and_what_telephones_add_are_no_part_of_it():
    parts = split(f"{NEW}\n\nSent from my telephone\n-- \nTrust Desk\nWe removed nothing.\n")
    assert parts.new == NEW
    assert "We removed nothing." in parts.quoted


def test_the_line_of_a_help_desk_above_which_to_write_goes():
    assert split(f"##- Please type your reply above this line -##\n\n{NEW}\n").new == NEW


def test_our_letter_repeated_without_any_mark_is_quoted_however_it_is_broken():
    broken = LETTER.replace(" within", "\nwithin").replace("publication, and", "publication,\nand")
    parts = split(f"{NEW}\n\n{broken}", LETTER)
    assert parts.new == NEW
    assert "The person depicted" in parts.quoted


def test_a_sentence_of_theirs_with_a_few_words_of_ours_stays():
    theirs = "The person depicted did agree, the user tells us, so nothing happens."
    assert theirs in split(theirs, LETTER).new


@pytest.mark.parametrize(
    "text",
    [
        "On Monday we decided the following:\n\nThe post stays.",
        "From: now on we answer by mail.\n\nThe post stays.",
        "We list what we removed:\n- a\n- b\n\nThe post stays.",
        "Le contenu est le suivant :\n\nThe post stays.",
    ],
)
def test_a_sentence_that_looks_like_an_attribution_is_none(text):
    assert "The post stays." in split(text).new


def test_nothing_is_lost_between_the_two():
    text = f"{NEW}\n\nOn 21 Nov 2026 Casework team wrote:\n> {OURS}\n\nThe end.\n"
    parts = split(text)
    words = f"{parts.new} {parts.quoted}".split()
    assert sorted(words) == sorted(text.split())
