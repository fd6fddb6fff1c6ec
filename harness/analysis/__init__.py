"""From a run to numbers; the only home of pandas and scipy."""
