"""The eval harness: suites of probes, arms that answer them, judges, a ledger of what happened, reports.

Follow one case: `suites/` reads a probe, `arms/` answers it turn by turn (`play`), `grade` judges the frozen
conversation, `ledger` keeps both, `metrics/` turns rows into rates, `report/` shows them.
"""
