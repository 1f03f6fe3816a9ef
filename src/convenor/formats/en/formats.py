"""English as written in Europe: day before month, 24 hours, the week begins on Monday."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y H:i"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y, H:i"
MONTH_DAY_FORMAT = "j F"
FIRST_DAY_OF_WEEK = 1
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

# Convenor's own names, for date_format() and the date filter.
DAY_FORMAT = "j M"
DAY_TIME_FORMAT = "j M, H:i"
WEEKDAY_FORMAT = "D j M"
WEEKDAY_TIME_FORMAT = "D j M, H:i"
WEEKDAY_YEAR_FORMAT = "D j M Y"
WEEKDAY_YEAR_TIME_FORMAT = "D j M Y, H:i"
