from pathlib import Path

import numpy as np
import pytest

from sparrow_lite.encoders.network import Network
from sparrow_lite.encoders.pieces import pair_pieces
from sparrow_lite.encoders.weights import Words, open_words, read_constants
from sparrow_lite.errors import ConfigError, JudgeError


def test_what_ships_is_small_enough_to_keep_in_a_repository() -> None:
    weights = [path for path in open_words(None).folder.iterdir() if path.name != "trained_on.npy"]
    assert sum(path.stat().st_size for path in weights) < 60_000_000


def test_a_folder_without_weights_is_refused_with_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"lacks tokenizer\.json"):
        open_words(tmp_path)


def test_constants_that_were_never_fitted_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no rules weights"):
        read_constants(tmp_path, "rules")


def test_embeddings_have_a_row_a_piece() -> None:
    words = open_words(None)
    embedded = words.embed(np.array([[101, 102], [0, 2000]]))
    assert embedded.shape == (2, 2, 384)
    assert embedded.dtype == np.float32
    assert np.abs(embedded).max() < 5


def test_a_text_gets_the_same_numbers_beside_others_and_alone() -> None:
    network = Network(open_words(None), "support")
    tokenizer = network.words.tokenizer
    texts = [pair_pieces(tokenizer, "It is old.", "word " * count) for count in (90, 1, 40, 3)]
    together = [float(row[0]) for row in network.run(texts)]
    alone = [float(network.run([text])[0][0]) for text in texts]
    assert together == pytest.approx(alone)


def test_nothing_to_read_is_nothing_read() -> None:
    assert Network(open_words(None), "support").run([]) == []


def test_a_broken_network_is_a_judge_error(tmp_path: Path) -> None:
    (tmp_path / "support.onnx").write_bytes(b"no network")
    with pytest.raises(JudgeError, match=r"support\.onnx cannot be loaded"):
        Network(Words(tmp_path), "support").run_plain({})
