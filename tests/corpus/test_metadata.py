from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Metadata
from corpus.metadata import FIELDS, Claim, believe
from corpus.origins import Origin

claims = st.lists(
    st.builds(
        Claim,
        st.sampled_from(Origin),
        st.builds(Metadata, title=st.sampled_from([None, "A", "B"]), language=st.sampled_from([None, "en", "de"])),
    ),
    max_size=6,
)


@pytest.mark.parametrize(("trusted", "less"), list(pairwise(Origin)))
def test_the_more_trusted_origin_wins(trusted: Origin, less: Origin) -> None:
    stated = [Claim(less, Metadata(title="Less")), Claim(trusted, Metadata(title="Trusted"))]
    believed = believe(stated)
    assert (believed.title, believed.origins) == ("Trusted", {"title": trusted.value})


def test_each_field_is_believed_on_its_own() -> None:
    believed = believe(
        [Claim(Origin.FRONT_MATTER, Metadata(title="T")), Claim(Origin.FILE_NAME, Metadata(published="2025-11-28"))]
    )
    assert believed == Metadata(title="T", published="2025-11-28")
    assert believed.origins == {"title": "front matter", "published": "file name"}


def test_of_one_origin_the_first_claim_wins() -> None:
    assert believe([Claim(Origin.ROW, Metadata(title="A")), Claim(Origin.ROW, Metadata(title="B"))]).title == "A"


def test_a_value_without_visible_characters_claims_nothing() -> None:
    assert (
        believe([Claim(Origin.ROW, Metadata(title="\u200b")), Claim(Origin.FILE_NAME, Metadata(title="B"))]).title
        == "B"
    )


@given(claims)
def test_every_value_has_an_origin_and_no_other_has(stated: list[Claim]) -> None:
    believed = believe(stated)
    assert set(believed.origins) == {field for field in FIELDS if getattr(believed, field)}
