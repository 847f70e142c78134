from __future__ import annotations

import io
import json
from decimal import Decimal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.console import Console

from tenantry.cost import Cost, CostLine
from tenantry.diff import Diff, FieldChange, Money, ResourceChange, StackDiff, print_text, to_json, to_markdown, to_text
from tenantry.diff.markdown import LIMIT, code


def cost(monthly: str, budget: str = "8000", borrowed: str = "0") -> Cost:
    lines = [CostLine("cpu", Decimal(1), "cpu", Decimal(monthly), Decimal(monthly), guaranteed=True)]
    if Decimal(borrowed):
        lines.append(
            CostLine("gpus.borrowed", Decimal(1), "gpu", Decimal(borrowed), Decimal(borrowed), guaranteed=False)
        )
    return Cost(tuple(lines), Decimal(budget))


QUOTA = ResourceChange(
    "urn:q",
    "kubernetes:core/v1:ResourceQuota",
    "ResourceQuota vision/tenant",
    "changed",
    (
        FieldChange('spec.hard["requests.cpu"]', "changed", "64", "96"),
        FieldChange("spec.hard.pods", "added", None, 200.0),
        FieldChange("spec.scopes[]", "removed", "Best Effort"),
        FieldChange("spec.limits", "reordered", ["a", "b"], ["b", "a"]),
    ),
)
BINDING = ResourceChange("urn:b", "t:t:RoleBinding", "RoleBinding vision/viewers", "replaced")
ADDED = ResourceChange("urn:n", "t:t:NetworkPolicy", "NetworkPolicy vision/warehouse", "added")
REMOVED = ResourceChange("urn:r", "t:t:Role", "Role vision/old", "removed")
STACK = StackDiff(
    "vision.sandbox",
    "changed",
    (ADDED, QUOTA, BINDING, REMOVED),
    (FieldChange("cpu", "changed", 64, 96), FieldChange("gpus.h100", "added", None, 2)),
    Money(cost("7000.50", borrowed="10"), cost("8000.75", borrowed="20")),
)
DIFF = Diff((STACK,), compared=3, notes=("Both sides rendered by one code.",))


def test_text() -> None:
    assert to_text(DIFF).splitlines() == [
        "vision.sandbox",
        "  + NetworkPolicy vision/warehouse",
        "  ~ ResourceQuota vision/tenant",
        '      ~ spec.hard["requests.cpu"]: 64 → 96',
        "      + spec.hard.pods: 200",
        '      - spec.scopes[]: "Best Effort"',
        "      ~ spec.limits: the same items in another order",
        "  ± RoleBinding vision/viewers (deleted and created anew)",
        "  - Role vision/old",
        "  ~ quota cpu: 64 → 96",
        "  + quota gpus.h100: 2",
        "  ~ a month: $7,000.50 → $8,000.75 (+$1,000.25)",
        "  ~ a month with every borrowed GPU: $7,010.50 → $8,020.75",
        "  ! The guaranteed quota can cost more than the budget of $8,000.00.",
        "",
        "Blast radius: 1 of 3 stacks: 1 added, 1 changed, 1 replaced, 1 removed.",
        "Both sides rendered by one code.",
    ]


def test_text_of_no_difference() -> None:
    assert to_text(Diff((), compared=3)) == "No rendered resource differs; 3 stacks compared.\n"


def test_text_of_a_tenant_that_leaves() -> None:
    gone = StackDiff("vision.sandbox", "removed", (REMOVED,), money=Money(cost("10"), None))
    assert to_text(Diff((gone,), compared=1)).splitlines()[1:4] == [
        "  - The tenant leaves this environment. Nothing is destroyed by that alone: offboard it.",
        "  - Role vision/old",
        "  ~ a month: $10.00 → nothing (-$10.00)",
    ]


def test_a_changed_text_shows_its_changed_lines() -> None:
    before, after = "a\nb\nc\nd\ne\n", "a\nb\nC\nd\ne\n"
    change = ResourceChange("u", "t", "ConfigMap a", "changed", (FieldChange("data.x", "changed", before, after),))
    text = to_text(Diff((StackDiff("a.sandbox", "changed", (change,)),), compared=1))
    assert text.splitlines()[2:8] == [
        "      ~ data.x:",
        "            …",
        "            b",
        "          - c",
        "          + C",
        "            d",
    ]


def test_long_values_are_cut_and_say_so() -> None:
    long = FieldChange("a", "changed", "x" * 1000, "\n".join(map(str, range(100))))
    short = FieldChange("b", "added", None, "y" * 1000)
    text = to_text(Diff((StackDiff("a.b", "changed", (ResourceChange("u", "t", "T", "changed", (long, short)),)),), 1))
    assert "… 62 more lines of this text" in text
    assert f"{'y' * 160}… (1,000 characters)\n" in text


