"""What of results, deviations and releases holds by signature alone (QC-02, REL-01)."""

from __future__ import annotations

from integrity import observations
from integrity.deviations import AXIS as DEVIATION, DECISION, Decision, Deviation, DeviationState
from integrity.observations import Observation, ObservationState
from integrity.signatures import Meaning
from integrity.signed import Asked, On, Signed, declare, signed_rows
from manufacturing.execution.batches import Batch
from qc.deviations.corrective_actions import SIGNED, CorrectiveAction
from qc.deviations.rules import CORRECTIVE
from qc.laboratory.results import Result
from qc.laboratory.rules.oos import OOS, OosState
from qc.laboratory.rules.results import RESULT, ResultState
from qc.release import certificates
from qc.release.certificates import Certificate, CertificateState
from stores.rules import DISPOSITION, Disposition

DEVIATIONS, BATCHES, RESULTS = (
    Deviation.__tablename__,
    Batch.__tablename__,
    Result.__tablename__,
)
APPROVED, REVIEWED, REJECTED = (Meaning.APPROVED,), (Meaning.REVIEWED,), (Meaning.REJECTED,)
REVIEW = (Disposition.UNDER_REVIEW.value,)
BEFORE_HOLD = (
    Disposition.QUARANTINE,
    Disposition.UNDER_REVIEW,
    Disposition.RELEASED_STAGE_1,
    Disposition.RELEASED,
)
RELEASES = (Meaning.CERTIFIED, Meaning.RELEASED, Meaning.APPROVED)

declare(
    *(Signed(DEVIATIONS, DECISION, each, APPROVED) for each in Decision),
    Signed(DEVIATIONS, DEVIATION, DeviationState.JUDGED, APPROVED),
    Signed(DEVIATIONS, DEVIATION, DeviationState.CLOSED, APPROVED, after=(DeviationState.JUDGED,)),
    *(Signed(DEVIATIONS, OOS, each, REVIEWED) for each in OosState if each != OosState.PLAN_OPEN),
    *(
        Signed(Observation.__tablename__, observations.AXIS, each, REVIEWED)
        for each in (ObservationState.NOTHING, ObservationState.DEVIATION)
    ),
    *(
        Signed(CorrectiveAction.__tablename__, CORRECTIVE, state, (meaning,))
        for state, meaning in SIGNED.items()
    ),
    Signed(RESULTS, RESULT, ResultState.REVIEWED, REVIEWED),
    Signed(RESULTS, RESULT, ResultState.INVALIDATED, (*REJECTED, *REVIEWED), on=On.THE_DEED),
    Signed(BATCHES, DISPOSITION, Disposition.UNDER_REVIEW, REVIEWED),
    Signed(BATCHES, DISPOSITION, Disposition.RELEASED_STAGE_1, (Meaning.CERTIFIED,), after=REVIEW),
    Signed(BATCHES, DISPOSITION, Disposition.RELEASED, (Meaning.RELEASED,), after=REVIEW),
    Signed(BATCHES, DISPOSITION, Disposition.REJECTED, REJECTED),
    Signed(BATCHES, DISPOSITION, Disposition.RECALLED, REJECTED),
    *(
        Signed(BATCHES, DISPOSITION, each, APPROVED, was=Disposition.ON_HOLD)
        for each in BEFORE_HOLD
    ),
    Signed(
        *(Certificate.__tablename__, certificates.AXIS, CertificateState.CURRENT, RELEASES),
        on=On.THE_DEED,
    ),
    signed_rows("reviews", "batch_id", Meaning.REVIEWED),
    signed_rows("specification_changes", "batch_id", Meaning.APPROVED),
    signed_rows("sample_explanations", "container_id", Meaning.REVIEWED),
    signed_rows("deviation_judgements", "deviation_id", Meaning.APPROVED),
    signed_rows("observation_verdicts", "observation_id", Meaning.REVIEWED),
    Asked(
        "{what} answers that it is released and its batch does not.",
        "SELECT 'containers', c.id, c.code FROM containers c JOIN states s "
        "ON s.subject_id = c.id AND s.axis = 'disposition' "
        "AND s.state IN ('released_stage_1', 'released') LEFT JOIN states b "
        "ON b.subject_id = c.scope_id AND b.axis = 'disposition' "
        "WHERE b.state IS NULL OR b.state <> s.state",
    ),
)
