"""From an empty installation to the certificate, as twelve people, by links alone.

What it costs them is counted and printed; each part has its ceiling.
"""

from __future__ import annotations

import re
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
from tests.journeys.walker import Walker, said

pytestmark = pytest.mark.browser
PEOPLE = {
    "technician1": ("Technician 1", "technician"),
    "technician2": ("Technician 2", "technician"),
    "verifier1": ("Verifier 1", "verifier"),
    "analyst1": ("QC analyst 1", "qc_analyst"),
    "reviewer1": ("QC reviewer 1", "qc_reviewer"),
    "qa2": ("QA 2", "qa"),
    "releaser1": ("Releaser 1", "releaser"),
    "author1": ("Author 1", "master_author"),
    "approver1": ("Approver 1", "master_approver"),
    "printer1": ("Label printer 1", "label_printer"),
}
# kind of document, as the page of documents calls it: who writes it, who signs it after them
WAYS = {
    "Label stock": ("qa2", [("qa1", "Approve")]),
    "Materials": ("qa2", [("qa1", "Approve")]),
    "Donor criteria": ("qa2", [("qa1", "Approve")]),
    "Specifications": ("reviewer1", [("qa1", "Approve")]),
    "Master batch records": (
        "author1",
        [("approver1", "Approve"), ("qa1", "Give QA"), ("approver1", "Make effective")],
    ),
}


