"""Review, release and what is watched after it: whoever loads this chapter holds what turns bad."""

from qc.release import holds

__all__ = ["holds"]
