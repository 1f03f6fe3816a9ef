# Two commands: `make demo` and `make test`. CONTRIBUTING.md says what the others are for.
PORT ?= 8000
ONLY ?=
BIN := .venv/bin
READY := .venv/ready
# The linters import the settings, which need a data folder: not the one that people use.
CHECK := CONVENOR_DATA=.venv/check-data

.PHONY: demo test check translations bench clean

# Sets everything up, loads the demo organisation and serves it at http://127.0.0.1:$(PORT).
demo: $(READY)
	@$(BIN)/convenor demo --port $(PORT)

# Everything: units, SQLite, PostgreSQL, a real browser; one summary at the end.
test: $(READY)
	@$(BIN)/python scripts/install_system.py
	@$(BIN)/python scripts/run_tests.py

# Everything that can be judged without running: style, types, layers, migrations, translations, assets.
check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(CHECK) $(BIN)/mypy
	$(BIN)/lint-imports
	$(CHECK) $(BIN)/convenor manage makemigrations --check --dry-run
	$(CHECK) $(BIN)/python scripts/check_translations.py
	$(BIN)/python scripts/vendor_assets.py --check
	$(BIN)/python scripts/check_names.py

# Brings the Romanian catalogue up to the source, compiles it and says how much is missing.
translations: $(READY)
	@$(BIN)/python -m scripts.update_translations

# Measures on this machine, prints a table, writes benchmarks/results.json; ONLY=name runs one.
bench: $(READY)
	@$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY))

# Removes what the commands above made; the data folder stays.
clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache node_modules
	find src tests benchmarks scripts -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml scripts/set_up.sh
	@scripts/set_up.sh
	@touch $@
