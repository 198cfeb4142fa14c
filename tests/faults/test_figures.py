import pytest

from tests.faults import figures


@pytest.fixture(autouse=True)
def _a_table_of_its_own(monkeypatch):
    monkeypatch.setattr(figures, "ROWS", [])


def test_what_was_sent_and_what_was_accepted_are_compared():
    assert figures.compare(["a", "b"], ["b", "b", "c"]) == {"lost": 1, "twice": 1, "wrong": 1}
    assert figures.compare(["a", "b"], ["b", "a"]) == {"lost": 0, "twice": 0, "wrong": 0}


@pytest.mark.parametrize("found", [{"lost": 1}, {"twice": 1}, {"wrong": 1}, {"n": 0}])
def test_a_row_that_is_not_clean_fails_its_test(found):
    with pytest.raises(AssertionError):
        figures.report("F0", **{"n": 7, **found})
    assert len(figures.ROWS) == 1


def test_a_row_reads_as_one_line():
    figures.report("F0", n=7, note="back after 1.2 s")
    assert str(figures.ROWS[0]) == "F0: lost 0, twice 0, wrong 0 (n=7)  back after 1.2 s"
