"""WHAT: plans and what they assign; sectors, targets, policies. Uses geo to name places."""
