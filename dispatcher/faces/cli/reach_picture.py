"""The proof of reach as a picture: audiences down, vendors across, in each cell how many the loss would silence.

Drawn once for light and for dark: which of them is shown is left to whoever looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dispatcher.faces.cli.errors import Stop
from dispatcher.faces.reaching import Proof
from dispatcher.plan.reach import Loss

#: What each colour becomes in the dark.
_DARK = {
    "#ffffff": "#15191c",
    "#1f2933": "#e6e9ec",
    "#52606d": "#a9b3bc",
    "#e8f1ee": "#1d2d28",
    "#fbe9b7": "#5a4510",
    "#f4b7a8": "#7d2617",
}
_PAPER, _INK, _QUIET, _WELL, _FRAIL, _LOST = _DARK
NOTHING_LOST = "(nothing lost)"


def draw(proofs: Sequence[Proof], file: Path) -> None:
    """Write the picture as SVG.

    Raises:
        Stop: the libraries that draw are not installed, or the file cannot be written.
    """
    try:
        import altair as alt
        import vl_convert
    except ImportError:
        raise Stop("drawing needs two more libraries: pip install 'outage-dispatcher[charts]'") from None
    rows = cells(proofs)
    if not rows:
        raise Stop("there are no people yet, so there is nothing to draw: run `dispatcher recipients import FILE.csv`")
    svg = _light_and_dark(vl_convert.vegalite_to_svg(_chart(alt, rows).to_dict()))
    try:
        file.write_text(svg, encoding="utf-8")
    except OSError as error:
        raise Stop(f"cannot write {file}: {error.strerror}") from None


def cells(proofs: Sequence[Proof]) -> list[dict[str, Any]]:
    """One cell for each audience and each vendor that matters to any of them, and what is so while nothing is lost."""
    found = [proof for proof in proofs if proof.reach.people]
    vendors = sorted({loss.vendors[0] for proof in found for loss in proof.reach.singles})
    rows = []
    for proof in found:
        losses = {loss.vendors[0]: loss for loss in proof.reach.singles}
        who = f"{proof.audience} ({proof.reach.people:,}) by {', '.join(proof.playbooks)}"
        rows.append(_cell(who, NOTHING_LOST, proof.reach.whole, proof.reach.people))
        rows += [_cell(who, name, losses.get(name, proof.reach.whole), proof.reach.people) for name in vendors]
    return rows


def _cell(who: str, vendor: str, loss: Loss, people: int) -> dict[str, Any]:
    if loss.unreachable:
        state, said = "nobody can tell them", f"✕ {loss.unreachable:,}"
    elif loss.mail_alone:
        state, said = "mail alone", f"! {loss.mail_alone:,}"
    else:
        state, said = "everybody is reached", "0"
    return {"who": who, "vendor": vendor, "state": state, "said": said, "people": people}


def _chart(alt: Any, rows: list[dict[str, Any]]) -> Any:
    vendors = list(dict.fromkeys(row["vendor"] for row in rows))
    x = alt.X("vendor:N", title="without", sort=vendors, axis=alt.Axis(orient="top", labelAngle=-40))
    y = alt.Y("who:N", title=None, sort=None, axis=alt.Axis(labelLimit=420))
    states = alt.Scale(
        domain=["everybody is reached", "mail alone", "nobody can tell them"], range=[_WELL, _FRAIL, _LOST]
    )
    legend = alt.Legend(title=None, orient="bottom", symbolType="square", symbolSize=160)
    base = alt.Chart(
        alt.Data(values=rows),
        title=alt.Title(
            "Who would not be told",
            subtitle="✕ so many are reached by nothing, ! so many by mail alone, 0 everybody otherwise too",
        ),
    )
    squares = base.mark_rect(stroke=_PAPER, strokeWidth=3, cornerRadius=4).encode(
        x=x, y=y, color=alt.Color("state:N", scale=states, legend=legend)
    )
    words = base.mark_text(color=_INK, fontSize=12).encode(x=x, y=y, text="said:N")
    return (
        (squares + words)
        .properties(width=alt.Step(66), height=alt.Step(34))
        .configure(background=_PAPER, padding=16, font="Helvetica, Arial, sans-serif")
        .configure_title(anchor="start", color=_INK, subtitleColor=_QUIET, fontSize=15, subtitleFontSize=12, offset=14)
        .configure_axis(labelColor=_INK, titleColor=_QUIET, domain=False, ticks=False, labelPadding=8, labelFontSize=12)
        .configure_legend(labelColor=_INK, labelFontSize=12)
        .configure_view(stroke=None)
    )


def _light_and_dark(svg: str) -> str:
    """A rule of style goes before an attribute: so each colour is exchanged where the dark is wished for."""
    rules = "".join(f'[{at}="{light}"]{{{at}:{dark}}}' for light, dark in _DARK.items() for at in ("fill", "stroke"))
    style = f"<style>@media (prefers-color-scheme: dark){{{rules}}}</style>"
    head, end, rest = svg.partition(">")
    return f"{head}{end}{style}{rest}\n"
