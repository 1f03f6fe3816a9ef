"""Whom an actor may stand for, and the table of rights."""

import ast
from pathlib import Path

import pytest

from convenor.base import permissions
from convenor.base.actor import Actor, Refused
from convenor.base.enums import Role, Scope
from convenor.base.models import Job, User
from convenor.base.permissions import PERMISSIONS, UnknownVerb, may, register, require, rule
from scripts.write_permissions import BEGIN, PAGE, page

ROOT = Path(__file__).resolve().parent.parent.parent
ME, CHAIR, MANAGER, BOSS, STRANGER = range(1, 6)
DELEGATE = Actor(
    user_id=1,
    person_id=ME,
    role=Role.ORGANISER,
    name="Alice",
    principals={CHAIR: Scope.SEE, MANAGER: Scope.PROPOSE, BOSS: Scope.ACT},
)


@pytest.mark.parametrize(
    ("person", "sees", "proposes", "acts"),
    [
        (ME, True, True, True),
        (CHAIR, True, False, False),
        (MANAGER, True, True, False),
        (BOSS, True, True, True),
        (STRANGER, False, False, False),
    ],
)
def test_a_scope_includes_the_one_before_it(person: int, sees: bool, proposes: bool, acts: bool) -> None:
    assert DELEGATE.may_see_for(person) is sees
    assert DELEGATE.may_propose_for(person) is proposes
    assert DELEGATE.may_act_for(person) is acts


def test_acting_for_somebody_names_both() -> None:
    standing = DELEGATE.acting_for(BOSS, "The boss")
    assert (standing.name, standing.on_behalf_of, standing.on_behalf_of_name) == ("Alice", BOSS, "The boss")
    with pytest.raises(Refused) as refused:
        DELEGATE.acting_for(MANAGER, "The manager")
    assert str(refused.value) == "You may not act in this person's name."


def test_the_system_stands_for_everybody_and_nobody_for_no_one() -> None:
    assert Actor.system("import").may_act_for(STRANGER)
    assert not Actor.nobody().may_see_for(STRANGER)
    assert not Actor.nobody().is_signed_in
    assert len({DELEGATE, Actor.nobody(), Actor.nobody()}) == 2


def actor(role: Role, user_id: int) -> Actor:
    return Actor(user_id=user_id, person_id=None, role=role, name=str(role.label))


ALICE, BOB = actor(Role.ORGANISER, 1), actor(Role.ORGANISER, 2)
CHARLIE, CAROL, DORA = actor(Role.VIEWER, 3), actor(Role.COORDINATOR, 4), actor(Role.ADMINISTRATOR, 5)
OUTSIDER = Actor.nobody()
EVERYBODY = {
    "alice": ALICE,
    "bob": BOB,
    "charlie": CHARLIE,
    "carol": CAROL,
    "dora": DORA,
    "outsider": OUTSIDER,
}
HERS = {"user": User(pk=1), "job": Job(pk=9, requested_by_id=1)}


@pytest.mark.parametrize(
    ("verb", "allowed"),
    [
        ("audit.see", {"carol", "dora"}),
        ("job.see", {"alice", "carol", "dora"}),
        ("job.cancel", {"alice", "carol", "dora"}),
        ("outbox.see", {"carol", "dora"}),
        ("outbox.retry", {"carol", "dora"}),
        ("settings.edit", {"dora"}),
        ("user.see", {"alice", "carol", "dora"}),
        ("user.edit", {"alice", "dora"}),
        ("user.set_role", {"dora"}),
    ],
)
def test_who_may(verb: str, allowed: set[str]) -> None:
    hers = HERS.get(verb.partition(".")[0])
    assert {name for name, who in EVERYBODY.items() if may(who, verb, hers)} == allowed


def test_without_an_object_only_the_role_counts() -> None:
    assert not may(ALICE, "job.see")
    assert may(CAROL, "job.see")


def test_refusal_is_a_sentence() -> None:
    require(DORA, "settings.edit")
    with pytest.raises(Refused, match="Settings are for administrators") as refused:
        require(ALICE, "settings.edit")
    assert refused.value.verb == "settings.edit"
    with pytest.raises(Refused, match="You are not allowed to do that"):
        require(BOB, "user.edit", HERS["user"])


