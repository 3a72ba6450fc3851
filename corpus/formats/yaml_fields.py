"""Fields in YAML, whose dates stay as they are written: one that is in no calendar must not cost the file."""

from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler


class _Loader(yaml.SafeLoader):
    """Reads what looks like a date as text."""

    yaml_implicit_resolvers = {  # noqa: RUF012  # as PyYAML declares it
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class FrontMatterHandler(YAMLHandler):
    """python-frontmatter's YAML, read with the dates as text."""

    def load(self, fm: str, **kwargs: object) -> Any:
        """The fields of front matter; see `load_fields`."""
        return load_fields(fm)


def load_fields(text: str | bytes) -> Any:
    """What YAML holds, a mapping if it is as it should be. Raises yaml.YAMLError and ValueError."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506  # derived from the safe one
