"""`winnow rule`: try rules before they are used."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from winnow import bootstrap
from winnow.core.plan import kinds_of
from winnow.core.rule_lint import lint_rules
from winnow.core.rules import failing_examples
from winnow.shells.cli import rule_draft
from winnow.shells.cli.console import output, printable

app = typer.Typer(help="Rules: conditions over signals that give points or ask for an outcome.", no_args_is_help=True)
app.command("draft")(rule_draft.draft)
File = Annotated[Path | None, typer.Argument(help="Ruleset file (TOML); the starter ruleset when left out.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

#: Exit code when something was found.
FOUND = 3


@app.command()
def test(file: File = None, as_json: AsJson = False) -> None:
    """Run the examples of every rule; exits with 3 when one does not hold."""
    rules, signals = bootstrap.load_rules(file)
    kinds = kinds_of(signals)
    failures = {rule.id: failing_examples(rule, kinds) for rule in rules}
    if as_json:
        output.data([{"rule": name, "ok": not failed, "failures": list(failed)} for name, failed in failures.items()])
    else:
        for rule in rules:
            failed = failures[rule.id]
            mark = Text("FAILED " if failed else "ok     ", style="bold red" if failed else "green")
            output.out.print(mark + Text(printable(f"{rule.id}: {len(rule.examples)} examples"), style=""))
            for failure in failed:
                output.out.print(Text(f"       {printable(failure)}"))
    if any(failures.values()):
        raise typer.Exit(FOUND)


@app.command()
def lint(file: File = None, as_json: AsJson = False) -> None:
    """Look for rules that are refused, odd or idle; exits with 3 when there are any."""
    rules, signals = bootstrap.load_rules(file)
    findings = lint_rules(rules, kinds_of(signals), bootstrap.clock().now())
    if as_json:
        output.data(
            [{"rule": each.rule_id, "code": each.code, "text": each.text, "fix": each.fix} for each in findings]
        )
    else:
        for finding in findings:
            output.out.print(Text(printable(str(finding))))
        output.say(f"{len(findings)} findings" if findings else "nothing to find fault with")
    if findings:
        raise typer.Exit(FOUND)
