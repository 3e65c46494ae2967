"""What `make conformance` takes for a pass; the suite itself needs an interpreter that no Debian packages."""
import pytest
from conformance import CASES, faults_of, totals_of


def rows(*special):
    """As many rows as there are cases: all in order but for the special ones, each an id and a class."""
    plain = [{"id": f"6.{number}.1", "class": "ok", "note": ""} for number in range(CASES - len(special))]
    return plain + [{"id": name, "class": kind, "note": ""} for name, kind in special]


def test_all_in_order_is_a_pass():
    assert faults_of(rows()) == []


def test_three_cases_may_be_informational():
    assert faults_of(rows(("7.1.6", "informational"), ("7.13.1", "informational"), ("7.13.2", "informational"))) == []


@pytest.mark.parametrize("special", [("1.1.1", "informational"), ("2.1", "failed"), ("3.2", "non-strict")])
def test_any_other_class_is_a_fault(special):
    assert faults_of(rows(special)) == [f"{special[0]}: {special[1]}"]


def test_a_case_that_did_not_run_is_a_fault():
    assert faults_of(rows()[1:]) == [f"{CASES - 1} cases ran, {CASES} are wanted"]
    assert faults_of([]) != []


def test_totals_are_by_group_in_order():
    cases = [{"id": "10.1.1", "class": "ok"}, {"id": "9.1.1", "class": "failed"}, {"id": "9.1.2", "class": "ok"}]
    assert list(totals_of(cases)) == ["group  9:   2 cases, 1 failed, 1 ok", "group 10:   1 cases, 1 ok"]