def test_a_verb_outside_the_table_is_an_error() -> None:
    with pytest.raises(UnknownVerb, match=r"meeting\.fly"):
        may(DORA, "meeting.fly")


def test_a_row_is_registered_once_and_a_sentence_needs_its_row() -> None:
    with pytest.raises(ValueError, match=r"already in the table: audit\.see"):
        register({"audit.see": permissions.signed_in})
    with pytest.raises(ValueError, match=r"a sentence without a row: moon\.see"):
        register({}, {"moon.see": "No moon."})
    assert "moon.see" not in PERMISSIONS


def test_the_words_of_a_rule() -> None:
    owl = rule("a night owl")(lambda actor: actor.user_id == 1)
    lark = rule("a lark")(lambda actor: actor.user_id == 2)
    boss = permissions.administrator
    words = {
        owl: "a night owl",
        ~owl: "not a night owl",
        owl | lark | boss: "a night owl or a lark or an administrator",
        owl & (lark & ~boss): "a night owl and a lark and not an administrator",
        (owl & lark) | boss: "(a night owl and a lark) or an administrator",
        ~(owl | lark) & boss: "not (a night owl or a lark) and an administrator",
    }
    assert {permissions._words(predicate): said for predicate, said in words.items()} == {
        s: s for s in words.values()
    }


TREES = {
    path: ast.parse(path.read_text(encoding="utf-8"))
    for path in (ROOT / "src" / "convenor").rglob("*.py")
    if path != Path(permissions.__file__)
}
FUNCTIONS = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def passes_it_on(function: ast.FunctionDef) -> bool:
    """Whether a function asks the table for the verb that it was handed as a parameter called `verb`."""
    return "verb" in [argument.arg for argument in function.args.args] and any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"may", "require"}
        and isinstance(node.args[1], ast.Name)
        for node in ast.walk(function)
    )


# Functions that take a verb, and which of their arguments it is
PLACES = {"may": 1, "require": 1} | {
    function.name: [argument.arg for argument in function.args.args].index("verb")
    for function in FUNCTIONS
    if passes_it_on(function)
}


def verbs(node: ast.expr) -> list[str | None]:
    """The verb, or both of a choice between two; None for what can only be known at run time."""
    if isinstance(node, ast.IfExp):
        return [*verbs(node.body), *verbs(node.orelse)]
    if (node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")) == "verb":
        return []  # handed in: the calls that hand it in are looked at
    return [node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None]


def asked(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call that are verbs."""
    named = [keyword.value for keyword in call.keywords if keyword.arg == "verb"]
    if not isinstance(call.func, ast.Name) or call.func.id not in PLACES:
        return named
    return [*call.args[PLACES[call.func.id] : PLACES[call.func.id] + 1], *named]


def test_every_verb_in_the_code_is_a_literal_row_of_the_table() -> None:
    used = [
        (f"{path.name}:{node.lineno}", verb)
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for argument in asked(node)
        for verb in verbs(argument)
    ]
    defaults = [
        (function.name, verb)
        for function in FUNCTIONS
        if function.name in PLACES
        for argument, default in zip(function.args.args[::-1], function.args.defaults[::-1], strict=False)
        if argument.arg == "verb"
        for verb in verbs(default)
    ]
    assert len(used) > 10
    assert [found for found in used + defaults if found[1] not in PERMISSIONS] == []


def test_the_page_shows_the_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert BEGIN in text
    assert text == page(text, permissions.as_markdown()), "run: python scripts/write_permissions.py"


@pytest.mark.parametrize(
    ("role", "is_outsider", "may_organise"),
    [
        (Role.ORGANISER, False, True),
        (Role.COORDINATOR, False, True),
        (Role.VIEWER, False, False),
        (Role.ORGANISER, True, False),
    ],
)
def test_organisers_are_staff_who_may_do_more_than_look(
    role: Role, is_outsider: bool, may_organise: bool
) -> None:
    actor = Actor(user_id=1, person_id=ME, role=role, name="A", is_outsider=is_outsider)
    assert permissions.organiser.test(actor) is may_organise
    assert may(actor, "meeting.organise") is may_organise
