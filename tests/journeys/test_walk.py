"""From an empty installation to the certificate, as twelve people, by links alone.

What it costs them is counted and printed; each part has its ceiling.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import select

from demonstration.culture import Bench
from demonstration.donation import ANSWERS, RECEIPT
from demonstration.quality import CULTURES, LATE, LONG, RESULTS
from demonstration.stock import MACHINES, PRODUCTS
from labels import codes
from manufacturing.donation import criteria_register
from manufacturing.donation.donations import Cord
from manufacturing.execution.batches import Batch
from qc.laboratory import samples
from stores import containers
from tests.journeys.shift import Shift
from tests.journeys.tablet import judge_exceptions
from tests.journeys.walker import Walker, said
from tests.makers.stores import find_scans

pytestmark = pytest.mark.browser
PEOPLE = {
    "t1": ("Technician 1", "technician"),
    "t2": ("Technician 2", "technician"),
    "v1": ("Verifier 1", "verifier"),
    "a1": ("QC analyst 1", "qc_analyst"),
    "r1": ("QC reviewer 1", "qc_reviewer"),
    "q2": ("QA 2", "qa"),
    "l1": ("Releaser 1", "releaser"),
    "w1": ("Author 1", "master_author"),
    "o1": ("Approver 1", "master_approver"),
    "p1": ("Label printer 1", "label_printer"),
}
# who writes documents
WRITERS = ("q2", "r1", "w1")


# What the parts may cost: (pages, taps, keys), as measured, on the day they were set.
CEILINGS = {
    "people and policy": (58, 77, 1113),
    "documents": (25, 25, 86),
    "lots and equipment": (9, 12, 651),
    "cord to bag": (113, 144, 1639),
    "laboratory": (39, 54, 335),
    "release": (21, 26, 140),  # of these a page and six taps for its five exceptions
}


def test_from_an_empty_installation_to_the_certificate(empty, chromium):
    walk = Walk(empty, chromium)
    with walk.part("people and policy"):
        hire(empty, walk.person)
        lengthen_idling(walk.person)
    with walk.part("documents"):
        bring_documents(walk.person)
    with walk.part("lots and equipment"):
        scans = stock_up(empty, walk.person)
    with walk.part("cord to bag"):
        make(empty, walk.person, scans)
    with walk.part("laboratory"):
        bring_in(empty, walk.person)
        measure(empty, walk.person, lambda name: name not in LATE)
        look_ahead(empty, walk.person)
    with walk.part("release"):
        release(walk.person)
    with walk.part("laboratory"):
        empty.clock.wait(timedelta(days=28, hours=1))
        measure(empty, walk.person, lambda name: name in LATE)
        review_results(walk.person)
    with walk.part("release"):
        release(walk.person)
    print(f"\n{walk.told}")
    dear = {
        name: (spent, CEILINGS[name])
        for name, spent in walk.spent.items()
        if any(is_ > most for is_, most in zip(spent, CEILINGS[name], strict=True))
    }
    assert not dear
    assert walk.person("l1").path.startswith("/certificates/")
    walk.close()


class Walk:
    """Everybody on the way, each with a device of their own, and what each part has cost."""

    def __init__(self, site, browser):
        self.site, self.browser, self.people = site, browser, {}
        self.counts, self.parts = Counter(), {}

    def person(self, username):
        if username not in self.people:
            self.people[username] = Walker(self.browser, self.site, username, self.counts)
        return self.people[username]

    @contextmanager
    def part(self, name):
        before = Counter(self.counts)
        yield
        self.parts[name] = self.parts.get(name, Counter()) + (self.counts - before)
        print(f"{name}: {said(self.parts[name])}", flush=True)

    @property
    def spent(self):
        return {
            name: (counts["pages"], counts["taps"], counts["keys"])
            for name, counts in self.parts.items()
        }

    @property
    def told(self):
        lines = [f"{name}: {said(counts)}" for name, counts in self.parts.items()]
        return "\n".join([*lines, f"as {len(self.people)} people: {said(self.counts)}"])

    def close(self):
        for each in self.people.values():
            each.close()


def hire(site, person):
    """The administrator names everybody, QA sees their passports, each chooses a password."""
    admin = person("admin1")
    admin.menu("People")
    admin.go("Several new people")
    rows = {
        f"p{number}-{field}": said
        for number, (username, (name, role)) in enumerate(PEOPLE.items(), 1)
        for field, said in (("username", username), ("name", name), ("role", role))
    }
    admin.fill(rows)
    admin.press()
    first = halves_of(admin)
    qa = person("qa1")
    qa.go("", "main .queue:has-text('Passwords') .queue-together")
    qa.go("Passport")
    sign(qa)
    second = halves_of(qa)
    for number, username in enumerate(PEOPLE):
        site.passwords[username] = f"plum tea {number}"  # as short as the policy allows
        choose(person, site, username, f"{first[username]}-{second[username]}")


def lengthen_idling(person):
    """The lock waits for as long as a step takes; a setting that two sign."""
    admin, qa = person("admin1"), person("qa1")
    admin.menu("Site")
    reason = "Steps at the bench take a quarter of an hour."
    admin.fill({"name": "idle_minutes", "value": "30", "reason": reason})
    admin.press()
    sign(admin)
    qa.home()
    qa.go("idle limit")
    sign(qa)


def halves_of(walker):
    """{user name: the half that is handed over}, each opened by a tap."""
    halves = {}
    for username in PEOPLE:
        walker.tap(f"main summary:has-text('{username}')")
        halves[username] = walker.page.locator(f"[data-half='{username}']").inner_text()
    return halves


def choose(person, site, username, one_time):
    """Sign in with the one-time password and choose one's own."""
    own, site.passwords[username] = site.passwords[username], one_time
    newcomer = person(username)
    site.passwords[username] = own
    assert newcomer.path == "/password", newcomer.text
    newcomer.fill({"current": one_time, "wanted": own, "again": own})
    newcomer.press()
    assert newcomer.path == "/declaration"
    newcomer.sign()


