"""What a judge claims must be in the transcript, or it counts for nothing."""

import pytest

from harness.core.taxonomy import FAILURES
from tests.build import criterion, exchange, rubric, scenario

from .bench import LINES, answer, case, grade, judged, only, unscored, violation

NO_GRADE = {"quote": "Wipe your boots", "reason": "x"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        pytest.param(grade(3), "off_menu", id="off-the-menu"),
        pytest.param(grade(-1), "off_menu", id="below-the-menu"),
        pytest.param(grade(True), "off_menu", id="a-truth-value"),
        pytest.param(grade("good"), "off_menu", id="text"),
        pytest.param(grade(1.5), "off_menu", id="a-fraction"),
        pytest.param(grade("2/10"), "off_menu", id="another-scale"),
        pytest.param(grade([2]), "off_menu", id="a-list"),
        pytest.param(grade(None), "off_menu", id="null"),
        pytest.param(NO_GRADE, "off_menu", id="no-grade"),
        pytest.param(None, "missing", id="no-item"),
        pytest.param(grade(quote=""), "no_citation", id="empty-quote"),
        pytest.param(grade(quote=" \n"), "no_citation", id="blank-quote"),
        pytest.param(grade(quote=None), "no_citation", id="null-quote"),
        pytest.param(grade(quote=["Wipe"]), "no_citation", id="list-for-a-quote"),
        pytest.param({"reason": "x", "grade": 2}, "no_citation", id="no-quote"),
        pytest.param(grade(quote="He pours the ale and smiles."), "citation_not_found", id="invented-quote"),
        pytest.param(grade(quote="。"), "citation_not_found", id="one-mark"),
        pytest.param(grade(quote="W"), "citation_not_found", id="one-letter"),
        pytest.param(grade(reason=""), "no_reason", id="empty-reason"),
        pytest.param(grade(reason=7), "no_reason", id="number-for-a-reason"),
    ],
)
async def test_a_grade_counts_only_if_it_is_on_the_menu_with_a_citation_and_a_reason(
    given: object, reason: str
) -> None:
    verdict = await judged(answer({"voice": given} if given is not None else {"other": grade()}))

    rating = only(verdict.ratings)
    assert (rating.value, rating.unscored, rating.grade) == (None, reason, None)


@pytest.mark.parametrize(
    ("quote", "turn"),
    [
        pytest.param("Wipe your boots, friend.", 1, id="to-the-letter"),
        pytest.param("  wipe YOUR boots…", 1, id="other-case"),
        pytest.param("“Wipe your boots, freind.”", 1, id="a-slip-of-the-pen"),
        pytest.param("客官里边坐，井水刚烧开", 2, id="chinese"),
        pytest.param("客官里边坐,井水刚烧开。", 2, id="half-width-comma"),
        pytest.param("which road is open", 3, id="the-users-line"),
    ],
)
async def test_a_citation_is_found_where_it_stands(quote: str, turn: int) -> None:
    rating = only((await judged(answer({"voice": grade(1, quote)}))).ratings)

    assert (rating.value, rating.cited_turn) == (0.5, turn)


async def test_a_line_is_looked_for_at_its_own_turn_first() -> None:
    of = case("Aye, friend.", "No.", "Aye, friend.")
    per_turn = rubric(per_turn=True)
    grades = {f"voice_{turn}": grade(2, "Aye, friend") for turn in (1, 2, 3)}

    verdict = await judged(answer(grades), of=of, by=per_turn)

    assert [rating.cited_turn for rating in verdict.ratings] == [1, None, 3]
    assert unscored(verdict) == [None, "cited_elsewhere", None]


TRUNCATED = exchange(2, "客官里边坐，井水刚烧", "truncated")


@pytest.mark.parametrize("dimension", ["form", "agency"])
@pytest.mark.parametrize("quote", ["井水刚烧", "讨口水喝", "Wipe your boots"], ids=["own", "users", "other-reply"])
async def test_a_reply_that_was_cut_off_is_unscored_for_form_and_agency_whatever_is_cited(
    dimension: str, quote: str
) -> None:
    sheet = rubric(criterion(dimension), per_turn=True)  # type: ignore[arg-type]
    grades = {f"{dimension}_{turn}": grade(2, quote if turn == 2 else LINES[turn - 1]) for turn in (1, 2, 3)}

    verdict = await judged(answer(grades), of=case(LINES[0], TRUNCATED, LINES[2]), by=sheet)

    assert unscored(verdict) == [None, "truncated", None]


async def test_a_reply_that_was_cut_off_is_scored_for_everything_else() -> None:
    sheet = rubric(criterion("voice"), criterion("immersion"), per_turn=True)
    grades = {f"{name}_2": grade(2, "井水刚烧") for name in ("voice", "immersion")}

    verdict = await judged(answer(grades), of=case(LINES[0], TRUNCATED), by=sheet)

    assert [each.value for each in verdict.ratings if each.turn == 2] == [1.0, 1.0]


