"""The demo organisation: Danubia Systems, about 400 people in Bucharest, Cluj-Napoca and Lisbon.

Everything is made from one fixed seed and anchored to today, so that it is the same company every
time and never goes stale. It goes in through the same imports and actions that a user has.
"""
