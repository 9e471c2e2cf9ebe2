"""A desk without Slack and where its backups go, on either database, and another place to put them back."""

import pytest

from tests.store.places import Place


@pytest.fixture
def place(database_url, tmp_path, clock) -> Place:
    return Place(database_url, tmp_path, clock)


@pytest.fixture
def elsewhere(place, request, tmp_path) -> str:
    if place.url.startswith("sqlite"):
        (tmp_path / "new").mkdir()
        return f"sqlite:///{tmp_path / 'new' / 'desk.db'}"
    return request.getfixturevalue("postgresql").a_database(blank=True)
