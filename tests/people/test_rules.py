"""The law book of people as tables: who may sign, who hands a password over, who is one human."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from integrity.signers import Caution
from people.permissions import ALLOWED, Permission, Role
from people.rule_ids import PeopleRule as R
from people.rules import grants, handovers, likeness, recoveries, signing_right
from people.rules.grants import Proposal, RightsState
from people.rules.handovers import Handover, HandoverKind as Kind, HandoverState as State
from people.rules.likeness import Human, Likeness
from people.rules.recoveries import RecoveryState
from people.rules.signing_right import Standing

SINCE = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
HOLDER, ASKER, CONFIRMER, THIRD = 1, 2, 3, 4


def standing(**changes) -> Standing:
    good = {"kind": Kind.RESET, "since": SINCE, "temporary": False, "identified": True}
    return Standing(**(good | {"declared": "1"} | changes))


@pytest.mark.req("SIG-12", "SIG-13", "SIG-14")
@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({}, []),
        ({"kind": Kind.FIRST}, []),
        ({"kind": Kind.INSTALLATION}, []),
        ({"temporary": True}, [R.ONE_TIME_PASSWORD]),
        ({"identified": False}, [R.NOT_IDENTIFIED]),
        ({"kind": Kind.INSTALLATION, "identified": False}, [R.NOT_IDENTIFIED]),
        ({"kind": Kind.MACHINE, "identified": False}, [R.SIGN_IN_ALONE]),
        ({"kind": Kind.MACHINE}, [R.SIGN_IN_ALONE]),
        ({"kind": Kind.RECOVERY, "identified": False}, []),
        ({"kind": Kind.RECOVERY, "identified": False, "declared": None}, [R.NOT_DECLARED]),
        ({"declared": None}, [R.NOT_DECLARED]),
        ({"declared": "0"}, [R.NOT_DECLARED]),
    ],
)
def test_who_may_sign(changes, rules):
    found = signing_right.against_signing(standing(**changes), "1", "as_wanted")
    assert [finding.rule for finding in found] == rules


@pytest.mark.req("SIG-14")
@pytest.mark.parametrize(
    ("changes", "after", "caution"),
    [
        ({}, timedelta(0), Caution.RESET),
        ({}, timedelta(hours=24) - timedelta(milliseconds=1), Caution.RESET),
        ({}, timedelta(hours=24), None),
        ({"kind": Kind.FIRST}, timedelta(0), None),
        ({"kind": Kind.INSTALLATION}, timedelta(0), None),
        ({"kind": Kind.RECOVERY, "recovering": True}, timedelta(days=400), Caution.RECOVERY),
        ({"kind": Kind.RESET, "recovering": True}, timedelta(hours=25), Caution.RECOVERY),
        ({"kind": Kind.RECOVERY}, timedelta(0), None),
    ],
)
def test_what_a_signature_tells_its_reader(changes, after, caution):
    assert signing_right.caution(standing(**changes), SINCE + after) == caution


@pytest.mark.req("SIG-14")
@pytest.mark.parametrize(
    ("state", "by", "rules"),
    [
        (State.ASKED, CONFIRMER, []),
        (State.ASKED, HOLDER, [R.OWN_PASSWORD]),
        (State.ASKED, ASKER, [R.NEEDS_TWO]),
        (None, CONFIRMER, [R.NOTHING_ASKED]),
        (State.CONFIRMED, CONFIRMER, [R.NOTHING_ASKED]),
        (State.HANDED_OVER, CONFIRMER, [R.NOTHING_ASKED]),
        (State.DECLINED, HOLDER, [R.NOTHING_ASKED, R.OWN_PASSWORD]),
    ],
)
def test_who_confirms_a_password(state, by, rules):
    found = handovers.against_judging(Handover(state, HOLDER, ASKER), by)
    assert [finding.rule for finding in found] == rules


@pytest.mark.req("SIG-14")
@pytest.mark.parametrize(
    ("state", "rules"),
    [
        (State.ASKED, []),
        (None, [R.NOTHING_ASKED]),
        (State.CONFIRMED, [R.NOTHING_ASKED]),
        (State.DECLINED, [R.NOTHING_ASKED]),
    ],
)
def test_whoever_of_quality_declines_a_password_does_so_while_it_is_asked_for(state, rules):
    found = handovers.against_declining(Handover(state, HOLDER, ASKER))
    assert [finding.rule for finding in found] == rules


@pytest.mark.req("SIG-14")
@pytest.mark.parametrize(
    ("state", "by", "rules"),
    [
        (State.CONFIRMED, CONFIRMER, []),
        (State.CONFIRMED, THIRD, [R.ANOTHER_CONFIRMED]),
        (State.CONFIRMED, ASKER, [R.ANOTHER_CONFIRMED]),
        (State.ASKED, CONFIRMER, [R.NOTHING_CONFIRMED]),
        (State.HANDED_OVER, CONFIRMER, [R.NOTHING_CONFIRMED]),
        (None, CONFIRMER, [R.NOTHING_CONFIRMED]),
    ],
)
def test_who_is_shown_the_second_half(state, by, rules):
    found = handovers.against_showing(Handover(state, HOLDER, ASKER, CONFIRMER), by)
    assert [finding.rule for finding in found] == rules


@pytest.mark.req("SIG-14")
@pytest.mark.parametrize(
    ("role", "others", "rules"),
    [
        ("qa", 0, []),
        ("qa", 1, [R.OTHERS_CONFIRM]),
        ("administrator", 0, [R.ONLY_QUALITY_RECOVERS]),
        ("releaser", 0, [R.ONLY_QUALITY_RECOVERS]),
    ],
)
def test_who_is_let_back_in_to_sign(role, others, rules):
    found = recoveries.against_recovering(role, others)
    assert [finding.rule for finding in found] == rules


@pytest.mark.req("SIG-14")
@pytest.mark.parametrize(
    ("state", "by", "rules"),
    [
        (RecoveryState.OPEN, CONFIRMER, []),
        (RecoveryState.OPEN, HOLDER, [R.OWN_RECOVERY]),
        (RecoveryState.JUDGED, CONFIRMER, [R.NOTHING_RECOVERED]),
        (None, CONFIRMER, [R.NOTHING_RECOVERED]),
    ],
)
def test_who_judges_what_was_signed_since(state, by, rules):
    found = recoveries.against_judging(state, HOLDER, by)
    assert [finding.rule for finding in found] == rules


@pytest.mark.req("SIG-11")
@pytest.mark.parametrize(
    ("one", "other", "by"),
    [
        (Human("Nguyễn Thị Minh"), Human("nguyen thi minh"), [Likeness.NAME]),
        (Human("Minh, Nguyễn Thị"), Human("Nguyễn Thị Minh"), [Likeness.NAME]),
        (Human("Đỗ Văn"), Human("do van"), [Likeness.NAME]),
        (Human("Technician 1"), Human("Technician 2"), []),
        (Human("A", mail="A@Site.example "), Human("B", mail="a@site.example"), [Likeness.MAIL]),
        (Human("A", badge="0-417"), Human("B", badge="0417"), [Likeness.BADGE]),
        (Human("A", badge="-"), Human("B", badge="-"), []),
        (Human("A", badge="O-4l7"), Human("B", badge="0417"), [Likeness.BADGE]),
        (Human("A", badge="0417"), Human("B", badge="0418"), []),
        (
            Human("A", mail="a\u200b@site.example"),
            Human("B", mail="a@site.example"),
            [Likeness.MAIL],
        ),
        (
            Human("A", mail="\u0430@site.example"),
            Human("B", mail="a@site.example"),
            [Likeness.MAIL],
        ),
        (Human("A"), Human("B"), []),
        (Human("A", "a@b.example", "7"), Human("A", "a@b.example", "7"), list(Likeness)),
    ],
)
def test_who_looks_like_one_human(one, other, by):
    assert list(likeness.between(one, other)) == by
    assert likeness.among(one, [("x", other)]) == ([("x", by)] if by else [])


@pytest.mark.req("SIG-11")
@pytest.mark.parametrize(
    ("other", "is_one"),
    [
        ("Quality assurance 1", True),
        ("QUALITY ASSURANCE 1", True),
        ("Quality assurance l", True),
        ("Quality assurance I", True),
        ("Quality assurance |", True),
        ("Qualityassurance 1", True),
        ("Quality-assurance_1", True),
        ("Quality\u00a0assurance 1", True),
        ("Quality assurance\u200b 1", True),
        ("Quality assur\u200bance 1", True),
        ("Quality assur\u3164ance 1", True),
        ("Quality assurance\ufe0f 1", True),
        ("Qu\u0430lity assurance 1", True),  # a Cyrillic a
        ("Quality assur\u03b1nce 1", True),  # a Greek alpha
        ("Quality \u0391ssurance 1", True),  # and its capital
        ("Qu\u0251lity assurance 1", True),  # a Latin alpha
        ("Ｑｕａｌｉｔｙ assurance 1", True),
        ("Quälity assurance 1", True),
        ("1, Quality assurance", True),
        ("Quality assurance 2", False),
        ("Quality assurance 11", False),
        ("Quality insurance 1", False),
        ("Quality control 1", False),
    ],
)
def test_a_name_that_a_reader_takes_for_another_is_that_name(other, is_one):
    assert likeness.is_one_name("Quality assurance 1", other) is is_one
    assert likeness.is_one_name(other, "Quality assurance 1") is is_one


@pytest.mark.req("SIG-11")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bernard Olson", "Bemard 0lson"),
        ("HOPE", "\u041d\u041e\u0420\u0415"),  # four Cyrillic capitals
        ("HOPE", "\u0397\u039f\u03a1\u0395"),  # four Greek ones
        ("nova", "\u03b7\u03bf\u03bd\u03b1"),  # and four small ones
    ],
)
def test_letters_of_another_script_and_two_that_look_like_one_do_not_tell_people_apart(one, other):
    assert likeness.is_one_name(one, other)


@pytest.mark.req("SIG-11")
def test_whoever_was_called_several_things_is_asked_about_once():
    was = [("x", Human("A", "a@b.example")), ("x", Human("B", badge="7")), ("y", Human("C"))]
    assert likeness.among(Human("a", badge="7"), was) == [("x", [Likeness.NAME, Likeness.BADGE])]


@pytest.mark.req("SIG-11")
@pytest.mark.parametrize(
    ("who", "rules"),
    [
        (Human("Technician 1"), []),
        (Human("Nguyễn Thị Minh", "minh@site.example", "0-417"), []),
        (Human("علی"), []),
        (Human(""), [R.NAME_UNSEEN]),
        (Human("\u200b"), [R.NAME_UNSEEN]),
        (Human("\u3164 \u2800"), [R.NAME_UNSEEN]),
        (Human("\u202e1 ecnarussa ytilauQ"), [R.READ_BACKWARDS]),
        (Human("A", mail="a\u200f@b.example"), [R.READ_BACKWARDS]),
        (Human("A", badge="\u061c7"), [R.READ_BACKWARDS]),
    ],
)
def test_what_nobody_is_called(who, rules):
    assert [finding.rule for finding in likeness.against_naming(who)] == rules


JUDGING = {
    "technician",
    "verifier",
    "qc_analyst",
    "qc_reviewer",
    "qa",
    "releaser",
    "master_approver",
}
# Each permission, and whether quality confirms who gets it: a new one is put into one of the two.
NEEDS_QUALITY = {
    "VERIFY_STEPS",
    "DETERMINE_ELIGIBILITY",
    "RELEASE_LOTS",
    "KEEP_EQUIPMENT",
    "APPROVE_DOCUMENTS",
    "APPROVE_MASTERS",
    "APPROVE_MASTERS_FOR_QUALITY",
    "END_MASTERS",
    "APPROVE_SPECIFICATIONS",
    "APPROVE_CRITERIA",
    "APPROVE_MATERIALS",
    "APPROVE_LABEL_STOCK",
    "REVIEW_RESULTS",
    "INVESTIGATE_RESULTS",
    "JUDGE_DEVIATIONS",
    "LIFT_HOLDS",
    "ISSUE_CONTAINERS",
    "WITNESS_CONTAINERS",
    "REVIEW_BATCHES",
    "RELEASE_BATCHES",
    "REJECT_BATCHES",
    "CONFIRM_PEOPLE",
    "JUDGE_SITE",
}
NEEDS_NOBODY = {
    "PUBLIC",
    "OWN_ACCOUNT",
    "SEE_RECORDS",
    "REGISTER_DONORS",
    "RECEIVE_CORDS",
    "START_BATCHES",
    "RECORD_STEPS",
    "RECEIVE_LOTS",
    "DRAFT_DOCUMENTS",
    "DRAFT_MASTERS",
    "DRAFT_SPECIFICATIONS",
    "DRAFT_CRITERIA",
    "DRAFT_MATERIALS",
    "DRAFT_LABEL_STOCK",
    "RECORD_RESULTS",
    "RAISE_DEVIATIONS",
    "HOLD",
    "DESTROY_CONTAINERS",  # of which nothing becomes until somebody witnesses it
    "PRINT_LABELS",
    "MANAGE_PEOPLE",
    "MANAGE_SITE",
    "SEE_ACCESS",
}


@pytest.mark.req("IAM-03", "IAM-11")
def test_every_permission_is_one_that_quality_confirms_or_one_that_it_does_not():
    assert set(Permission.__members__) == NEEDS_QUALITY | NEEDS_NOBODY
    assert not NEEDS_QUALITY & NEEDS_NOBODY


@pytest.mark.req("IAM-03", "IAM-11")
@pytest.mark.parametrize("permission", list(Permission))
def test_whoever_judges_what_another_one_did_is_confirmed_by_quality(permission):
    assert (permission in grants.JUDGING) == (permission.name in NEEDS_QUALITY)
    for role in ALLOWED.get(permission, frozenset()):
        assert grants.needs_quality("label_printer", role) or permission.name not in NEEDS_QUALITY


@pytest.mark.req("IAM-03", "IAM-11")
@pytest.mark.parametrize("role", list(Role))
def test_whose_grant_quality_confirms(role):
    assert grants.is_judging(role) == (role in JUDGING)
    assert grants.needs_quality("label_printer", role) == (role in JUDGING)
    assert not grants.needs_quality(role, role), "a role that stays is no grant"
    assert grants.needs_quality(role, role, looks_alike=True)
    assert not grants.needs_quality(role, "reader"), "taking a right away never waits"


@pytest.mark.req("SIG-11", "IAM-11")
@pytest.mark.parametrize("role", list(Role))
def test_what_anybody_is_called_who_signs_is_confirmed_by_quality(role):
    signs = role != "reader"
    assert grants.can_sign(role) == signs
    assert grants.needs_quality(role, role, is_renamed=True) == signs
    assert grants.needs_quality("reader", role) == signs, "who only read signs from now on"
    assert not grants.needs_quality(role, "reader", is_renamed=True), "taking away never waits"


@pytest.mark.req("IAM-03")
@pytest.mark.parametrize(
    ("becomes", "by", "rules"),
    [
        ("qa", HOLDER, [R.OWN_ROLE]),
        ("reader", HOLDER, []),
        ("qa", THIRD, []),
    ],
)
def test_who_asks_for_another_role(becomes, by, rules):
    found = grants.against_proposing("reader", becomes, HOLDER, by)
    assert [finding.rule for finding in found] == rules


@pytest.mark.req("IAM-03", "IAM-11")
@pytest.mark.parametrize(
    ("state", "by", "rules"),
    [
        (RightsState.PROPOSED, CONFIRMER, []),
        (RightsState.PROPOSED, HOLDER, [R.OWN_RIGHTS]),
        (RightsState.PROPOSED, ASKER, [R.RIGHTS_NEED_TWO]),
        (RightsState.CONFIRMED, CONFIRMER, [R.NOTHING_PROPOSED]),
        (RightsState.DECLINED, CONFIRMER, [R.NOTHING_PROPOSED]),
        (None, CONFIRMER, [R.NOTHING_PROPOSED]),
    ],
)
def test_who_confirms_rights(state, by, rules):
    found = grants.against_judging(Proposal(state, HOLDER, ASKER), by)
    assert [finding.rule for finding in found] == rules
