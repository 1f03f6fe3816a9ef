"""Who a command acts as: Convenor itself, or the person whose e-mail is given."""

from __future__ import annotations

import click

from convenor.base.actor import Actor
from convenor.base.models import User
from convenor.people.queries.actors import actor_for


class As(click.ParamType[Actor]):
    """The e-mail of an account."""

    name = "e-mail"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Actor:
        if isinstance(value, Actor):
            return value
        user = User.objects.filter(email__iexact=str(value).strip(), is_active=True).first()
        if user is None:
            self.fail(f"Nobody signs in as {value!r}.", param, ctx)
        return actor_for(user)


as_option = click.option(
    "--as",
    "actor",
    type=As(),
    default=lambda: Actor.system("the command line"),
    help="See and do what this person may. [default: everything]",
)
