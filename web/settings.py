"""What a server is told: read once from the environment, which `citebox serve` sets for its workers."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from index.terminal import DEFAULT_INDEX


class Settings(BaseSettings):
    """Each field comes from `CITEBOX_` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="CITEBOX_")

    index: Path = DEFAULT_INDEX
    reranker: str | None = None