def bring_documents(person):
    """Whoever writes documents imports and signs them; the others find them on their first page."""
    for username in WRITERS:
        writer = person(username)
        writer.menu("Documents")
        writer.press("Import what is shipped")
        sign(writer)
    approver, qa = person("o1"), person("qa1")
    approver.home()
    approver.go("", "main .queue-item")
    approver.go("Approve")
    sign(approver)
    qa.home()
    qa.go("", "main .queue:has-text('approve') .queue-together")
    sign(qa)
    qa.home()
    qa.go("", "main .queue-item")
    qa.go("Give QA")
    sign(qa)
    approver.home()
    approver.go("", "main .queue-item")
    approver.go("Make effective")
    sign(approver)


def sign(walker):
    """Sign, after the declaration where it is the first time."""
    if walker.path.endswith("/date"):
        walker.press()
    if walker.path == "/declaration":
        walker.sign()
    walker.sign()


def stock_up(site, person):
    """A lot of each material is received and released, a piece of each kind is calibrated."""
    receiver, qa = person("t2"), person("qa1")
    receiver.menu("Materials")
    receiver.go("Receive several")
    receiver.fill({"supplier": "Supplier 1", "human": "no"})
    for number, (material, (_, quantity, _)) in enumerate(PRODUCTS.items(), 101):
        typed = {"supplier_lot": f"L{number}", "certificate": f"CoA L{number}"}
        typed |= {"expires_on": "2028-04-30", "quantity": quantity}
        typed |= {"donor_pool": "Pool 1"} if material == "Human albumin" else {}
        fill_row(receiver, "material", material, typed)
    receiver.press()
    qa.home()
    qa.go("", "main .queue:has-text('Lots') .queue-together")
    sign(qa)
    qa.menu("Equipment")
    qa.go("Register several")
    days = {"done_on": "2026-10-03", "due_on": "2027-10-03"}
    qa.fill({"room": "Clean room 2", "as_found": "in_tolerance"} | days)
    for number, (kind, name) in enumerate(MACHINES.items(), 1):
        typed = {"name": name, "serial": f"SN-{number:04}", "reference": f"Cal {number}"}
        fill_row(qa, "kind", kind, typed)
    qa.press()
    with site.database.reading() as reading:
        return find_scans(reading)


def fill_row(walker, named, value, typed):
    """Fill the row of a page that is about this."""
    row = walker.page.locator(f"main [name$='-{named}'][value='{value}']").first
    prefix = row.get_attribute("name").removesuffix(named)
    walker.fill({f"{prefix}{field}": said for field, said in typed.items()})


def receive(site, person):
    """The donor by the hospital's code, her cord, and the batch that begins with it."""
    walker = person("t1")
    walker.menu("Cords")
    walker.go("Donors")
    walker.go("Register")
    day = site.clock().strftime("%Y-%m-%d")
    consent = {"form_version": "CF-3", "day": day, "covers": "clinical"}
    walker.fill({"code": "H1-0417", **ANSWERS, **consent})
    walker.press()
    walker.go("Receive a cord")
    born_at = site.clock() - timedelta(minutes=80)
    times = {"born_at": shown(born_at), "collected_at": shown(born_at + timedelta(minutes=12))}
    walker.fill({"donor_code": "H1-0417", **times, **RECEIPT})
    walker.press()


def shown(at):
    return at.strftime("%Y-%m-%d %H:%M +00:00")


def make(site, person, scans):
    """A batch from its cord to its final container, and what others do meanwhile."""
    site.clock.wait(timedelta(hours=20))
    receive(site, person)
    technician = person("t1")
    technician.go("Start a batch")
    technician.fill({"is_known": "y"})
    technician.press()
    with site.database.reading() as reading:
        batch = reading.scalars(select(Batch).order_by(Batch.id.desc())).first()
    bench = Bench(site.database, site.clock, site.clock.wait, None, None, scans)
    for position in Shift(site, technician, batch, bench, "v1", timedelta(minutes=29)).work():
        if (position.step, position.turn) == ("p0_medium_change", 1):
            accept(site, person)
        if position.step == "label_container":
            print_label(site, technician)


