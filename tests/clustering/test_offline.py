from __future__ import annotations

import pytest
from pytest_socket import SocketBlockedError, disable_socket, enable_socket

from igny8.clustering import Phrase, group
from igny8.clustering.embedding import PackagedEmbedder


@pytest.fixture
def _no_sockets() -> None:
    disable_socket()


@pytest.mark.usefixtures("_no_sockets")
def test_grouping_opens_no_socket() -> None:
    import socket

    packaged = PackagedEmbedder()
    try:
        with pytest.raises(SocketBlockedError):
            socket.socket()
        grouping = group([Phrase(1, "herb garden"), Phrase(2, "herb gardens")], embedder=packaged)
    finally:
        enable_socket()

    assert len(grouping.topics) == 1
