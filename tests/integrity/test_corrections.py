"""The law of every correction: a reason, something that differs, another person."""

import pytest

from integrity import corrections

WHY = "The year was misread."


@pytest.mark.req("EBR-08", "AUD-03")
@pytest.mark.parametrize(
    ("recorder", "corrector", "differs", "reason", "found"),
    [
        ("technician1", "qa1", True, WHY, []),
        (None, "qa1", True, WHY, []),
        ("qa1", "qa1", True, WHY, ["ebr-08-corrected-alone"]),
        ("technician1", "qa1", False, WHY, ["ebr-08-nothing-corrected"]),
        ("technician1", "qa1", True, "", ["aud-03-why-corrected"]),
        ("technician1", "qa1", True, None, ["aud-03-why-corrected"]),
        ("technician1", "qa1", True, ". . . . . . . . . .", ["aud-03-why-corrected"]),
        (
            "qa1",
            "qa1",
            False,
            "typo",
            ["aud-03-why-corrected", "ebr-08-nothing-corrected", "ebr-08-corrected-alone"],
        ),
    ],
)
def test_a_second_person_puts_right_what_differs_and_says_why(
    recorder, corrector, differs, reason, found
):
    judged = corrections.against(recorder, corrector, differs, reason)
    assert [each.rule for each in judged] == found


def test_only_what_differs_is_shown_the_old_beside_the_new():
    was, becomes = [("Room", "Room 2"), ("Name", "A")], [("Room", "Room 3"), ("Name", "A")]
    assert corrections.differing(was, becomes) == [("Room", "Room 2", "Room 3")]