def accept(site, person):
    """The mother's results, the donor's eligibility and the cord's acceptance."""
    qa = person("qa1")
    qa.home()
    qa.go("H1-0417", "main .queue-item")
    qa.go("Record results")
    with site.database.reading() as reading:
        panel = criteria_register.current(reading, site.clock()).panel
        born_at = reading.scalars(select(Cord)).first().born_at
    sampled = {"sampled_at": shown(born_at + timedelta(minutes=35)), "laboratory": "Laboratory 1"}
    qa.fill(sampled | {each.id: "negative" for each in panel})
    qa.press()
    qa.go("Determine: eligible")
    sign(qa)
    qa.go("", "main tbody tr:has(a[href*='/cords/'])")
    qa.go("Accept")
    sign(qa)


def bring_in(site, person):
    """Every sample that waits comes into QC's custody, each by its label."""
    walker = person("a1")
    walker.home()
    walker.go("", "main .queue:has-text('Samples to receive') .queue-together")
    scanned = {f"s{number}-sample": code for number, code in enumerate(not_received(site), 1)}
    walker.fill({"condition": "intact", "storage": "Refrigerator 1"} | scanned)
    walker.press()


def not_received(site):
    """The codes on the labels of the samples that are on the way to QC."""
    with site.database.reading() as reading:
        found = reading.scalars(samples.not_received())
        return [codes.read(each.code).shown for each in found]


def measure(site, person, which):
    """The analyst records the published results of these tests, sample by sample, and that the
    long ones began."""
    walker = person("a1")
    for code, tests in waiting(site, lambda name: which(name) or name in CULTURES):
        if not tests:
            continue
        if code.replace("-", "") not in walker.path or not walker.path.endswith("/results"):
            walker.scan(code)
            walker.go("Record its results")
        typed = {"reference": "Run 12"}
        for name in tests:
            typed |= result_typed(walker, name) if which(name) else {}
            if walker.named(f"{name}-begun").count():
                typed[f"{name}-begun"] = "y"
        walker.fill(typed)
        walker.press()


def result_typed(walker, name):
    """The published result of a test, as its row asks for it."""
    value = RESULTS[name]
    said = dict(
        zip(("value", "choice"), [value] if isinstance(value, str) else value, strict=False)
    )
    said |= {"reading": "final"} if name in CULTURES else {}
    return {f"{name}-{field}": typed for field, typed in said.items()}


def waiting(site, which):
    """[(code of a sample as it is shown, its tests that are chosen)]."""
    with site.database.reading() as reading:
        batch = reading.scalars(select(Batch)).first()
        pulled = containers.of_scope(reading, batch.code, "sample")
        tests = containers.tests_of(reading, [each.id for each in pulled])
        return [
            (codes.read(each.code).shown, chosen)
            for each in pulled
            if (chosen := [name for name in tests[each.id] if which(name)])
        ]


def review_results(person):
    """Another person reviews what was recorded by one signing."""
    walker, queue = person("r1"), "main .queue:has-text('Results to review')"
    walker.home()
    walker.go("", f"{queue} :is(.queue-together, .queue-item)")
    sign(walker)


def look_ahead(site, person):
    """The reading of the last passage that stage 1 asks for, and why the karyotype is not there."""
    walker = person("a1")
    [(code, _), *_] = waiting(site, lambda name: name == LONG)
    walker.scan(code)
    walker.go("Record its results")
    row = {"value": "no_growth", "reading": "interim"}
    walker.fill(
        {f"{LONG}-{field}": said for field, said in row.items()} | {"reference": "Bottle 1"}
    )
    walker.press()
    review_results(person)
    walker = person("r1")
    [(code, _), *_] = waiting(site, lambda name: name == "karyotype")
    walker.scan(code)
    walker.go("", to="/untested/follows")
    walker.sign(comment="The culture for it takes two weeks.")


def release(person):
    """QA reviews, the releaser signs."""
    qa, releaser = person("qa1"), person("l1")
    qa.home()
    qa.go("", "main .queue:has-text('review') .queue-item")
    judge_exceptions(qa)
    qa.go("Sign review")
    sign(qa)
    releaser.home()
    releaser.go("", "main .queue-item")
    releaser.go("Sign ")
    sign(releaser)


def print_label(site, walker):
    """The label of the final container: on the page that follows its step, or by its code."""
    walker.counts["taps"] += 1
    if (button := walker.page.locator(".to-print-form button")).count():
        with walker.page.expect_download():
            button.first.click()
        return
    with site.database.reading() as reading:
        batch = reading.scalars(select(Batch)).first()
        [made] = containers.of_scope(reading, batch.code, "final")
    walker.scan(made.code)
    walker.go("Print a label")
    with walker.page.expect_download():
        walker.page.locator("main button", has_text="Print the label").click()
    walker.open(f"/batches/{batch.code}/next")
