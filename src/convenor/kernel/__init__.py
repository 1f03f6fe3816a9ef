"""Pure algorithms: no database, no web, no clock.

Everything here takes plain values, `now` and `seed` included, and answers with plain values that carry their reasons as data (an enum
and its parameters), so that a decision can be tested by tables and properties and put into words in any language above.
"""
