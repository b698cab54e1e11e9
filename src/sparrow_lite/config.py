"""Settings: a flag beats the environment, which beats the TOML file, which beats the default.

Only the edges (`cli.py`, `ui/`, `app.py`) read them; everything below takes the values of `options.py`.
Environment names begin with `SPARROW_LITE_`, with `__` between a group and its field, as
`SPARROW_LITE_TURN__CANDIDATES=4`. The file is `sparrow-lite.toml` in the working folder, or the one that
`SPARROW_LITE_CONFIG` names. API keys are read by the model libraries from their own environment variables.
"""

import difflib
import os
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from sparrow_lite.errors import ConfigError
from sparrow_lite.options import FetchOptions, ModelOptions, Options, SearchOptions, TurnOptions

_PREFIX = "SPARROW_LITE_"
# Names that are read elsewhere: the file of settings, the size of the benchmarks, a server for tests.
_OTHER_NAMES = ("SPARROW_LITE_CONFIG", "SPARROW_LITE_BENCH_SCALE", "SPARROW_LITE_TEST_POSTGRES")


class Settings(BaseSettings):
    """What a person may set, frozen once read.

    Attributes:
        model_name: Name of the dialogue model.
        search_name: Name of the search backend.
        rule_judge: Name of the judge of rules.
        support_judge: Name of the judge of evidence.
        prompts_dir: Folder of the user's own prompts and rules.
        weights_dir: Folder of the user's own weights, as `sparrow-lite train` writes them.
        data_dir: Folder of the conversations' database.
        runs_dir: Folder of the runs that the web app lists; a run without `--out` lies there.
        ratings_url: Address of the rating sessions' database; None for a SQLite file in `data_dir`.
        rating_secret: What links and sign-ins of raters are signed with; None for a file in `data_dir`.
        cache_dir: Folder of caches and indexes.
        models: Further model names that the web app offers.
        searches: Further search backends that the web app offers.
        host: Address that the web app binds; anything but loopback needs `auth`.
        port: Port of the web app.
        auth: `name:password` for the web app; from the environment only.
    """

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
        frozen=True,
        extra="forbid",
        protected_namespaces=(),
    )

    model_name: str = "embedded"
    search_name: str = "auto"
    rule_judge: str = "trained"
    support_judge: str = "trained"
    prompts_dir: Path | None = None
    weights_dir: Path | None = None
    data_dir: Path = Field(default_factory=lambda: user_data_path("sparrow-lite"))
    runs_dir: Path = Field(default_factory=lambda told: told["data_dir"] / "runs")
    ratings_url: SecretStr | None = None
    rating_secret: SecretStr | None = None
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
            ValueError: When the file that `SPARROW_LITE_CONFIG` names does not exist, or a name in the
                environment begins as a setting's and is none.
        """
        _check_environment(os.environ)
        named = os.environ.get("SPARROW_LITE_CONFIG")
        if named and not Path(named).is_file():
            raise ValueError(f"SPARROW_LITE_CONFIG names {named}, which is not a file")
        path = Path(named or "sparrow-lite.toml")
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)

    @property
    def index_dir(self) -> Path:
        """Folder of the indexes of the user's own files."""
        return self.search.index_dir or self.cache_dir / "indexes"

    @property
    def ratings_database(self) -> str:
        """SQLAlchemy address of the database of rating sessions; it may hold a password."""
        if self.ratings_url is not None:
            return self.ratings_url.get_secret_value()
        return f"sqlite:///{self.data_dir.absolute() / 'ratings.sqlite'}"

    def options(self) -> Options:
        """Return the values that the parts below the edges take.

        Raises:
            ConfigError: When the judge of rules asks the model, and the model cannot judge.
        """
        if (self.rule_judge, self.model_name) == ("prompted", "embedded"):
            raise ConfigError(
                "The judge of rules 'prompted' needs a model that can judge, and the embedded one only "
                "quotes: name another with --model, or use --judge lexical."
            )
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
            weights_dir=self.weights_dir,
            rule_judge=self.rule_judge,
            support_judge=self.support_judge,
        )


def read_settings(**given: Any) -> Settings:
    """Return the settings; what is given, as by flags, beats environment and file.

    Raises:
        ConfigError: For a value or a name that cannot be used, in one line.
    """
    try:
        return Settings(**given)
    except (SettingsError, ValueError) as error:
        fault = _faults(error) if isinstance(error, ValidationError) else str(error)
        raise ConfigError(f"The settings cannot be used: {' '.join(fault.split())}") from error


def _faults(error: ValidationError) -> str:
    told = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return "; ".join(told).replace("Value error, ", "")


def _check_environment(environment: Mapping[str, str]) -> None:
    known = _known_names()
    groups = [name for name in known if any(other.startswith(f"{name}__") for other in known)]
    for name, value in environment.items():
        upper = name.upper()
        if upper in groups and not value.lstrip().startswith("{"):
            meant = ", ".join(other for other in known if other.startswith(upper) and other != upper)
            raise ValueError(f"{name} is a group of settings, not one. You may mean one of {meant}")
        if upper.startswith(_PREFIX) and upper not in known:
            near = difflib.get_close_matches(upper, known, n=1)
            hint = f"the nearest is {near[0]}" if near else f"known are {', '.join(known)}"
            raise ValueError(f"{name} in the environment is no setting: {hint}")


def _known_names() -> tuple[str, ...]:
    """Every name in the environment that says something, groups and their fields among them."""
    found = list(_OTHER_NAMES)
    for name, field in Settings.model_fields.items():
        top = f"{_PREFIX}{name.upper()}"
        found.append(top)
        group = field.annotation
        if isinstance(group, type) and is_dataclass(group):
            found += [f"{top}__{one.name.upper()}" for one in fields(group)]
    return tuple(sorted(found))
