"""The product's settings, pointed at a database of the tests' own; tests/conftest.py sets the environment."""

import os

from convenor.settings import *  # noqa: F403  # every setting, as the product has it
from convenor.settings import DATA, DATABASES, INSTALLED_APPS, STORAGES

INSTALLED_APPS = [*INSTALLED_APPS, "tests.base.testapp"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # tests sign in often
# Pages are rendered without collectstatic before them; the browser tests serve the real, hashed files.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

_database = DATABASES["default"]
if _database["ENGINE"] == "django.db.backends.sqlite3":
    # A file, not memory: threads and processes must meet in one database, as they do in the product.
    _database["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
# A process that a test starts (tests/child.py) opens the database that the test made.
_database["NAME"] = os.environ.get("TEST_DATABASE_NAME") or _database["NAME"]
