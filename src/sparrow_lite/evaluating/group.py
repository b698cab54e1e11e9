"""A group of commands in which a first word that is no command's name begins the group's own command."""

import click


class DefaultGroup(click.Group):
    """`eval SUITE...` runs `eval run SUITE...`; `eval check` and the others keep their names."""

    default = "run"

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Return the arguments that are left, the default command's name put before its own."""
        if args and args[0] not in {*self.commands, *ctx.help_option_names}:
            args = [self.default, *args]
        return super().parse_args(ctx, args)
