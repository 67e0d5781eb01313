"""The generated people."""

from services.customers.people import people as generate
from tests.services.customers.conftest import PEOPLE, seed_people
from tests.services.database import ShopDatabase

_EVERYBODY = "SELECT * FROM customers.customer ORDER BY id"


async def test_a_second_run_adds_nobody_and_a_larger_count_adds_the_rest(people: ShopDatabase) -> None:
    before = await people.execute(_EVERYBODY)
    assert await seed_people(people, PEOPLE) == 0
    assert await seed_people(people, PEOPLE + 10) == 10
    assert await seed_people(people, PEOPLE) == 0
    after = await people.execute(_EVERYBODY)
    assert after[:PEOPLE] == before
    assert [row["id"] for row in after] == list(range(1, PEOPLE + 11))


async def test_a_gap_is_filled_with_the_same_person(people: ShopDatabase) -> None:
    before = await people.execute(_EVERYBODY)
    await people.execute("DELETE FROM customers.customer WHERE id IN (3, 50)")
    assert await seed_people(people, PEOPLE) == 2
    assert await people.execute(_EVERYBODY) == before


async def test_nobody_at_all_is_a_count_too(nobody: ShopDatabase) -> None:
    assert await seed_people(nobody, 0) == 0
    assert not await nobody.execute(_EVERYBODY)


async def test_ids_go_on_after_the_generated_people(people: ShopDatabase) -> None:
    row = await people.execute(
        "INSERT INTO customers.customer (name, email, city, country) VALUES ('A', 'a@b', 'C', 'DE') RETURNING id",
        role="customers",
    )
    assert row[0]["id"] == PEOPLE + 1


def test_the_same_id_is_the_same_person_whoever_else_there_is() -> None:
    assert list(generate([70_000])) == list(generate(range(69_990, 70_001)))[-1:]


def test_ten_thousand_people_differ_and_their_addresses_are_plain() -> None:
    emails = {person[2] for person in generate(range(1, 10_001))}
    assert len(emails) == 10_000
    assert all(email.isascii() and email.endswith("@example.com") for email in emails)
    assert all(part for email in emails for part in email.removesuffix("@example.com").split("."))
