"""A folder's lock: one process at a time may write a run. The system lets it go when its holder dies."""

import os
import sys
from pathlib import Path

from sparrow_lite.errors import StoreError

FILE = "writer.lock"


class FolderLock:
    """Held from its making until `release`."""

    def __init__(self, folder: Path) -> None:
        """Take the lock of the folder.

        Raises:
            StoreError: When somebody else holds it, or the file system knows no locks.
        """
        path = folder / FILE
        try:
            # Kept open, never deleted: whoever deleted it would let a third process lock a file of its own.
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        except OSError as error:
            raise StoreError(f"{path} cannot be opened: {error.strerror}.") from error
        try:
            _lock(self._file)
        except BlockingIOError as error:
            os.close(self._file)
            raise StoreError(
                f"{folder} is being written by another process: wait for it to end, or stop it."
            ) from error
        except OSError as error:
            os.close(self._file)
            raise StoreError(f"{path} cannot be locked: {error.strerror}.") from error

    def release(self) -> None:
        """Let others write."""
        os.close(self._file)


def _lock(file: int) -> None:
    """Lock the open file, or raise BlockingIOError at once when it is locked."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(*error.args) from error
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
