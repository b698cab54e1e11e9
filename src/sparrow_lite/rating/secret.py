"""The secret that signs links and sign-ins: given, or made once and kept in a file of its owner."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from sparrow_lite.errors import ConfigError, StoreError

FILE = "rating.secret"
LEAST_CHARS = 32


def read_secret(data_dir: Path, given: str | None = None) -> bytes:
    """Return the secret. Whoever changes it ends every link and sign-in there is.

    Args:
        data_dir: Folder of the file; it and the file are made when they are missing.
        given: The secret itself, instead of the file's; None for the file's.

    Raises:
        ConfigError: For one that is too short to be one.
        StoreError: When the file cannot be read or made.
    """
    if given is not None:
        if len(given) < LEAST_CHARS:
            raise ConfigError(f"SPARROW_LITE_RATING_SECRET has at least {LEAST_CHARS} characters.")
        return given.encode()
    path = data_dir / FILE
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
        found = path.read_bytes().strip()
    except OSError as error:
        raise StoreError(f"{path} cannot be read or made: {error.strerror}.") from error
    if len(found) < LEAST_CHARS:
        raise StoreError(f"{path} holds no secret: delete it, and a new one is made. Links made before end.")
    return found


def _make(path: Path) -> None:
    # Written whole under another name, then linked: of two processes that start at once, one wins, whole.
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
