"""What can be set, called, opened or made is described, and nothing else is."""

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from django.urls import URLResolver, get_resolver

from convenor import settings
from convenor.cli import root
from convenor.cli.group import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
# Django's own and allauth's: the sign-in pages are theirs, and theirs to describe.
FOREIGN_URLS = re.compile(r"^(account_|socialaccount_|mfa_|set_language$)")


def words_in_code(page: Path) -> set[str]:
    """What stands between backticks."""
    return set(re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8")))


def commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


ALL_COMMANDS = dict(commands(root, "convenor"))


def section(page: str, heading: str) -> str:
    """The text below `## heading`, up to the next heading of its kind."""
    found = re.search(rf"^## `{re.escape(heading)}[^`]*`\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    return found.group(1) if found else ""


def test_every_setting_is_described_and_every_description_is_a_setting() -> None:
    described = {
        word
        for word in words_in_code(DOCS / "settings.md")
        if re.fullmatch(r"(CONVENOR|DATABASE)_[A-Z_]+", word)
    }
    assert described == settings.env.known


def test_every_command_is_described_and_every_description_is_a_command() -> None:
    headings = re.findall(
        r"^## `(convenor [a-z-]+(?: [a-z]+)?)", (DOCS / "commands.md").read_text(), re.MULTILINE
    )
    assert sorted(headings) == sorted(ALL_COMMANDS)


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_every_option_is_described_and_every_description_is_an_option(name: str) -> None:
    options = {
        opt
        for parameter in ALL_COMMANDS[name].params
        if isinstance(parameter, click.Option)
        for opt in parameter.opts
        if opt.startswith("--")
    }
    described = re.findall(
        r"^\| `(--[a-z-]+)", section((DOCS / "commands.md").read_text(), name), re.MULTILINE
    )
    assert sorted(described) == sorted(options)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_each_says_itself(name: str) -> None:
    command = root.get_command(click.Context(root), name)
    assert command is not None
    assert command.help is not None
    assert command.help.partition("\n")[0] == COMMANDS[name][1]


def url_names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from url_names(entry, inner)
        elif entry.name:
            yield f"{namespace}{entry.name}"


def test_every_address_is_described_and_every_description_is_an_address() -> None:
    ours = {name for name in url_names(get_resolver()) if not FOREIGN_URLS.match(name)}
    described = re.findall(
        r"^\| `([\w:.-]+)` \|", (DOCS / "screens.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(described) == sorted(ours)


def test_every_make_target_is_described() -> None:
    declared = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert declared is not None
    described = {
        word.split()[1] for word in words_in_code(ROOT / "CONTRIBUTING.md") if word.startswith("make ")
    }
    assert described == set(declared.group(1).split())
    assert {"make demo", "make test"} <= set(
        re.findall(r"^    (make \w+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    )


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=~! ]", requirement, maxsplit=1)[0] for requirement in requirements}


def test_every_dependency_is_described_and_every_description_is_a_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    rows = re.findall(r"^\| ([^|]+) \|", (DOCS / "dependencies.md").read_text(encoding="utf-8"), re.MULTILINE)
    described = {name for row in rows for name in row.split(", ")} - {"Package", "---"}
    front_end = set(json.loads((ROOT / "package.json").read_text())["devDependencies"])
    wanted = names(project["project"]["dependencies"]) | names(project["dependency-groups"]["dev"])
    for extra in project["project"].get("optional-dependencies", {}).values():
        wanted |= names(extra)
    assert described == wanted | front_end


@pytest.mark.parametrize(
    "page", sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")]), ids=lambda page: page.name
)
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if not (page.parent / target).exists()] == []
