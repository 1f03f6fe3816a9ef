"""Static files with hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]  # ships no types


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # its base has no types
    """Hashes the names in ES module imports too, so that modules can be cached for ever."""

    support_js_module_import_aggregation = True
