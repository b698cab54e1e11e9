from pathlib import Path

import pytest

from sparrow_lite.errors import ModelError
from sparrow_lite.models import open_model
from sparrow_lite.models.local import room
from sparrow_lite.models.local.room import free_bytes, require_room
from sparrow_lite.options import ModelOptions


def test_a_model_larger_than_the_machine_fails_before_it_is_loaded(
    chat_model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import AutoModelForCausalLM

    monkeypatch.setattr(room, "_free_main_memory", lambda: 1000)
    monkeypatch.setattr(AutoModelForCausalLM, "from_pretrained", lambda *_, **__: pytest.fail("was loaded"))
    with pytest.raises(ModelError, match=r"need .* GiB; .* GiB are free") as caught:
        open_model(f"hf:{chat_model_dir}", ModelOptions(device_map="cpu"))
    assert not caught.value.retryable


@pytest.mark.parametrize(
    ("dtype", "quantization", "each"),
    [("auto", "none", 4), ("bfloat16", "none", 2), ("float32", "none", 4), ("auto", "int4", 0.5)],
)
def test_what_is_needed_follows_the_size_of_a_weight(
    monkeypatch: pytest.MonkeyPatch, dtype: str, quantization: str, each: float
) -> None:
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32)
    weights = sum(weight.numel() for weight in LlamaForCausalLM(config).parameters())
    needed = int(weights * each)
    for free, fits in ((needed, True), (needed - 1, False)):
        monkeypatch.setattr(room, "_free_main_memory", lambda free=free: free)
        if fits:
            require_room("hf:m", config, dtype=dtype, quantization=quantization, device_map="cpu")
        else:
            with pytest.raises(ModelError):
                require_room("hf:m", config, dtype=dtype, quantization=quantization, device_map="cpu")


def test_a_container_bounds_what_is_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "_CGROUP", tmp_path)
    machine = free_bytes("cpu")
    assert machine > 1000
    (tmp_path / "memory.current").write_text("400\n", encoding="ascii")
    (tmp_path / "memory.max").write_text("1000\n", encoding="ascii")
    assert free_bytes("cpu") == 600
    (tmp_path / "memory.max").write_text("max\n", encoding="ascii")
    assert free_bytes("cpu") > 1000
