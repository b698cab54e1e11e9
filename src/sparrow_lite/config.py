"""Settings: a flag beats the environment, which beats the TOML file, which beats the default.

Only the edges (`cli.py`, `ui/`, `app.py`) read them; everything below takes the values of `options.py`.
Environment names begin with `SPARROW_LITE_`, with `__` between a group and its field, as
`SPARROW_LITE_TURN__CANDIDATES=4`. The file is `sparrow-lite.toml` in the working folder, or the one that
`SPARROW_LITE_CONFIG` names. API keys are read by the model libraries from their own environment variables.
"""

import os
from dataclasses import replace
from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from sparrow_lite.options import FetchOptions, ModelOptions, Options, SearchOptions, TurnOptions


class Settings(BaseSettings):
    """What a person may set, frozen once read.

    Attributes:
        model_name: Name of the dialogue model.
        search_name: Name of the search backend.
        rule_judge: Name of the judge of rules.
        support_judge: Name of the judge of evidence.
        prompts_dir: Folder of the user's own prompts and rules.
        data_dir: Folder of the conversations' database.
        cache_dir: Folder of caches and indexes.
        models: Further model names that the web app offers.
        searches: Further search backends that the web app offers.
        host: Address that the web app binds; anything but loopback needs `auth`.
        port: Port of the web app.
        auth: `name:password` for the web app; from the environment only.
    """

    model_config = SettingsConfigDict(
        env_prefix="SPARROW_LITE_",
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        protected_namespaces=(),
    )

    model_name: str = "embedded"
    search_name: str = "auto"
    rule_judge: str = "lexical"
    support_judge: str = "lexical"
    prompts_dir: Path | None = None
    data_dir: Path = Field(default_factory=lambda: user_data_path("sparrow-lite"))
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("sparrow-lite"))
    models: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=0, le=65535)
    auth: SecretStr | None = None
    model: ModelOptions = Field(default_factory=ModelOptions)
    search: SearchOptions = Field(default_factory=SearchOptions)
    fetch: FetchOptions = Field(default_factory=FetchOptions)
    turn: TurnOptions = Field(default_factory=TurnOptions)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (the library's signature)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, the strongest first.

        Raises:
            ValueError: When the file that `SPARROW_LITE_CONFIG` names does not exist.
        """
        named = os.environ.get("SPARROW_LITE_CONFIG")
        if named and not Path(named).is_file():
            raise ValueError(f"SPARROW_LITE_CONFIG names {named}, which is not a file")
        path = Path(named or "sparrow-lite.toml")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)

    @property
    def index_dir(self) -> Path:
        """Folder of the indexes of the user's own files."""
        return self.search.index_dir or self.cache_dir / "indexes"

    def options(self) -> Options:
        """Return the values that the parts below the edges take."""
        search = replace(
            self.search,
            cache_dir=self.search.cache_dir or self.cache_dir / "searches",
            index_dir=self.index_dir,
        )
        return Options(
            model=self.model,
            search=search,
            fetch=self.fetch,
            turn=self.turn,
            prompts_dir=self.prompts_dir,
            rule_judge=self.rule_judge,
            support_judge=self.support_judge,
        )