async def test_a_grade_for_the_whole_chat_that_leans_on_a_cut_off_reply_is_unscored() -> None:
    sheet = rubric(criterion("form"))
    of = case(LINES[0], TRUNCATED)

    leaning, not_leaning = [
        await judged(answer({"form": grade(2, q)}), of=of, by=sheet) for q in ("井水刚烧", LINES[0])
    ]

    assert (unscored(leaning), unscored(not_leaning)) == (["truncated"], [None])


async def test_a_violation_is_a_finding_at_the_words_it_quotes() -> None:
    verdict = await judged(answer(violations=[violation(turn=2, quote="井水刚烧开", why="他不该知道")]))

    (found,) = verdict.findings
    assert (found.failure_type, found.turn, found.quote) == ("identity_swap", 2, "井水刚烧开")
    assert found.span is not None
    assert LINES[1][found.span.start : found.span.end] == "井水刚烧开"
    assert (found.source, found.message, found.arguments) == ("judge:strict", "judge.violation", {"why": "他不该知道"})
    assert 0 < found.certainty < 1


@pytest.mark.parametrize("turn", [3, 99, 0, None, "2", True, [2]])
async def test_a_violation_with_a_wrong_turn_is_found_where_its_words_stand(turn: object) -> None:
    verdict = await judged(answer(violations=[violation(turn=turn, quote="井水刚烧开")]))

    assert [(each.turn, each.quote) for each in verdict.findings] == [(2, "井水刚烧开")]


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(violation(quote="He pours the ale and smiles."), id="invented"),
        pytest.param(violation(quote="Good evening"), id="the-users-words"),
        pytest.param(violation(quote=""), id="no-quote"),
        pytest.param(violation(quote=None), id="null-quote"),
        pytest.param(violation(failure_type="rudeness"), id="unknown-type"),
        pytest.param(violation(failure_type=["identity_swap"]), id="type-in-a-list"),
        pytest.param({}, id="empty"),
    ],
)
async def test_a_violation_that_cannot_be_shown_is_dropped_and_counted(claim: object) -> None:
    verdict = await judged(answer(violations=[claim, violation()]))

    assert len(verdict.findings) == 1
    assert verdict.unfound_quotes == 1


@pytest.mark.parametrize("severity", ["break", "lapse", "note"])
async def test_the_judge_says_how_grave_a_violation_is(severity: str) -> None:
    verdict = await judged(answer(violations=[violation(severity=severity)]))

    assert [each.severity for each in verdict.findings] == [severity]


@pytest.mark.parametrize("severity", ["fatal", "", None, 3, ["note"], {}])
async def test_an_unknown_severity_is_the_failure_types_own(severity: object) -> None:
    verdict = await judged(answer(violations=[violation(severity=severity)]))

    assert [each.severity for each in verdict.findings] == [FAILURES["identity_swap"].severity]


async def test_half_characters_in_an_answer_never_reach_what_is_kept() -> None:
    said = answer(
        {"voice": grade(reason="half \ud83d here"), "form": grade(quote="\ud83d\ud83d")},
        [violation(why="\udc00")],
    )

    verdict = await judged(said, by=rubric(criterion("voice"), criterion("form")))

    kept = [
        *(each.reason + each.citation for each in verdict.ratings),
        *map(str, verdict.findings[0].arguments.values()),
    ]
    assert "".join(kept).encode("utf-8")
    assert unscored(verdict) == [None, "citation_not_found"]


async def test_a_reply_that_was_never_good_can_be_cited_by_nobody() -> None:
    of = case("Aye.", exchange(2, outcome="filtered", partial="As an AI model"), of=scenario("one", "two"))

    verdict = await judged(answer({"voice": grade(0, "As an AI model")}, [violation(quote="As an AI model")]), of=of)

    assert (unscored(verdict), verdict.findings) == (["citation_not_found"], ())


async def test_memory_is_unscored_where_the_model_was_not_shown_the_start_of_the_chat() -> None:
    sheet = rubric(criterion("memory"), criterion("voice"), per_turn=True)
    turns = [{"user": user, "probe": "memory_callback"} for user in ("one", "two")]
    of = case(LINES[0], exchange(2, LINES[1], dropped=1), of=scenario(*turns))
    grades = {f"{name}_{turn}": grade(0, LINES[turn - 1]) for name in ("memory", "voice") for turn in (1, 2)}

    verdict = await judged(answer(grades), of=of, by=sheet)

    assert unscored(verdict) == [None, "history_dropped", None, None]
