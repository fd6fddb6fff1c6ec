"""The row of `harness.yaml` that points at a simulator."""

import json

from harness.simulator.profiles import Profile

KEY_VARIABLE = "SIMULATOR_API_KEY"


def model_row(profile: Profile, url: str, *, needs_key: bool) -> str:
    """Lines to put into `harness.yaml`; its values are JSON, which is YAML too."""
    fields = {"base_url": url, "id": profile.model, **profile.row}
    if needs_key:
        fields["api_key_env"] = [KEY_VARIABLE]
    lines = (f"    {name}: {json.dumps(content)}" for name, content in fields.items())
    return "\n".join(("models:", f"  simulated/{profile.model}:", *lines))
