"""A master batch record as a document: bytes of TOML in, frozen dataclasses out, or every fault at once."""

from manufacturing.masters.parts import (
    Beyond,
    Due,
    Field,
    Limits,
    Master,
    Option,
    Repeat,
    Stage,
    Step,
    Text,
    Timer,
    Window,
    text,
)

__all__ = [
    "Beyond", "Due", "Field", "Limits", "Master", "Option", "Repeat", "Stage", "Step", "Text", "Timer", "Window", "text",
]
