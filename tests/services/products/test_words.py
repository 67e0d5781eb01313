"""The text of a search as people write it: separators, invisible characters, widths, and whatever Unicode has."""

import unicodedata

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from services.products.words import MAX_LENGTH, label, readings
from tests.services.products.test_search import ids, search

RULE = "-" * 33
SHY, ZWSP, ZWJ, BOM = "\u00ad", "\u200b", "\u200d", "\ufeff"
NO_BREAK, FULL_WIDTH_SPACE = "\u00a0", "\u3000"

WIRELESS_LAMP = [
    "wireless/lamp",
    "wireless-lamp",
    "wireless_lamp",
    "wireless.lamp",
    "wireless@lamp",
    "wireless & lamp",
    "(wireless) [lamp]",
    "wireless\u2013lamp",
    "wireless -- lamp",
    f"wireless{NO_BREAK}lamp",
    f"wireless{FULL_WIDTH_SPACE}lamp",
    f"wire{SHY}less lamp",
    f"wire{ZWSP}less lamp",
    f"wireless{ZWSP}lamp",
    f"wire{ZWJ}less{BOM} la{ZWSP}mp",
    "".join(chr(ord(letter) + 0xFEE0) for letter in "wireless") + " lamp",
    f"lamp {RULE} wireless",
    f"{RULE} wireless lamp {' - ' * 20}",
    "wireless lamp " + "---- " * 12,
]

# What the query language of `websearch_to_tsquery` is made of, so that random texts come close to its edges.
_PARTS = st.sampled_from(
    ["lamp", "wireless", "-", '"', " ", "or", "OR", "|", "&", "!", "<->", ":*", "(", ")", "'", "\\", "/", ".", SHY]
)
_LANGUAGE = st.lists(_PARTS, max_size=60).map(lambda parts: "".join(parts)[:MAX_LENGTH])
_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=MAX_LENGTH)


@pytest.mark.parametrize("q", WIRELESS_LAMP)
async def test_words_are_split_as_people_split_them(http: httpx.AsyncClient, q: str) -> None:
    expected = await search(http, q="wireless lamp")
    found = await search(http, q=q)
    assert expected["total_found"] > 5
    assert (found["total_found"], ids(found), found["corrected_query"]) == (
        expected["total_found"],
        ids(expected),
        None,
    )


@pytest.mark.parametrize(
    "brand",
    [
        unicodedata.normalize("NFD", "Bergström"),
        "\uff22ERGSTRÖM",
        f"Berg{SHY}ström",
        f" bergström{NO_BREAK}",
        unicodedata.normalize("NFD", "BERGSTRÖM"),
    ],
)
async def test_a_brand_is_the_same_however_its_letters_are_composed(http: httpx.AsyncClient, brand: str) -> None:
    expected = await search(http, brand="Bergström")
    assert expected["total_found"] > 5
    assert (await search(http, brand=brand))["total_found"] == expected["total_found"]
    words = await search(http, q=unicodedata.normalize("NFD", "Bergström"))
    assert words["total_found"] == (await search(http, q="Bergström"))["total_found"] > 5


async def test_a_name_with_a_no_break_space_is_the_same_category(http: httpx.AsyncClient) -> None:
    written = await search(http, category="Phones & Wearables")
    assert written["total_found"] > 5
    copied = await search(http, category=f"Phones{NO_BREAK}&{FULL_WIDTH_SPACE}wearables")
    assert copied["total_found"] == written["total_found"]


async def test_a_correction_follows_where_the_split_words_find_nothing(http: httpx.AsyncClient) -> None:
    page = await search(http, q=f"wirless/lapm {RULE}")
    assert page["corrected_query"] == "wireless lamp"
    assert ids(page) == ids(await search(http, q="wireless lamp"))


async def test_a_minus_excludes_a_word_and_a_phrase_only_where_it_begins_one(http: httpx.AsyncClient) -> None:
    every = (await search(http, q="reading lamp"))["total_found"]
    assert (await search(http, q="lamp-reading"))["total_found"] == every
    assert (await search(http, q='lamp -"reading lamp" reading'))["total_found"] < every
    assert (await search(http, q="lamp \u2212reading"))["total_found"] == (await search(http, q="lamp -reading"))[
        "total_found"
    ]


@pytest.mark.parametrize("q", [RULE, "- " * 60, "\u2212" * 60, '-"' * 60, '-"" ' * 40, "--- --- ---", "\ufb03" * 200])
async def test_text_without_a_word_finds_nothing_and_is_no_error(http: httpx.AsyncClient, q: str) -> None:
    assert (await search(http, q=q))["products"] == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(_LANGUAGE, _TEXT), st.booleans())
@example("-" * 200, True)
@example("\ufdfa" * 200, False)
@example("\u3300" * 200, False)
@example("'" * 200, True)
async def test_every_text_is_an_answer_of_200(http: httpx.AsyncClient, q: str, exact: bool) -> None:
    asked = {"q": q} | ({"brand": q[:100] or "x", "category": q[-100:] or "x"} if exact else {})
    for sort in ("relevance", "newest"):
        answer = await http.get("/products/search", params={**asked, "sort": sort})
        assert answer.status_code == 200, answer.text


@given(st.one_of(_LANGUAGE, _TEXT))
def test_to_read_a_text_twice_changes_nothing(text: str) -> None:
    for reading in readings(text):
        assert len(reading) <= MAX_LENGTH
        assert readings(reading) == [reading]
    assert label(label(text)) == label(text)
