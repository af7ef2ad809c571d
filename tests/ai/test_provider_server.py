import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.ai.letters import FUNCTIONS, draw_letters, letters, spell_letters
from tests.provider_faults import status
from tests.provider_server import ProviderServer, parse_fault, product_functions, read_journal

DATA = letters().model_dump_json()


def post(base_url: str, path: str = "/chat/completions", **more: str) -> dict[str, Any]:
    body = {"model": "m", "messages": [{"role": "user", "content": f"Spell\n{DATA}\nnow"}], **more}
    headers = {
        "Content-Type": "application/json",
        "Authorization": "Bearer sk-canary",
        "X-IGNY8-Function": draw_letters.name if "prompt" in more else spell_letters.name,
    }
    if "prompt" in more:
        del body["messages"]
    request = Request(base_url + path, json.dumps(body).encode(), headers)
    with urlopen(request, timeout=5) as response:
        answer: dict[str, Any] = json.load(response)
    return answer


def test_each_accepted_call_is_one_line_of_the_journal_without_the_key(tmp_path: Path) -> None:
    journal = tmp_path / "calls.jsonl"
    with ProviderServer(functions=FUNCTIONS, journal=journal) as server:
        server.fail_call(2, status(500))
        post(server.base_url)
        with pytest.raises(HTTPError):
            post(server.base_url)

    first, second = read_journal(journal)
    assert (first["function"], first["ids"]) == ("spell_letters", ["k1", "k2", "k3"])
    assert first["question"] == second["question"]
    assert "sk-canary" not in journal.read_text(encoding="utf-8")


def test_a_blocked_server_holds_accepted_calls_until_it_is_released() -> None:
    with ProviderServer(functions=FUNCTIONS) as server, ThreadPoolExecutor(2) as threads:
        server.block()
        held = [threads.submit(post, server.base_url) for _ in range(2)]
        server.wait_for_calls(2)
        assert (server.in_flight, server.count("spell_letters")) == (2, 2)
        assert not any(one.done() for one in held)

        server.release()
        assert all(one.result(5)["choices"] for one in held)
        assert server.most_in_flight == 2
        assert list(server.times_asked().values()) == [2]


def test_tiny_images_are_sixteen_by_nine_webps() -> None:
    from base64 import b64decode

    from PIL import Image

    with ProviderServer(functions=FUNCTIONS, tiny_images=True) as server:
        made = post(server.base_url, "/images/generations", prompt=f"Draw\n{DATA}")
    with Image.open(BytesIO(b64decode(made["data"][0]["b64_json"]))) as image:
        assert (image.format, image.size) == ("WEBP", (16, 9))


def test_a_prompt_without_a_known_question_is_refused() -> None:
    with ProviderServer(functions={}) as server, pytest.raises(HTTPError, match="400"):
        post(server.base_url)


def test_all_functions_of_the_product_are_found() -> None:
    assert {"auto_cluster", "generate_ideas", "generate_images"} <= set(product_functions())


def test_a_fault_is_named_on_the_command_line_by_its_call() -> None:
    assert parse_fault("3=reset")[0] == 3
    assert callable(parse_fault("4=503")[1])


def test_the_server_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.provider_server", "--fault", "1=503"]
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [*command, "--journal", str(tmp_path / "calls.jsonl")],
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            base_url = process.stdout.readline().strip()
            with pytest.raises(HTTPError, match="503"):
                post(base_url)
        finally:
            process.kill()
    assert len(list(read_journal(tmp_path / "calls.jsonl"))) == 1
