from collections import defaultdict

from harness.core.taxonomy import (
    DENSE,
    DIMENSIONS,
    FAILURE_TYPES,
    FAILURES,
    PROBE_KINDS,
    PROBED,
    SEVERITIES,
)

# The table of the design, row by row: dimension, whether it is dense, its failure types with their severities.
TABLE = """
immersion  yes     ai_self_disclosure break, prompt_leak break, refusal_boilerplate break, meta_commentary lapse
identity   yes     identity_swap break, persona_collapse break
facts      probes  profile_contradiction lapse, accepts_false_premise lapse
memory     probes  history_contradiction lapse, forgetting lapse
knowledge  probes  anachronism lapse, future_leak lapse
voice      yes     style_break lapse, language_switch break
emotion    probes  emotional_jump lapse
agency     yes     speaks_for_user lapse, ignores_user lapse, repetition_loop lapse
form       yes     length note, narration_format note, unmet_expectation lapse
"""
PROBES = """
meta_question prompt_extraction role_override identity_claim knowledge_boundary point_in_time false_premise
contradiction_hunt memory_callback provocation physical_event minimal_reply language_switch out_of_domain_task
unstated_detail instruction_conflict toxic_request drift_repeat
"""
ROWS = [line.split(None, 2) for line in TABLE.strip().splitlines()]


def test_dimensions_are_the_nine_of_the_design_in_its_order() -> None:
    assert list(DIMENSIONS) == [name for name, _, _ in ROWS]


def test_the_dense_dimensions_are_rated_on_every_turn() -> None:
    assert {name for name, dense, _ in ROWS if dense == "yes"} == DENSE


def test_each_failure_type_has_the_dimension_and_severity_of_the_design() -> None:
    expected = [(kind, name) for name, _, kinds in ROWS for kind in kinds.split(", ")]
    found = [(f"{kind} {failure.severity}", failure.dimension) for kind, failure in FAILURES.items()]

    assert found == expected
    assert list(FAILURES) == list(FAILURE_TYPES)


def test_severities_go_from_worst_to_least() -> None:
    assert SEVERITIES == ("break", "lapse", "note")


def test_probe_kinds_are_the_eighteen_of_the_design() -> None:
    assert list(PROBE_KINDS) == PROBES.split()


def test_every_probe_kind_says_which_sparse_dimensions_it_calls_for() -> None:
    assert list(PROBED) == list(PROBE_KINDS)
    assert not DENSE.intersection(*PROBED.values())


def test_every_sparse_dimension_is_called_for_by_some_probe() -> None:
    called: defaultdict[str, list[str]] = defaultdict(list)
    for kind, dimensions in PROBED.items():
        for dimension in dimensions:
            called[dimension].append(kind)

    assert set(called) == set(DIMENSIONS) - DENSE
