"""Computes what one machine cannot run: many months of failures, and thousands of replicas.

`months` simulates a `fleet`. Tests compare it with exact formulas, and `matrix` with the measured redundancy matrix.
`benefit` weighs what a replica costs against what it buys. `windows`, `zones` and `retries` are formulas.
"""
