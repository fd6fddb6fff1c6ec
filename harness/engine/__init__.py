"""The only place where things happen: plan, call, replay, check, judge."""
