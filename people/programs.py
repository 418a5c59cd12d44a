"""What a program sends: a JSON body, read into the very fields that a browser posts.

A body is one object of fields by their names in the form. Values are texts, numbers (kept with the
digits they were sent with), true for a tick, false or null for none, and lists of these for a field
that may be given more than once. `entry_id`, or the header Idempotency-Key, names the entry: the
same again is the same entry."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

import flask
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

TICKED = "y"  # what a browser posts for a tick
JSON, PROBLEM = "application/json", "application/problem+json"


class Request(flask.Request):
    """A request whose form is what a browser posted or what a program sent as JSON."""

    def make_form_data_parser(self) -> FormDataParser:
        """The parser of this request's body (Werkzeug's own hook)."""
        return _Parser(
            self._get_file_stream,
            max_form_memory_size=self.max_form_memory_size,
            max_content_length=self.max_content_length,
            max_form_parts=self.max_form_parts,
            cls=self.parameter_storage_class,
            key=self.headers.get("Idempotency-Key", ""),
        )


def is_program() -> bool:
    """Whether who asks is a program: it sent JSON, or would rather have JSON than HTML."""
    if flask.request.is_json:
        return True
    best = flask.request.accept_mimetypes.best_match(["text/html", JSON, PROBLEM])
    return best in (JSON, PROBLEM)


class _Parser(FormDataParser):
    def __init__(self, *arguments: Any, key: str, **words: Any) -> None:
        super().__init__(*arguments, **words)
        self.key = key

    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> Any:
        if mimetype != JSON:
            return super().parse(stream, mimetype, content_length, options)
        longest = self.max_form_memory_size or 0
        body = stream.read(longest + 1)
        if len(body) > longest:
            raise RequestEntityTooLarge()
        return BytesIO(), self.cls([*fields(body, self.key)]), self.cls()


def fields(body: bytes, key: str = "") -> list[tuple[str, str]]:
    """(name, text) of every field in a JSON body, with the entry id out of the body or the key.

    Raises BadRequest with what to send instead.
    """
    try:
        sent = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_float=str,
            parse_int=str,
            parse_constant=_refuse_constant,
        )
    except RecursionError:
        raise BadRequest("The JSON is nested too deep. Send one object of fields.") from None
    except ValueError as fault:
        raise BadRequest(f"The body is no JSON that can be read: {fault}.") from None
    if not isinstance(sent, dict):
        raise BadRequest("Send one JSON object: the fields of the form by their names.")
    key = key.strip().strip('"')
    named = sent.setdefault("entry_id", key)
    if not named or (key and key != named):
        raise BadRequest(
            "Name the entry once: as entry_id in the body or in the header Idempotency-Key, 8 to "
            "64 letters, digits and hyphens. The same name again is the same entry."
        )
    return [(name, text) for name, value in sent.items() for text in _texts(name, value)]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"“{min(twice)}” is in it twice")
    return dict(pairs)


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _texts(name: str, value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if each is True:
            yield TICKED
        elif isinstance(each, str):
            if any("\ud800" <= character <= "\udfff" for character in name + each):
                raise BadRequest("The body holds half a character. Send it as UTF-8.")
            yield each
        elif each is not None and each is not False:
            raise BadRequest(
                f"“{name}” holds an object or a list within a list. Send a text, a number, true, "
                "false or a list of these."
            )
