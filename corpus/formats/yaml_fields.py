"""Fields in YAML, of which dates and words like "no" stay as they are written.

A date that is in no calendar must not cost the file, and "no" is a language.
"""

from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

_READ_AS_TEXT = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")


class _Loader(yaml.SafeLoader):
    """Reads what looks like a date or a truth value as text."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # as PyYAML declares it
        first: [(tag, pattern) for tag, pattern in resolvers if tag not in _READ_AS_TEXT]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class FrontMatterHandler(YAMLHandler):
    """python-frontmatter's YAML, read as `load_fields` does."""

    def load(self, fm: str, **kwargs: object) -> Any:
        """The fields of front matter."""
        return load_fields(fm)


def load_fields(text: str | bytes) -> Any:
    """What YAML holds, a mapping if it is as it should be. Raises yaml.YAMLError and ValueError."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506  # derived from the safe one


def yaml_problem(error: Exception) -> str:
    """What is wrong with the YAML that `load_fields` raised `error` for, and where: a clause for people."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 1}: {error.problem}"
    if isinstance(error, yaml.reader.ReaderError):
        return f"character {error.position + 1}: {error.reason}"
    return " ".join(str(error).split())
