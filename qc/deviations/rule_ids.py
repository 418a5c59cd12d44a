"""The rules of this chapter by their ids, which are the ids of their sentences in
locales/<language>/deviations.ftl.
"""

from __future__ import annotations

from integrity.findings import Rule
from integrity.vocabulary import RULES


@RULES.add
class DeviationRule(Rule):
    RAISED = "dev-raised-by-hand"
    NOTHING_UNDER_CODE = "dev-raised-nothing-under-code"
    NOT_HELD_HERE = "dev-hold-nothing-under-code"
    OBSERVATION_UNSAID = "dev-observation-unsaid"
    OBSERVED_LONG_AGO = "dev-observed-long-ago"
    OBSERVED_IN_THE_FUTURE = "dev-observed-in-the-future"
    CLASSIFIED_ALREADY = "dev-observation-classified-already"
    VERDICT_UNREAD = "dev-observation-verdict-unread"
    VERDICT_REASON = "dev-observation-verdict-reason"
    ACTION_UNSAID = "capa-unsaid"
    ACTION_NOBODY = "capa-nobody"
    ACTION_DUE_PAST = "capa-due-past"
    ACTION_FAR_AHEAD = "capa-far-ahead"
    CHECK_BEFORE_DUE = "capa-check-before-due"
    ACTION_NOT_NEXT = "capa-not-next"
    ACTION_REASON = "capa-reason"
    CHECKER_DID_IT = "capa-checker-did-it"
    RAISED_UNSAID = "dev-raised-unsaid"
    ASSESSMENT_STANDS = "dev-state-assessment-stands"
    UNREAD = "dev-class-unread"
    LOWERED = "dev-class-lowered"
    NOT_MADE = "dev-decision-not-made"
    ONLY_REJECT = "dev-decision-only-reject"
    JUDGE_MADE_THE_ENTRY = "iam-03-judge-made-the-entry"
    JUDGEMENT_REASON = "aud-03-judgement-reason"
    CLOSER_MADE_THE_ENTRY = "iam-03-closer-made-the-entry"
    CLOSER_JUDGED = "iam-03-closer-judged"
    NOT_ASSESSED = "dev-state-not-assessed"
    PAST_JUDGEMENT = "dev-state-past-judgement"
    CLOSED_ALREADY = "dev-state-closed-already"
    NOT_JUDGED = "dev-state-not-judged"
