"""Decisions: policies that the business writes, evaluated, recorded, explained and replayed.

    facts       what a policy may look at: names, types, sources
    conditions  one comparison of one fact with constants
    amounts     money that a rule pays or asks
    policy      rules, versions, and which of them is in force
    reading     policies/*.yml as policies, with the line of every mistake
    cells       the finitely many cases that a policy can tell apart
    search      exact questions about those cases: can this rule ever decide?
    record      a decision, and its canonical JSON
    evaluate    facts in, decision out; and the same again later
    archive     every version that ever decided, by digest
    explain     what mattered, and what would have changed it
    words       all of it in the customer's language

Pure but for `archive`. It knows no shop: what a fact is worth is told by whoever asks.
"""
