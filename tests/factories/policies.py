"""An event class that says everything a class can say."""

FULL = """
title = { en = "Board", ro = "Consiliu" }
summary = "In short"
confidentiality = "restricted"
hours = { from = "10:00", to = 12:30:00 }
needs_sponsor = true
needs_certificate = true
signers = ["owner", "sponsor"]
told.moved = ["participants", "av"]
[[checks]]
code = "rooms_confirmed"
level = "attention"
safe = "-3d before end"
[[tasks]]
key = "a"
title = "A"
due = "-5wd"
owner = "chair"
takes_days = 3
milestone = true
description = "How"
checklist = ["One", { en = "Two", ro = "Doi" }]
[[tasks]]
key = "b"
title = "B"
due = "+1wd after end"
after = ["a"]
[[functions]]
key = "plenary"
title = "Plenary"
kind = "plenary"
day = 1
start = "09:15"
minutes = 90
setup_style = "theatre"
for_all = true
public = true
catering = { en = "Water", ro = "Apă" }
[[meetings]]
key = "before"
title = "Before"
kind = "pre_event"
due = "-2wd"
start = "11:00"
minutes = 30
people = ["owner", "chair"]
[[costs]]
title = "Room"
driver = "room_day"
unit_price = 12.50
currency = "RON"
account = "6230"
quantity = 2
[[hazards]]
title = "Fall"
harmed = "All"
likelihood = 2
severity = 5
controls = ["Tape"]
[[insurance]]
coverage = "accident"
limit = 1000
currency = "RON"
"""
"""Every key once, each with another value than it has by default."""
