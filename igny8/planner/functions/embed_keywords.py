"""The vectors of a site's keywords from an endpoint, each text asked for once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from igny8.ai.ask import Ask
from igny8.ai.booking import use_calls
from igny8.ai.calls import forgive_calls
from igny8.ai.connections import Route, route_for
from igny8.ai.errors import Bad, Stop
from igny8.ai.functions import AIFunction, Form, TextsQuestion, VectorsAnswer
from igny8.ai.models import AICall
from igny8.clustering import Calibration, calibrated, calibration_texts
from igny8.planner.models import EmbedderCalibration, TextVector
from igny8.sites.models import Site

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TEXTS_A_CALL = 256
READ_AT_ONCE = 1_000
WITHOUT_MODEL = (
    "This site groups its keywords with an embeddings endpoint, and none is named. Set "
    "IGNY8_OPENAI_BASE_URL and IGNY8_EMBEDDING_MODEL, or go back to the vectors that are built "
    "in: igny8 config --site {} embeddings=built_in"
)

OTHER_LENGTH = (
    "The embeddings model gives vectors of another length than before: it is another model by now. "
    "Name one that stays, or: igny8 config --site {} embeddings=built_in"
)


def offline(question: TextsQuestion) -> VectorsAnswer:
    """The vectors that are built in."""
    from base64 import b64encode

    from igny8.clustering.embedding import packaged_embedder

    vectors = packaged_embedder().embed(question.texts).astype("<f4").tobytes()
    return VectorsAnswer(texts=question.texts, vectors=b64encode(vectors))


ask_vectors = AIFunction(
    name="embed_keywords",
    question=TextsQuestion,
    answer=VectorsAnswer,
    offline=offline,
    form=Form.EMBEDDING,
)


@dataclass(frozen=True)
class EndpointEmbedder:
    """The vectors of one model for one site, the stored ones first; an Embedder for grouping.

    `embed` raises Halted, NotBefore or Stop; what was answered until then is stored.
    """

    site: Site
    ask: Ask
    id: str
    calibration: Calibration

    @property
    def threshold(self) -> float:
        return self.calibration.threshold

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.calibration.applied(_vectors(self.site, self.id, texts, self.ask))


def endpoint_embedder(site: Site, ask: Ask) -> EndpointEmbedder:
    """The model that the environment names, calibrated now if it never was."""
    name = ask_vectors.name
    route = route_for(site.account, Form.EMBEDDING, function=name, site_id=site.pk)
    if route.is_sample:
        raise Stop("credentials", WITHOUT_MODEL.format(site.slug))
    model = _id_of(route)
    return EndpointEmbedder(site, ask, model, _calibration(site, model, ask))


def _id_of(route: Route) -> str:
    """A model of the same name may be another one elsewhere."""
    return f"{route.model}@{_digest(route.connection.base_url)[:12]}"


def _calibration(site: Site, model: str, ask: Ask) -> Calibration:
    if stored := EmbedderCalibration.objects.filter(embedder=model).first():
        return Calibration(stored.threshold, bytes(stored.centre), stored.f1)
    found = calibrated(_vectors(site, model, calibration_texts(), ask))
    EmbedderCalibration.objects.get_or_create(
        embedder=model,
        defaults={"threshold": found.threshold, "centre": found.centre, "f1": found.f1},
    )
    return found


def _vectors(site: Site, model: str, texts: Sequence[str], ask: Ask) -> NDArray[np.float32]:
    """One row a text. A call is made for what is not stored; its answer is stored at once."""
    import numpy as np

    wanted = {text: _digest(text) for text in texts}
    _gather_answers(site, model)
    known = _stored(site, model, wanted.values())
    missing = sorted(text for text, digest in wanted.items() if digest not in known)
    for start in range(0, len(missing), TEXTS_A_CALL):
        answer = _asked(site, model, tuple(missing[start : start + TEXTS_A_CALL]), ask)
        _store(site, model, answer, ask.used.pop())
    known |= _stored(site, model, (wanted[text] for text in missing))
    rows = [known[wanted[text]] for text in texts]
    if len({len(row) for row in rows}) > 1:
        raise Stop("credentials", OTHER_LENGTH.format(site.slug))
    return np.frombuffer(b"".join(rows), "<f2").astype(np.float32).reshape(len(texts), -1)


def _asked(site: Site, model: str, texts: tuple[str, ...], ask: Ask) -> VectorsAnswer:
    part = f"texts:{_digest(model, *texts)}"
    try:
        key = f"embed_keywords/{part}/0/{site.pk}"
        return ask(ask_vectors, TextsQuestion(texts=texts), key=key)
    except Bad as bad:
        # No keyword is to blame: the run pauses as a whole, and a later try starts afresh.
        forgive_calls([part], site.pk)
        raise Stop("provider_down", f"No vectors for the keywords: {bad.reason}") from bad


def _gather_answers(site: Site, model: str) -> None:
    """What was answered for a run that then broke off, whatever it was about to ask next."""
    answered = AICall.objects.filter(
        site_id=site.pk, function=ask_vectors.name, state=AICall.State.ANSWERED
    )
    for call in answered:
        answer = VectorsAnswer.model_validate_json(bytes(call.raw or b""))
        if call.object_ref == f"texts:{_digest(model, *answer.texts)}":
            _store(site, model, answer, call.pk)


def _store(site: Site, model: str, answer: VectorsAnswer, call_id: int) -> None:
    rows = list(_rows(site, model, answer))
    with transaction.atomic():
        TextVector.objects.bulk_create(rows, ignore_conflicts=True)
        use_calls([call_id])


def _rows(site: Site, model: str, answer: VectorsAnswer) -> Iterator[TextVector]:
    import numpy as np

    from igny8.clustering.vectors import unit

    numbers = np.frombuffer(answer.vectors, "<f4").reshape(len(answer.texts), -1)
    for text, row in zip(answer.texts, unit(numbers), strict=True):
        vector = row.astype("<f2").tobytes()
        yield TextVector(site=site, embedder=model, digest=_digest(text), vector=vector)


def _stored(site: Site, model: str, digests: Iterable[str]) -> dict[str, bytes]:
    wanted = sorted(set(digests))
    found: dict[str, bytes] = {}
    for start in range(0, len(wanted), READ_AT_ONCE):
        rows = TextVector.objects.filter(
            site=site, embedder=model, digest__in=wanted[start : start + READ_AT_ONCE]
        )
        found |= {digest: bytes(one) for digest, one in rows.values_list("digest", "vector")}
    return found


def _digest(*texts: str) -> str:
    return hashlib.blake2b("\n".join(texts).encode(), digest_size=16).hexdigest()