# What the parts may cost: (pages, taps, keys), as measured, on the day they were set.
CEILINGS = {
    "people and policy": (125, 124, 1707),
    "documents": (64, 64, 216),
    "lots and equipment": (51, 125, 1212),
    "cord to bag": (118, 147, 2115),
    "laboratory": (44, 60, 440),
    "release": (20, 20, 200),
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
    assert walk.person("releaser1").path.startswith("/certificates/")
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
    admin, qa, halves = person("admin1"), person("qa1"), {}
    admin.menu("People")
    for username, (name, role) in PEOPLE.items():
        admin.go("next person" if halves else "New person")
        admin.fill({"username": username, "name": name, "role": role})
        admin.press()
        halves[username] = half_of(admin)
    qa.home()
    for _ in PEOPLE:
        qa.go("", "main :is(.queue-item, tbody)")
        username = re.search(r"\((\w+)\)", qa.text)[1]
        qa.go("Passport")
        sign(qa)
        qa.press("Show my half")
        one_time = f"{halves[username]}-{half_of(qa)}"
        qa.go("I have handed it over")
        choose(person, site, username, one_time)


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
    qa.go("Approve")
    sign(qa)


def half_of(walker):
    found = re.search(r"\b[a-z2-9]{4}-[a-z2-9]{4}\b", walker.text)
    assert found, (walker.path, walker.text)
    return found[0]


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
    """Whoever writes a document imports and signs it; the others find it on their first page."""
    for kind, (writer, way) in WAYS.items():
        author = person(writer)
        author.home()
        author.menu("Documents")
        author.go(kind)
        author.go("Import")
        author.press("Import the one shipped")
        author.go("Sign")
        sign(author)
        for username, deed in way:
            other = person(username)
            other.home()
            other.go("", "main .queue-item")
            other.go(deed)
            sign(other)


def sign(walker):
    """Sign, after the declaration where it is the first time."""
    if walker.path.endswith("/date"):
        walker.press()
    if walker.path == "/declaration":
        walker.sign()
    walker.sign()


def stock_up(site, person):
    """A lot of each material is received and released, a piece of each kind is calibrated."""
    receiver, qa, scans = person("technician2"), person("qa1"), {}
    receiver.menu("Materials")
    for number, (material, (name, quantity, unit)) in enumerate(PRODUCTS.items(), 101):
        receiver.go("Receive another lot" if scans else "Receive a lot")
        typed = {"material": material, "name": name, "supplier": "Supplier 1"}
        typed |= {"supplier_lot": f"L{number}", "certificate": f"CoA L{number}"}
        typed |= {"expires_on": "2028-04-30", "quantity": quantity, "unit": unit}
        human = material == "Human albumin"
        typed |= {"human": "yes", "donor_pool": "Pool 1"} if human else {"human": "no"}
        receiver.fill(typed)
        receiver.press()
        scans[material] = code_of(receiver)
    qa.home()
    qa.go("", "main .queue:has-text('Lots') .queue-together")
    sign(qa)
    qa.menu("Equipment")
    for number, (kind, name) in enumerate(MACHINES.items(), 1):
        qa.go("Register another" if number > 1 else "Register")
        qa.fill({"kind": kind, "name": name, "serial": f"SN-{number:04}", "room": "Clean room 2"})
        qa.press()
        scans[kind] = qa.path.split("/")[2]
        typed = {"done_on": "2026-10-03", "due_on": "2027-10-03", "reference": f"Cal {number}"}
        qa.fill(typed | {"as_found": "in_tolerance"})
        qa.press()
    return scans


def code_of(walker):
    """The code of the thing whose page this is."""
    return walker.path.rsplit("/", 1)[1]


def receive(site, person):
    """The donor by the hospital's code, her cord, and the batch that begins with it."""
    walker = person("technician1")
    walker.menu("Cords")
    walker.go("Donors")
    walker.go("Register")
    day = site.clock().strftime("%Y-%m-%d")
    consent = {"form_version": "CF-3", "day": day, "covers": "clinical"}
    walker.fill({"code": "H1-0417", **ANSWERS, **consent})
    walker.press()
    walker.home()
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
    technician = person("technician1")
    technician.go("Start a batch")
    technician.fill({"is_known": "y"})
    technician.press()
    with site.database.reading() as reading:
        batch = reading.scalars(select(Batch).order_by(Batch.id.desc())).first()
    bench = Bench(site.database, site.clock, site.clock.wait, None, None, scans)
    for position in Shift(site, technician, batch, bench, away=timedelta(minutes=29)).work():
        if (position.step, position.turn) == ("p0_medium_change", 1):
            accept(site, person)
        if position.step == "label_container":
            print_label(site, person)


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
    qa.home()
    qa.go("", "main .queue-item")
    qa.go("Accept")
    sign(qa)


def bring_in(site, person):
    """Every sample that waits comes into QC's custody, each by its label."""
    walker = person("analyst1")
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
    walker = person("analyst1")
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
    walker, queue = person("reviewer1"), "main .queue:has-text('Results to review')"
    walker.home()
    walker.go("", f"{queue} :is(.queue-together, .queue-item)")
    sign(walker)


def look_ahead(site, person):
    """The reading of the last passage that stage 1 asks for, and why the karyotype is not there."""
    walker = person("analyst1")
    walker.home()
    walker.menu("Samples")
    walker.go(waiting(site, lambda name: name == LONG)[0][0])
    walker.go("", to=f"/tests/{LONG}/result")
    walker.fill({"value": "no_growth", "reference": "Bottle 1", "reading": "interim"})
    walker.press()
    review_results(person)
    walker = person("reviewer1")
    walker.menu("Samples")
    walker.go(waiting(site, lambda name: name == "karyotype")[0][0])
    walker.go("", to="/untested/follows")
    walker.sign(comment="The culture for it takes two weeks.")


def release(person):
    """QA reviews, the releaser signs."""
    qa, releaser = person("qa1"), person("releaser1")
    qa.home()
    qa.go("", "main .queue:has-text('review') .queue-item")
    qa.go("Sign review")
    sign(qa)
    releaser.home()
    releaser.go("", "main .queue-item")
    releaser.go("Sign ")
    sign(releaser)


def print_label(site, person):
    """The label of the final container, by its code on the page of the step."""
    walker = person("technician1")
    with site.database.reading() as reading:
        batch = reading.scalars(select(Batch)).first()
        [made] = containers.of_scope(reading, batch.code, "final")
    walker.scan(made.code)
    walker.go("Print a label")
    walker.counts["taps"] += 1
    with walker.page.expect_download():
        walker.page.locator("main button", has_text="Print the label").click()
    walker.open(f"/batches/{batch.code}/next")
