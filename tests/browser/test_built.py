"""What the front-end build assembles is whole and small."""

import gzip
import re
from pathlib import Path

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms

ROOT = Path(__file__).resolve().parent.parent.parent
DIST = ROOT / "static" / "dist"


class EveryField(forms.Form):
    text = forms.CharField(help_text="Help", required=True)
    long = forms.CharField(widget=forms.Textarea)
    one = forms.ChoiceField(choices=[("a", "A")])
    some = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)
    pick = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)
    yes = forms.BooleanField()
    day = forms.DateField()
    file = forms.FileField()

    def clean(self) -> None:
        self.add_error(None, "Together they make no sense.")


@pytest.mark.parametrize(
    ("name", "most"), [("app.css", 16_000), ("app.js", 20_000), ("sortable.js", 13_000), ("icons.svg", 8_000)]
)
def test_it_is_small(name: str, most: int) -> None:
    assert len(gzip.compress((DIST / name).read_bytes(), 9)) < most


def test_each_weight_of_type_is_a_small_font_that_is_fetched_early() -> None:
    """A font asked for late has the browser lay the page out a second time."""
    worn = re.findall(r"url\((inter-\d+\.woff2)\)", (DIST / "app.css").read_text())
    early = re.findall(r"dist/(inter-\d+\.woff2)", (ROOT / "templates/ui/head.html").read_text())
    assert worn == early
    assert {path.name for path in DIST.glob("*.woff2")} == set(worn)
    assert all((DIST / name).stat().st_size < 23_000 for name in worn)


def test_nothing_points_at_a_source_map() -> None:
    pointing = [path.name for path in DIST.glob("*.*s") if "sourceMappingURL" in path.read_text()]
    assert pointing == []


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (DIST / "icons.svg").read_text()))
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{%\s*icon\s+"([^"]+)"', path.read_text())
    }
    assert named - drawn == set()


def test_every_form_class_that_says_something_is_styled() -> None:
    page = render_crispy_form(EveryField({}))
    written = {name for names in re.findall(r'class="([^"]*)"', page) for name in names.split()}
    styled = set(re.findall(r"\.([A-Za-z][\w-]*)", (DIST / "app.css").read_text()))
    speaking = {
        "form-control",
        "form-select",
        "form-label",
        "form-check",
        "form-check-input",
        "form-check-label",
        "form-text",
        "is-invalid",
        "invalid-feedback",
        "alert",
        "asteriskField",
    }
    assert speaking - written == set()
    assert speaking - styled == set()
