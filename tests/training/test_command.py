"""`sparrow-lite train`, from data folders to weights that judge, through the command."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sparrow_lite.cli import main


def train(judge: str, data: Path, base: Path, out: Path, *more: str) -> Result:
    arguments = ["train", judge, "--data", str(data), "--base", str(base), "--out", str(out), "--passes", "1"]
    return CliRunner().invoke(main, [*arguments, *more])


@pytest.fixture(scope="module")
def weights(data_dir: Path, base_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("weights")
    for judge in ("support", "reader", "meaning", "rules"):
        result = train(judge, data_dir, base_dir, out)
        assert result.exit_code == 0, result.output
    return out


@pytest.mark.parametrize("judge", ["support", "reader", "meaning", "rules"])
def test_a_training_leaves_a_network_its_constants_and_what_was_measured(weights: Path, judge: str) -> None:
    constants = json.loads((weights / f"{judge}.json").read_text())
    (network,) = weights.glob(f"{judge}.onnx*")
    assert network.stat().st_size > 10_000
    assert len(constants["version"]) == 12
    assert constants["measured"]


def test_the_support_weights_judge_through_the_command(weights: Path, tmp_path: Path) -> None:
    line = json.dumps({"claim": "The harbour of Oslo was opened in 1900.", "evidence": "It rains in Oslo."})
    env = {"SPARROW_LITE_WEIGHTS_DIR": str(weights)}
    result = CliRunner().invoke(main, ["judge", "support", "--judge", "trained"], input=line, env=env)
    assert result.exit_code == 0, result.output
    assert 0.0 <= json.loads(result.output)["support"] <= 1.0


def test_the_rule_weights_judge_every_shipped_rule_through_the_command(weights: Path) -> None:
    turns = [{"role": "user", "text": "And you?"}, {"role": "sparrow", "text": "I am tired in Oslo."}]
    env = {"SPARROW_LITE_WEIGHTS_DIR": str(weights)}
    result = CliRunner().invoke(main, ["judge", "rules"], input=json.dumps({"turns": turns}), env=env)
    assert result.exit_code == 0, result.output
    verdicts = json.loads(result.output)["rules"]
    assert len(verdicts) == 23
    assert all(0.0 <= verdict["probability"] <= 1.0 for verdict in verdicts)


def test_the_exported_network_gives_what_the_trained_one_gives(weights: Path) -> None:
    import torch

    from sparrow_lite.encoders.network import Network
    from sparrow_lite.encoders.pieces import pair_pieces
    from sparrow_lite.encoders.weights import Words
    from sparrow_lite.training.encoder import load_encoder, pad
    from sparrow_lite.training.support import support_model

    encoder, tokenizer = load_encoder(weights / "support-base")
    model = support_model(encoder).eval()
    model.load_state_dict(torch.load(weights / "support-base" / "state.pt", weights_only=True))
    texts = [
        pair_pieces(tokenizer, "Oslo is old.", passage)
        for passage in ("Oslo.", "The market of Lima lies beside.")
    ]
    with torch.no_grad():
        wanted = model(**pad(texts, "cpu"))
    given = [row[0] for row in Network(Words(weights), "support").run(texts)]
    assert given == pytest.approx(wanted.tolist(), abs=0.05)


def test_a_rule_kept_out_is_not_trained_on_and_is_still_judged(
    data_dir: Path, base_dir: Path, tmp_path: Path
) -> None:
    result = train("rules", data_dir, base_dir, tmp_path, "--without", "no_body", "--limit", "20")
    assert result.exit_code == 0, result.output
    constants = json.loads((tmp_path / "rules.json").read_text())
    assert constants["measured"]["kept_out"] == ["no_body"]
    assert "no_body" in constants["measured"]["own"]


def test_no_data_is_one_line_and_no_weights(base_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    result = train("support", tmp_path / "empty", base_dir, tmp_path / "out")
    assert result.exit_code != 0
    assert not (tmp_path / "out").exists()


def test_a_malformed_line_of_ones_own_is_named(base_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "support.jsonl").write_text('{"claim": "Oslo is old."}\n')
    result = train("support", tmp_path, base_dir, tmp_path / "out")
    assert result.exit_code != 0
    assert "support.jsonl, line 1" in result.output


def test_meaning_without_a_reader_says_what_to_train_first(
    data_dir: Path, base_dir: Path, tmp_path: Path
) -> None:
    result = train("meaning", data_dir, base_dir, tmp_path)
    assert result.exit_code == 2
    assert "sparrow-lite train reader" in result.output


def test_an_interrupted_training_goes_on_from_its_checkpoint_and_ends_as_an_undisturbed_one(
    data_dir: Path, base_dir: Path, tmp_path: Path
) -> None:
    import torch

    from sparrow_lite.training.loop import Plan
    from sparrow_lite.training.loop import train as train_loop
    from sparrow_lite.training.reader import ReaderTask, read_questions

    questions = read_questions([data_dir], seed=7)
    plan = Plan(passes=3, batch_tokens=128, save_every=2)
    steps: list[int] = []

    def weights_of(out: Path, *, stop_after: int | None) -> dict[str, torch.Tensor]:
        torch.manual_seed(plan.seed)
        task = ReaderTask(base_dir, questions)

        def progress(done: int, total: int, loss: float) -> None:
            steps.append(done)
            if done == stop_after:
                raise KeyboardInterrupt

        train_loop(task, plan, out, progress)
        return dict(task.model.state_dict())

    undisturbed = weights_of(tmp_path / "whole", stop_after=None)
    with pytest.raises(KeyboardInterrupt):
        weights_of(tmp_path / "parts", stop_after=5)
    steps.clear()
    resumed = weights_of(tmp_path / "parts", stop_after=None)
    assert steps[0] == 5
    for name, values in undisturbed.items():
        torch.testing.assert_close(resumed[name], values, atol=2e-2, rtol=2e-2)
