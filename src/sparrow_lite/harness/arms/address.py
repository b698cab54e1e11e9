"""Another system at an address, as an arm: `url:http://host:port/v1[#model]`, an OpenAI-compatible server.

The whole dialogue is sent as messages, without a preamble of ours and to the letter: a system from outside
has its own. Its evidence is read where the message, the choice or the response holds one of these lists:

    evidence: texts, or `{"text", "title"?, "url"?}`; the reply's marks `[1]`, `[2]` count these.
    citations: `{"quote", "title"?, "url"?, "sentence"?}`; without `evidence` the marks count these.

Anything else in a list is left out, an address alone too, since it shows no evidence; its number stays free.

The key, if the server wants one, is in the environment variable OPENAI_API_KEY.
"""

import os
import re
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from sparrow_lite.errors import ModelError
from sparrow_lite.harness.arms.base import Asked
from sparrow_lite.harness.arms.pace import Pace
from sparrow_lite.harness.arms.spec import ArmSpec
from sparrow_lite.harness.arms.told import ToldCitation, ToldEvidence, show
from sparrow_lite.harness.conversation import Shown, Usage
from sparrow_lite.models.remote.faults import as_model_error, secrets_of, vendor_faults
from sparrow_lite.models.remote.providers import check_address
from sparrow_lite.models.thoughts import without_thoughts
from sparrow_lite.reply import AbstainReason
from sparrow_lite.transcript import Role

if TYPE_CHECKING:
    import httpx

Told = TypeVar("Told", bound=BaseModel)

_ROLES = {Role.USER: "user", Role.SPARROW: "assistant"}
_SEEDS_A_SAMPLE = 1000
_BODY_CHARS = 300
_ADDRESS = re.compile(r"https?://\S+")


class AddressArm:
    """A chat server that answers.

    Args:
        spec: The arm; its model is the address.
        client: Speaks HTTP.
    """

    def __init__(self, spec: ArmSpec, client: "httpx.Client") -> None:
        address, _, model = spec.model.partition("#")
        self._spec = spec
        self._url = f"{address.rstrip('/')}/chat/completions"
        self._model = model or "default"
        self._client = client
        self._pace = Pace(in_flight=spec.in_flight, rate=spec.rate, retries=spec.options.model.retries)
        self._takes_seed = True

    @property
    def name(self) -> str:
        """The name under which its results are reported."""
        return self._spec.name

    @property
    def concurrency(self) -> int:
        """As many cases as it may be asked at once."""
        return self._spec.in_flight

    def reply(self, asked: Asked) -> tuple[Shown, Usage]:
        """Return the server's reply, and the tokens that it tells; the time is that of the request alone.

        Raises:
            ModelError: When there is no reply; see `models/remote/faults.py`.
        """
        messages = [{"role": _ROLES[turn.role], "content": turn.text} for turn in asked.transcript.turns]
        seed = self._spec.options.model.seed + _SEEDS_A_SAMPLE * asked.sample
        return self._pace.ask(lambda: self._ask(messages, seed))

    def _ask(self, messages: list[dict[str, str]], seed: int) -> tuple[Shown, Usage]:
        body: dict[str, Any] = {"model": self._model, "messages": messages}
        seeded = {**body, "seed": seed} if self._takes_seed else body
        started = time.monotonic()
        try:
            response = self._client.post(self._url, json=seeded)
            if seeded is not body and response.status_code in {400, 422} and "seed" in response.text:
                self._takes_seed = False
                response = self._client.post(self._url, json=body)
            _require_success(response)
            found = response.json()
            return _shown(found, time.monotonic() - started), _usage(found)
        except vendor_faults() as error:
            raise as_model_error(error, model=self._spec.name, secrets=secrets_of()) from None


def open(spec: ArmSpec) -> AddressArm:  # noqa: A001  # one name for what every arm's file offers
    """Return the arm of the address that the spec names as its model.

    Raises:
        ConfigError: When it is no address, or carries a password.
    """
    import httpx

    check_address(spec.model.partition("#")[0])
    key = os.environ.get("OPENAI_API_KEY")
    client = httpx.Client(
        headers={"Authorization": f"Bearer {key}"} if key else {},
        timeout=spec.options.model.timeout_seconds,
        limits=httpx.Limits(max_connections=spec.in_flight, max_keepalive_connections=spec.in_flight),
    )
    return AddressArm(spec, client)


def _require_success(response: "httpx.Response") -> None:
    import httpx

    if not response.is_success:
        said = response.text[:_BODY_CHARS].strip() or response.reason_phrase
        raise httpx.HTTPStatusError(said, request=response.request, response=response)


def _shown(found: Mapping[str, Any], seconds: float) -> Shown:
    """Return what the response shows.

    Raises:
        LookupError: When it is not of the form of a chat completion; TypeError or ValueError likewise.
        ModelError: When the reply is empty.
    """
    choice = found["choices"][0]
    message = choice["message"]
    refusal = message.get("refusal")
    text = "".join(without_thoughts([_text(message.get("content") or refusal or "")])).strip()
    if not text:
        raise ModelError("The server wrote nothing: ask again or try another model.", retryable=True)
    places = (message, choice, found)
    evidence = _first_list(place.get("evidence") for place in places)
    citations = _first_list(place.get("citations") for place in places)
    return show(
        text,
        evidence=[_told(ToldEvidence, {"text": one} if isinstance(one, str) else one) for one in evidence],
        citations=[_told(ToldCitation, one) for one in citations],
        abstained=AbstainReason.RULE_REFUSAL if refusal and not message.get("content") else None,
        seconds=seconds,
    )


def _text(content: Any) -> str:
    """The text of a message, which may come in parts."""
    if isinstance(content, str):
        return content
    return "".join(part["text"] for part in content if part.get("type") == "text")


def _first_list(given: Iterable[Any]) -> list[Any]:
    return next((one for one in given if isinstance(one, list) and one), [])


def _told(kind: type[Told], given: Any) -> Told | None:
    """Return what the server tells, without fields of its own; None for another form."""
    if not isinstance(given, dict):
        return None
    fields = {name: given[name] for name in kind.model_fields if isinstance(given.get(name), str)}
    try:
        told = kind.model_validate(fields)
    except ValidationError:
        return None
    return None if _ADDRESS.fullmatch(fields.get("text", "").strip()) else told


def _usage(found: Mapping[str, Any]) -> Usage:
    used = found.get("usage") or {}
    return Usage(
        requests=1,
        input_tokens=int(used.get("prompt_tokens") or 0),
        output_tokens=int(used.get("completion_tokens") or 0),
    )
