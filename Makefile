# One command per task. `make help` lists them; nothing needs to be activated or installed first.
.DEFAULT_GOAL := help
.PHONY: tour test conformance compare lint format develop bench bench-rust docs clean help

PYTHON ?= python3
BIN := .venv/bin
export MATURIN_NO_INSTALL_RUST := 1

tour:     ## Take the tutorial's six sections on real data, and write tour.html
	@tools/setup compare
	@$(BIN)/python -m mlmath_rs tour

test:     ## Run everything: kernels, face, examples, architecture, lint, stubs
	@tools/setup dev
	@tools/test

conformance: ## Run NumPy's and SciPy's own tests of linear algebra with ours swapped in
	@tools/setup dev
	@tools/conformance

compare:  ## Time every public function beside its reference: table, compare.html, compare.json
	@tools/setup compare
	@$(BIN)/python -m mlmath_rs compare --html compare.html --json compare.json $(ARGUMENTS)

lint:     ## Check style, types and stubs
	@tools/setup dev
	@tools/lint

format:   ## Rewrite into our style
	cargo fmt
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

develop:  ## Rebuild the extension quickly, nearly as fast as a release
	@tools/setup dev
	$(BIN)/maturin develop --profile develop

bench:    ## Time every case with pytest-benchmark, for the developer's eye
	@tools/setup dev
	$(BIN)/pytest benches --benchmark-group-by=group --benchmark-columns=min,median

bench-rust: ## Time the kernels alone
	cargo run --release --package mlmath-bench

docs:     ## Build the user guide and the API pages into site/
	@tools/setup docs
	$(BIN)/mkdocs build --strict --quiet

clean:    ## Remove what was built
	rm -rf .venv target dist site

help:     ## Show this
	@grep -hE '^[a-z-]+: +##' $(MAKEFILE_LIST) | sed 's/: *##/\t/' | expand -t 14
