"""Photos and files: kept byte for byte beside the database, verified, and in every backup."""

from __future__ import annotations

import hashlib
import io
import os
import uuid

import pytest

from integrity import attachments, backups, file_contents, site, trail
from integrity.acts import Act
from integrity.attachments import Evidence
from integrity.backups import BadBackup
from integrity.cabinet import YOUNG, Cabinet
from integrity.database import Database
from integrity.file_contents import MEGABYTE, MediaType
from integrity.findings import Refused
from integrity.verification import verify
from tests.makers.people import make_person
from tests.makers.subjects import make_subject
from tests.templates import MORNING

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
EXIF = b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00taken here" + os.urandom(3000)
PDF = b"%PDF-1.7\n" + os.urandom(500)


@pytest.fixture
def cabinet(tmp_path):
    return Cabinet(tmp_path / "attachments")


def bring(database, cabinet, content=PNG, name="photo.png"):
    """One file, attached to a thing of its own."""
    file = cabinet.keep(io.BytesIO(content), name, 10 * MEGABYTE)
    with database.writing() as session:
        by = make_person(session, "technician", at=MORNING)
        about = make_subject(session, code=f"M26{uuid.uuid4().hex[:6]}")
        act = Act(session, by, MORNING)
        return attachments.attach(act, about, about.itself, Evidence(cabinet, file))


def faults(database, cabinet):
    with database.reading() as session:
        return verify(session, cabinet=cabinet).faults


# The law
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("REC-10")
@pytest.mark.parametrize(
    ("content", "name", "found"),
    [
        (PNG, "a.png", MediaType.PNG),
        (PNG, "a.txt", MediaType.PNG),
        (EXIF, "a.jpg", MediaType.JPEG),
        (PDF, "a.pdf", MediaType.PDF),
        (b"time;value\r\n1;2\r\n", "a.csv", MediaType.CSV),
        (b"time;value\r\n", "A.CSV", MediaType.CSV),
        (b"\xef\xbb\xbfGemessen: 37,1 \xc2\xb0C", "a.txt", MediaType.TEXT),
        (b"Gemessen: 37,1 \xb0C", "log.txt", MediaType.TEXT),
        (b"<!doctype html><script>alert(1)</script>", "a.txt", None),
        (b"  \n<svg onload=alert(1)>", "a.csv", None),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", "a.txt", None),
        (b"MZ\x90\x00\x03", "a.png", None),
        (b"PK\x03\x04", "a.pdf", None),
        (b"GIF89a\x01\x00", "a.png", None),
    ],
)
def test_the_content_decides_what_a_file_is(content, name, found):
    is_text = file_contents.is_text(content)
    assert file_contents.media_type(content, name, is_text=is_text) == found


@pytest.mark.req("REC-10")
@pytest.mark.parametrize(
    ("found", "name", "size", "rule"),
    [
        (MediaType.PNG, "a.png", 1, None),
        (MediaType.PNG, "A.PNG", 100, None),
        (MediaType.JPEG, "a.jpeg", 100, None),
        (MediaType.PNG, "a.png", 101, "rec-10-file-too-large"),
        (MediaType.PNG, "a.png", 0, "rec-10-file-empty"),
        (None, "a.png", 1, "rec-10-file-kind"),
        (MediaType.PNG, "a.html", 1, "rec-10-file-name"),
        (MediaType.TEXT, "a.svg", 1, "rec-10-file-name"),
        (MediaType.PDF, "pdf", 1, "rec-10-file-name"),
    ],
)
def test_size_kind_and_name_of_a_file_have_their_law(found, name, size, rule):
    told = [each.rule for each in file_contents.may_keep(found, name, size, 100)]
    assert told == ([rule] if rule else [])


@pytest.mark.parametrize(
    ("kept", "size", "full"), [(0, 10, False), (90, 10, False), (91, 10, True)]
)
def test_all_files_together_have_their_law(kept, size, full):
    assert bool(list(file_contents.has_room(kept, size, 100))) == full


