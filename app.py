"""Open the web app with the settings of this machine: `python app.py`."""

from sparrow_lite.config import Settings
from sparrow_lite.errors import SparrowError
from sparrow_lite.ui.launch import launch

if __name__ == "__main__":
    try:
        launch(Settings())
    except SparrowError as error:
        raise SystemExit(f"sparrow-lite: {error}") from error
