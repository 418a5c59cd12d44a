"""What the batch record says its results are judged with, read from a batch that was worked through
on the bench.
"""

from itertools import chain

import pytest

from qc.laboratory import batch_amounts as bases, judging_versions, line_statuses, results, samples
from qc.specifications import document
from stores import containers
from tests.makers import qc
from tests.makers.batches import find_batch, find_laboratory, walk_batch


@pytest.mark.slow
@pytest.mark.state("planned")
def test_volume_weight_and_claim_come_from_the_batch_record_and_its_samples_ask_for_the_tests(
    sqlite, clock
):
    laboratory, batch = find_laboratory(sqlite, clock), find_batch(sqlite)
    walk_batch(laboratory, batch)
    contents = document.read(qc.SHIPPED_BYTES)
    with sqlite.reading() as session:
        basis = bases.basis_of(session, batch.code, contents.sources)
        assert (str(basis.weight), bases.amount_shown(basis.claim)) == (
            "62.5 kg",
            "6.25 × 10⁷ cells",
        )
        assert basis.volume.unit == "mL" and basis.volume.text == "14.40"
        assert judging_versions.judged_by_code(session, [batch.code]) == {
            batch.code: batch.specification_id
        }
        pulled = containers.of_scope(session, batch.code, "sample")
        final = [each for each in pulled if samples.kind_of(each) == "final suspension"]
        asked = {test for _, tests in qc.PULLED for test in tests}
        assert set(
            chain(*containers.tests_of(session, [each.id for each in pulled]).values())
        ) == asked | {"bioburden"}
        assert len(final) == 6
        held, _ = results.specification_of(session, final[0])
        assert {each.state for each in line_statuses.of_batch(session, batch.code, held)} == {
            "missing"
        }