@pytest.mark.parametrize(
    ("name", "tidy"),
    [
        ("photo.png", "photo.png"),
        ("C:\\Users\\x\\photo.png", "photo.png"),
        ("../../etc/passwd", "passwd"),
        ("ph\x00o\u202eto\r\n.png", "photo.png"),
        ("x" * 300 + ".png", "x" * 116 + ".png"),
        ("Đo.png", "Đo.png"),
    ],
)
def test_a_name_keeps_nothing_that_no_name_should_hold(name, tidy):
    assert file_contents.tidy_name(name) == tidy


# The cabinet
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("REC-08")
@pytest.mark.parametrize(("content", "name"), [(PNG, "a.png"), (EXIF, "a.jpg"), (PDF, "a.pdf")])
def test_what_goes_in_comes_out_byte_for_byte_under_its_own_digest(
    database, cabinet, content, name
):
    kept = bring(database, cabinet, content, name)
    assert kept.sha256 == hashlib.sha256(content).hexdigest()
    assert cabinet.path(kept.sha256) == cabinet.folder / kept.sha256[:2] / kept.sha256
    assert cabinet.path(kept.sha256).read_bytes() == content
    assert (kept.size, kept.name) == (len(content), name)
    assert cabinet.path(kept.sha256).stat().st_mode & 0o077 == 0
    assert faults(database, cabinet) == []


def test_what_is_refused_leaves_nothing_behind(cabinet):
    for content, most in ((b"MZ\x00", 100), (PNG, 100), (b"", 100)):
        with pytest.raises(Refused):
            cabinet.keep(io.BytesIO(content), "a.png", most)
    assert [path for path in cabinet.folder.rglob("*") if path.is_file()] == []


def test_a_file_that_stops_half_way_leaves_nothing_behind(cabinet):
    class Broken(io.BytesIO):
        def read(self, size=-1):
            if self.tell():
                raise OSError("the line broke")
            return super().read(20)

    with pytest.raises(OSError, match="the line broke"):
        cabinet.keep(Broken(PNG), "a.png", MEGABYTE)
    assert [path for path in cabinet.folder.rglob("*") if path.is_file()] == []


@pytest.mark.req("REC-08")
def test_verification_names_what_is_missing_changed_or_on_no_record(database, cabinet):
    gone, changed = bring(database, cabinet), bring(database, cabinet, PDF, "report.pdf")
    orphan = cabinet.keep(io.BytesIO(EXIF), "a.jpg", MEGABYTE)
    assert faults(database, cabinet) == []  # the orphan may still be on its way to its record
    long_ago = cabinet.path(orphan.sha256).stat().st_mtime - YOUNG - 1
    os.utime(cabinet.path(orphan.sha256), (long_ago, long_ago))
    cabinet.path(gone.sha256).unlink()
    with cabinet.path(changed.sha256).open("ab") as opened:
        opened.write(b"x")
    told = faults(database, cabinet)
    assert len(told) == 3
    assert "photo.png is missing" in told[0] and "report.pdf was changed" in told[1]
    assert orphan.sha256 in told[2] and "is on no record" in told[2]


def test_at_a_start_orphans_are_set_aside_and_what_never_arrived_is_removed(database, cabinet):
    kept, orphan = bring(database, cabinet), cabinet.keep(io.BytesIO(PDF), "a.pdf", MEGABYTE)
    (cabinet.folder / "half.part").write_bytes(b"half")
    with database.reading() as session:
        assert cabinet.sweep(attachments.known(session)) == [orphan.sha256]
        assert cabinet.sweep(attachments.known(session)) == []
    assert (cabinet.folder / "orphans" / orphan.sha256).read_bytes() == PDF
    assert not (cabinet.folder / "half.part").exists()
    assert cabinet.path(kept.sha256).exists() and list(cabinet.names()) == [kept.sha256]


def test_a_file_of_a_refused_act_is_let_go_of_unless_a_record_refers_to_it(database, cabinet):
    kept, other = bring(database, cabinet), cabinet.keep(io.BytesIO(PDF), "a.pdf", MEGABYTE)
    with database.writing() as session:
        for each in (kept, other):
            cabinet.let_go(each.sha256, lambda sha256: attachments.is_known(session, sha256))
    assert list(cabinet.names()) == [kept.sha256]


