"""Their numbers are found in many spellings; years, laws and our own codes are none."""

import pytest

from notices.reading.tickets import find

FOUND = """
[Case: 0123] Your report|0123
[#12345] Re: Notice|12345
[HW-99120] Re: Notice|HW-99120
Re: [Ticket#2026112110000017] Notice|2026112110000017
Ref: ABC-123|ABC-123
Your reference number is TS/2026/441|TS/2026/441
Case number 0044718|0044718
Ticket ID: 88120|88120
Request received (#559201)|559201
Your report 559201|559201
numéro de ticket : 2026-8841|2026-8841
Votre demande n° 2026-8841|2026-8841
Réf. 77-AB-12|77-AB-12
zaaknummer 4471-B|4471-B
Uw kenmerk: ZK-33901|ZK-33901
Vorgangsnummer: PL-2026-1177|PL-2026-1177
Aktenzeichen 12/4471-B|12/4471-B
número de caso: 66-204|66-204
El número de expediente es EXP-2291|EXP-2291
pratica n. 30917|30917
numero di pratica 30917|30917
""".strip().split("\n")
NONE = """
Notice K7Q4-2M-1 – removal request
Regulation (EU) 2022/2065
section 230 of the Act
within 24 hours
on 2026-11-21
since 2026
Ticket prices rise
see https://x.example/case/44718
call +32 2 555 01 00
Case closed
""".strip().split("\n")


@pytest.mark.parametrize("line", FOUND)
def test_a_number_is_found_in_the_subject_and_in_the_text(line):
    text, number = line.rsplit("|", 1)
    assert find(text, "") == (number,)
    if not text.startswith(("[", "Re:")):
        assert find("", f"Hello,\n{text}.\nBye") == (number,)


@pytest.mark.parametrize("line", NONE)
def test_these_are_no_numbers_of_theirs(line):
    assert find(line, line) == ()


def test_several_numbers_are_kept_once_each_and_at_most_eight():
    text = "\n".join(f"Ticket 1000{n}" for n in range(20)) * 2
    assert find("[Case: 0123]", text)[:3] == ("0123", "10000", "10001")
    assert len(find("", text)) == 8