def test_nothing_in_a_value_acts_on_a_terminal() -> None:
    evil = "\x1b[2J\u202etxt\x07\x9b31m"
    change = ResourceChange("u", "t", f"T {evil}", "changed", (FieldChange(evil, "changed", f"a\n{evil}", evil),))
    text = to_text(Diff((StackDiff("a.b", "changed", (change,)),), compared=1, notes=(evil,)))
    assert [char for char in text if not char.isprintable() and char != "\n"] == []


def test_what_deletes_is_red_and_nothing_else_is() -> None:
    out = io.StringIO()
    print_text(DIFF, Console(file=out, force_terminal=True, color_system="standard", width=40))
    lines = out.getvalue().splitlines()
    deleting = [line for line in lines if any(f"  {mark} " in line for mark in "-±!")]
    assert len(deleting) == 4
    assert [line for line in lines if "31m" in line] == deleting


def test_without_colours_the_console_shows_the_plain_text() -> None:
    out = io.StringIO()
    print_text(DIFF, Console(file=out, width=40))
    assert out.getvalue() == to_text(DIFF)


def test_markup_in_a_value_is_no_markup() -> None:
    evil = Diff((StackDiff("a.b", "changed", (ResourceChange("u", "t", "[red]x[/red] [/oops]", "added"),)),), 1)
    out = io.StringIO()
    print_text(evil, Console(file=out, width=80))
    assert "[red]x[/red] [/oops]" in out.getvalue()


def test_markdown() -> None:
    assert to_markdown(DIFF).splitlines()[:12] == [
        "<!-- tenantry-diff -->",
        "### What this changes",
        "",
        "**Blast radius:** 1 of 3 stacks: 1 added, 1 changed, 1 replaced, 1 removed.",
        "",
        "**Cost:** +$1,000.25 a month, for the guaranteed quota.",
        "",
        "| stack | added | changed | replaced | removed | a month | quota |",
        "|---|--:|--:|--:|--:|--:|---|",
        (
            "| <code>vision.sandbox</code> | 1 | 1 | 1 | 1 | $8,000.75 (+$1,000.25) **over budget** | "
            "<code>cpu&#58; 64 &#8594; 96</code>, <code>&#43; gpus.h100&#58; 2</code> |"
        ),
        "",
        "> <code>Both sides rendered by one code.</code>",
    ]
    fences = [token.content for token in MarkdownIt().parse(to_markdown(DIFF)) if token.type == "fence"]
    assert fences[0].splitlines()[:4] == [
        "+ NetworkPolicy vision/warehouse",
        "! ResourceQuota vision/tenant",
        '!     spec.hard["requests.cpu"]: 64 → 96',
        "+     spec.hard.pods: 200",
    ]


EVIL = "```\n</details>\n<img src=x onerror=alert(1)> @everyone #1 [a](http://x) **b** | `c` _d_ ![i](http://y) ````"


def test_what_a_tenant_writes_stays_inert_in_markdown() -> None:
    fields = (FieldChange(EVIL, "changed", f"{EVIL}\n{EVIL}", f"{EVIL}\n"), FieldChange("a", "added", None, EVIL))
    resource = ResourceChange("u", "t", f"T {EVIL}", "changed", fields)
    stack = StackDiff("a.b", "changed", (resource,), (FieldChange(EVIL, "changed", EVIL, 1),))
    text = to_markdown(Diff((stack,), compared=1, notes=(EVIL,)))
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
    assert [token.type for token in tokens].count("fence") == 1
    outside = [child for token in tokens if token.type == "inline" for child in token.children or []]
    kinds = {child.type for child in outside}
    assert kinds <= {"text", "html_inline", "strong_open", "strong_close", "softbreak", "text_special"}
    assert {child.content for child in outside if child.type == "html_inline"} <= {"<code>", "</code>"}
    html = [token.content for token in tokens if token.type == "html_block"]
    assert "".join(html).count("<details>") == 1
    assert "<img" not in "".join(html)
    # Mentions and references are looked for in what is no code: not one of those characters is outside.
    assert "@" not in "".join(code_free(outside))


def code_free(children: list[Token]) -> list[str]:
    inside, texts = False, []
    for child in children:
        if child.content in ("<code>", "</code>"):
            inside = child.content == "<code>"
        elif not inside:
            texts.append(child.content)
    return texts