def test_a_file_that_is_gone_before_its_act_is_refused_and_nothing_is_recorded(database, cabinet):
    file = cabinet.keep(io.BytesIO(PNG), "a.png", MEGABYTE)
    cabinet.path(file.sha256).unlink()
    with database.writing() as session:
        about = make_subject(session, code="M26000101")
        act = Act(session, make_person(session, "technician", at=MORNING), MORNING)
        with pytest.raises(Refused, match="Choose it again"):
            attachments.attach(act, about, about.itself, Evidence(cabinet, file))
    with database.reading() as session:
        assert attachments.known(session) == set()


def test_a_quota_of_all_files_is_a_setting_and_is_kept_to(database, cabinet):
    with database.writing() as session:
        act = Act(session, trail.SYSTEM, MORNING)
        site.change(act, "all_files_megabytes", "1", reason="The disk is small.")
    bring(database, cabinet, PDF + bytes(600_000), "a.pdf")
    with pytest.raises(Refused, match="All files together may have 1 MB"):
        bring(database, cabinet, PDF + bytes(500_000), "b.pdf")


@pytest.mark.parametrize(
    ("name", "value", "ok"),
    [
        ("file_megabytes", "1", True), ("file_megabytes", "10", True),
        ("file_megabytes", "11", False), ("file_megabytes", "0", False),
        ("all_files_megabytes", "1000000", True), ("all_files_megabytes", "1000001", False),
        ("all_files_megabytes", "-1", False), ("all_files_megabytes", "9" * 5000, False),
    ],
)  # fmt: skip
def test_the_quotas_are_settings_within_bounds(sqlite, name, value, ok):
    with sqlite.writing() as session:
        act = Act(session, trail.SYSTEM, MORNING)
        if ok:
            site.change(act, name, value, reason="The disk is small.")
        else:
            with pytest.raises(Refused, match="whole number of megabytes"):
                site.change(act, name, value, reason="The disk is small.")


# Backups
# -------------------------------------------------------------------------------------------------


@pytest.mark.req("REC-04", "REC-08")
def test_a_backup_is_one_file_that_holds_the_attached_files_and_gives_them_back(
    sqlite, cabinet, tmp_path
):
    kept = [bring(sqlite, cabinet), bring(sqlite, cabinet, EXIF, "two.jpg")]
    target, place = tmp_path / "backup.db", tmp_path / "new" / "new.db"
    place.parent.mkdir()
    backups.backup(sqlite, target, cabinet)
    assert backups.check(target).whole
    assert {path.name for path in tmp_path.glob("backup*")} == {"backup.db"}
    backups.restore(target, place, at=MORNING)
    restored, beside = Database(f"sqlite:///{place}"), Cabinet.beside(place)
    assert [beside.path(each.sha256).read_bytes() for each in kept] == [PNG, EXIF]
    assert faults(restored, beside) == []
    restored.close()


def test_a_restore_puts_back_what_was_changed_and_takes_nothing_away(sqlite, cabinet, tmp_path):
    kept = bring(sqlite, cabinet)
    backups.backup(sqlite, tmp_path / "backup.db", cabinet)
    later = bring(sqlite, cabinet, PDF, "later.pdf")
    cabinet.path(kept.sha256).write_bytes(b"changed")
    place = tmp_path / "new.db"
    backups.restore(tmp_path / "backup.db", place, at=MORNING, cabinet=cabinet)
    assert cabinet.path(kept.sha256).read_bytes() == PNG
    assert cabinet.path(later.sha256).read_bytes() == PDF


@pytest.mark.parametrize("fault", ["missing", "changed"])
def test_a_backup_without_one_of_its_files_says_so_and_is_not_restored(
    sqlite, cabinet, tmp_path, fault
):
    kept = bring(sqlite, cabinet)
    if fault == "missing":
        cabinet.path(kept.sha256).unlink()
    else:
        cabinet.path(kept.sha256).write_bytes(b"something else")
    backups.backup(sqlite, tmp_path / "backup.db", cabinet)
    with pytest.raises(BadBackup, match=r"photo\.png (is missing|was changed)"):
        backups.check(tmp_path / "backup.db")
    with pytest.raises(BadBackup, match=r"photo\.png"):
        backups.restore(tmp_path / "backup.db", tmp_path / "new.db", at=MORNING)
    assert not (tmp_path / "new.db").exists()
