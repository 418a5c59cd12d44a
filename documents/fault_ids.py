"""What may be wrong with any document, by the ids of the sentences in
locales/<language>/documents.ftl.
"""

from __future__ import annotations

from integrity.catalogue import Message


class FileFault(Message):
    """Why the file cannot be read at all."""

    LINE = "file-line"
    TOO_LARGE = "file-too-large"
    EMPTY = "file-empty"
    NOT_UTF8 = "file-not-utf8"
    NOT_TOML = "file-not-toml"
    TOO_DEEP = "file-too-deep"
    DEEP_KEY = "file-deep-key"


class KeyWord(Message):
    """What a key holds."""

    TEXT = "key-text"
    FLAG = "key-flag"
    LIST = "key-list"
    TABLE = "key-table"
    WHOLE = "key-whole"
    NUMBER = "key-number"
    DATE = "key-date"


class KeyFault(Message):
    """What is wrong with one key."""

    UNKNOWN = "key-unknown"
    UNKNOWN_NEAR = "key-unknown-near"
    MISSING = "key-missing"
    OTHER_KIND = "key-other-kind"
    EMPTY_TEXT = "key-empty-text"
    LONG_TEXT = "key-long-text"
    CONTROL_CHARACTER = "key-control-character"
    NOT_AN_ID = "key-not-an-id"
    NOT_A_CODE = "key-not-a-code"
    NOT_ALLOWED = "key-not-allowed"
    NOT_TEXTS = "key-not-texts"
    SAME_TEXT = "key-same-text"
    NOT_A_LANGUAGE = "key-not-a-language"
    NO_ENGLISH = "key-no-english"
    NOT_WHOLE = "key-not-whole"
    BARE_NUMBER = "key-bare-number"
    EMPTY_LIST = "key-empty-list"
    REVERSED = "key-reversed"
    ID_TWICE = "key-id-twice"
    TWICE = "key-twice"
