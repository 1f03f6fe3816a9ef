"""Romanian, with 24 hours; the week begins on Monday. Days and months are written small (b, where English has M)."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y, H:i"
SHORT_DATE_FORMAT = "j b Y"
SHORT_DATETIME_FORMAT = "j b Y, H:i"
MONTH_DAY_FORMAT = "j F"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3

# Convenor's own names, for date_format() and the date filter.
DAY_FORMAT = "j b"
DAY_TIME_FORMAT = "j b, H:i"
WEEKDAY_FORMAT = "D j b"
WEEKDAY_TIME_FORMAT = "D j b, H:i"
WEEKDAY_YEAR_FORMAT = "D j b Y"
WEEKDAY_YEAR_TIME_FORMAT = "D j b Y, H:i"