def test_inline_code_reads_as_it_was_written() -> None:
    [block] = [token for token in MarkdownIt().parse(code(r"a_b*c|d`e<f>&@g\h [i](j)")) if token.type == "inline"]
    assert "".join(child.content for child in block.children or [] if child.type != "html_inline") == (
        r"a_b*c|d`e<f>&@g\h [i](j)"
    )


def many(stacks: int, lines: int) -> Diff:
    fields = tuple(FieldChange(f"spec.f{index}", "changed", "x" * 80, "y" * 80) for index in range(lines))
    resources = (ResourceChange("u", "t", "T", "changed", fields),)
    return Diff(tuple(StackDiff(f"t{index:04}.prod", "changed", resources) for index in range(stacks)), stacks)


def test_a_comment_is_never_too_long_and_counts_what_it_leaves_out() -> None:
    text = to_markdown(many(1000, 30))
    assert LIMIT - 10_000 < len(text) <= LIMIT
    shown = text.count("<details>")
    assert f"The details of {1000 - shown} stacks are left out here" in text
    assert "… and 900 more stacks: 0 added, 900 changed, 0 replaced, 0 removed." in text


def test_one_long_stack_is_cut_and_counts_what_it_leaves_out() -> None:
    text = to_markdown(many(1, 5000))
    assert LIMIT - 10_000 < len(text) <= LIMIT
    shown = text.count("spec.f")
    assert f"# … {5000 - shown} more lines are left out here" in text
    assert text.rstrip().endswith("</details>")


def test_the_most_dangerous_stack_stands_first() -> None:
    calm = StackDiff("a.prod", "changed", (ADDED, QUOTA))
    dangerous = StackDiff("b.prod", "changed", (REMOVED,))
    text = to_markdown(Diff((calm, dangerous), compared=2))
    assert text.index("b.prod") < text.index("a.prod")


def test_markdown_of_no_difference() -> None:
    assert to_markdown(Diff((), compared=3)) == (
        "<!-- tenantry-diff -->\n### What this changes\n\n"
        "**Blast radius:** 0 of 3 stacks: 0 added, 0 changed, 0 replaced, 0 removed.\n"
    )


def test_json() -> None:
    shape = to_json(DIFF)
    assert json.loads(json.dumps(shape)) == shape
    assert {key: shape[key] for key in ("version", "compared", "counts", "notes")} == {
        "version": 1,
        "compared": 3,
        "counts": {"added": 1, "changed": 1, "replaced": 1, "removed": 1},
        "notes": ["Both sides rendered by one code."],
    }
    [stack] = shape["stacks"]
    assert stack["resources"][3] == {
        "urn": "urn:r",
        "type": "t:t:Role",
        "title": "Role vision/old",
        "change": "removed",
        "fields": [],
    }
    assert stack["cost"]["after"] == {
        "guaranteed_usd": "8000.75",
        "ceiling_usd": "8020.75",
        "budget_usd": "8000",
        "over_budget": True,
        "lines": [
            {
                "what": "cpu",
                "quantity": "1",
                "unit": "cpu",
                "unit_price": "8000.75",
                "monthly_usd": "8000.75",
                "guaranteed": True,
                "install": "",
            },
            {
                "what": "gpus.borrowed",
                "quantity": "1",
                "unit": "gpu",
                "unit_price": "20",
                "monthly_usd": "20",
                "guaranteed": False,
                "install": "",
            },
        ],
    }


def with_pipelines(monthly: str, gib: str = "2.8144") -> Cost:
    """The same, with an install."""
    amounts = {"cpu": ("0.724", "cpu"), "memory": (gib, "GiB")}
    lines = [
        CostLine(
            f"pipelines.{what}", Decimal(much), unit, Decimal(1), Decimal(monthly), guaranteed=True, install="pipelines"
        )
        for what, (much, unit) in amounts.items()
    ]
    return Cost((*cost("10").lines, *lines), Decimal(8000))


def test_an_install_is_shown_when_it_comes_goes_or_changes() -> None:
    def shown(before: Cost | None, after: Cost | None) -> list[str]:
        stack = StackDiff("vision.sandbox", "changed", (), (), Money(before, after))
        return [line.strip() for line in to_text(Diff((stack,))).splitlines() if "pipelines" in line]

    one = "pipelines itself: 0.724 cpu, 2.814 GiB of memory, $20.00 a month"
    assert shown(cost("10"), with_pipelines("10")) == [f"+ {one}"]
    assert shown(with_pipelines("10"), cost("10")) == [f"- {one}"]
    larger = "~ pipelines itself: 0.724 cpu, 4 GiB of memory, $20.00 a month"
    assert shown(with_pipelines("10"), with_pipelines("10", "4")) == [larger]
    assert shown(with_pipelines("10"), with_pipelines("10")) == []
