"""What cannot be run on one machine, computed: months of failures, thousands of replicas, whole price lists.

A discrete-event simulation of replicas in zones (`fleet`, `months`), held against exact formulas (`markov`) and against
the cells of the redundancy matrix that were measured (`matrix`); what a setting costs and what it buys (`benefit`), and
what changes with scale (`shortfall`, `retries`, `connections`, `caches`, `checks`, `balancers`).
"""
