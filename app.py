"""Open the web app with the settings of this machine: `python app.py`."""

from sparrow_lite.config import Settings
from sparrow_lite.ui.launch import launch


def main() -> None:
    """Read Settings, build the parts, launch."""
    launch(Settings())


if __name__ == "__main__":
    main()
