"""CHECKs of closed vocabularies, as migrations write them; imports nothing from the application.

The words stand in the migration. A wording that a migration has used is never changed here: it is
what its databases say."""


def any_of(column: str, words: str) -> str:
    """A column is one of these words."""
    return " OR ".join(f"{column} = '{word}'" for word in words.split(","))


def on_an_axis(column: str, axes: dict[str, str]) -> str:
    """A column is one of the words of the axis in the column `axis`."""
    return " OR ".join(f"axis = '{axis}' AND ({any_of(column, axes[axis])})" for axis in axes)
