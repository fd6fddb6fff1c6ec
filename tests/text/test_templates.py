from contextlib import suppress

import pytest
from hypothesis import given

from harness.text.templates import LONGEST, BadTemplate, render_template
from tests.text.anything import texts

VALUES = {
    "persona": {
        "name": "乔四更",
        "facts": {"ear": "左耳聋了。", "goose": "大白鹅名叫“捕头”。"},
        "voice": {"calls_self": ["老婆子", "我"]},
    }
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("No marks at all", "No marks at all", id="plain"),
        pytest.param("你是{{ persona.name }}。", "你是乔四更。", id="value"),
        pytest.param('{{ persona.voice.calls_self | join("或") }}', "老婆子或我", id="filter"),
        pytest.param(
            "{% for fact in persona.facts.values() %}\n- {{ fact }}\n{% endfor %}\nend",
            "- 左耳聋了。\n- 大白鹅名叫“捕头”。\nend",
            id="loop-leaves-no-blank-lines",
        ),
        pytest.param('{% if persona.name == "x" %}a{% else %}b{% endif %}', "b", id="choice"),
        pytest.param("{% raw %}{{ not ours }}{% endraw %}", "{{ not ours }}", id="raw"),
        pytest.param("{# a note #}", "", id="comment"),
        pytest.param("{{ 6 * 7 }}", "42", id="numbers-multiply"),
        pytest.param("<b>{{ persona.name }} & co", "<b>乔四更 & co", id="nothing-is-escaped-for-html"),
        pytest.param("a { b } c", "a { b } c", id="braces"),
    ],
)
def test_a_template_renders_what_it_is_given(source: str, expected: str) -> None:
    assert render_template(source, VALUES) == expected


@pytest.mark.parametrize(
    ("source", "message", "line"),
    [
        pytest.param("a\nb\n{{ nope }}", "'nope' is not defined", 3, id="undefined-name"),
        pytest.param("a\n{{ persona.nam }}", "'nam' is not defined", 2, id="undefined-field"),
        pytest.param("{{ persona.nam.x }}", "'nam' is not defined", 1, id="undefined-further-in"),
        pytest.param("{{ persona.voice.calls_self[9] }}", "has no element 9", 1, id="beyond-the-end"),
        pytest.param("a\n\n{% for x in %}{% endfor %}", "Expected an expression", 3, id="syntax"),
        pytest.param("a\n{% if true %}", "endif", 2, id="never-closed"),
        pytest.param("a\n{{ persona | shout }}", "No filter named 'shout'", 2, id="unknown-filter"),
        pytest.param("{{", "unexpected", 1, id="cut-off"),
        pytest.param("a\n{{ 1 / 0 }}", "division by zero", 2, id="division"),
        pytest.param("{{ persona.name | dictsort }}", "no attribute 'items'", 1, id="filter-of-wrong-type"),
        pytest.param("{{ persona.name() }}", "not callable", 1, id="call-of-a-text"),
        pytest.param("{% include 'x' %}", "no loader", 1, id="include"),
        pytest.param("{% for i in [1] %}" * 30 + "{% endfor %}" * 30, "too many", None, id="nested-too-deep"),
        pytest.param("{{" + "(" * 5000 + "1" + ")" * 5000 + "}}", "recursion", None, id="brackets-too-deep"),
    ],
)
def test_a_wrong_template_says_what_and_where(source: str, message: str, line: int | None) -> None:
    with pytest.raises(BadTemplate, match=message) as caught:
        render_template(source, VALUES)

    assert line is None or caught.value.line == line


@pytest.mark.parametrize(
    "source",
    [
        "{{ persona.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ persona | attr('__class__') }}",
        "{{ '{0.__class__}'.format(persona) }}",
        "{{ '{x.__class__}'.format_map({'x': 1}) }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__ }}",
        "{{ range.__self__ }}",
        "{{ persona.items.__self__ }}",
        "{{ persona['__class__'].x }}",
        "{{ persona.update({'name': 'x'}) }}",
        "{{ persona.voice.calls_self.append('x') }}",
        "{{ persona.clear() }}",
    ],
)
def test_a_template_reaches_neither_into_python_nor_changes_what_it_is_given(source: str) -> None:
    with pytest.raises(BadTemplate):
        render_template(source, VALUES)

    assert VALUES["persona"]["name"] == "乔四更"


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a' * 999999999 }}",
        "{{ 999999999 * 'a' }}",
        "{{ [1] * 999999999 }}",
        "{{ 9 ** 99999999 }}",
        "{{ range(999999999) | list }}",
        "{{ 'a'.ljust(999999999999999) }}",
        "{% for i in range(100000) %}{{ 'x'.center(100) }}{% endfor %}",
        "{{ 'a'.zfill(3000000) }}",
    ],
)
def test_a_template_that_would_fill_the_memory_is_refused(source: str) -> None:
    with pytest.raises(BadTemplate):
        render_template(source, VALUES)


@pytest.mark.parametrize(
    ("source", "unknown"),
    [("{{ nope }}", "nope"), ("{{ persona.nam }}", "nam"), ("{{ persona.voice.calls_self[9] }}", None), ("{{", None)],
)
def test_a_name_that_is_not_defined_is_known_to_whoever_suggests_another(source: str, unknown: str | None) -> None:
    with pytest.raises(BadTemplate) as caught:
        render_template(source, VALUES)

    assert caught.value.unknown == unknown


def test_a_result_may_be_as_long_as_the_limit_and_no_longer() -> None:
    piece = "{% for i in range(1000) %}{{ x }}{% endfor %}"

    assert len(render_template(piece, {"x": "龙" * (LONGEST // 1000)})) == LONGEST
    with pytest.raises(BadTemplate, match="2,000,000 characters"):
        render_template(piece + "!", {"x": "龙" * (LONGEST // 1000)})


@given(texts)
def test_values_are_text_and_never_templates(text: str) -> None:
    assert render_template("[{{ x }}]", {"x": text}) == f"[{text}]"


@given(texts.map(lambda text: "{{" + text) | texts.map(lambda text: "{% " + text + " %}"))
def test_any_template_renders_or_is_refused(source: str) -> None:
    with suppress(BadTemplate):
        render_template(source, VALUES)
