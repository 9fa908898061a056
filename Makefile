# Everything runs in .venv, which the first target that needs it creates.
# PYTHON picks the interpreter that makes it; EXTRA_PIP passes options on to pip.
PYTHON ?= python3
BIN := .venv/bin
TFNOTES := $(BIN)/tfnotes
SOURCES := setup.cfg pyproject.toml constraints.txt

.PHONY: demo demo-autoencode demo-imdb test test-browser test-jax test-torch lint types mutants conformance bench full dist docs claims sample clean

$(BIN)/python:
	$(PYTHON) -m venv .venv

.venv/.installed: $(BIN)/python $(SOURCES)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/.test: .venv/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

.venv/.jax: .venv/.test
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[jax]'
	touch $@

.venv/.torch: .venv/.test
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[torch]'
	touch $@

.venv/.browser: .venv/.test
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[browser]'
	touch $@

.venv/.conformance: .venv/.test
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[conformance]'
	touch $@

.venv/.bench: .venv/.test
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	touch $@

sample: .venv/.installed
	$(TFNOTES) data prepare sample

# Each step leaves a file or folder, so a second run goes on where the first one ended.
demo: sample
	test -e runs/demo/config.json || $(TFNOTES) train mnist --run runs/demo
	test -e runs/demo/test.json || $(TFNOTES) train --resume runs/demo
	$(TFNOTES) evaluate runs/demo
	test -e saved_models/mnist/1/metadata.json || $(TFNOTES) export runs/demo
	test -e runs/demo/digit.png || $(TFNOTES) data extract sample --index 3 --out runs/demo/digit.png
	$(TFNOTES) predict saved_models/mnist/1 runs/demo/digit.png
	@echo
	@echo "Look inside the run:  $(TFNOTES) tensorboard runs   then open http://localhost:6006"

# Bags of words and pairs, then a recurrent network, on snippets of reviews.
demo-imdb: .venv/.installed
	$(TFNOTES) data prepare imdb-sample
	for model in bigram lstm; do \
		test -e runs/demo-imdb-$$model/config.json || $(TFNOTES) train imdb --model $$model --run runs/demo-imdb-$$model || exit 1; \
		test -e runs/demo-imdb-$$model/test.json || $(TFNOTES) train --resume runs/demo-imdb-$$model || exit 1; \
		$(TFNOTES) evaluate runs/demo-imdb-$$model || exit 1; \
	done
	test -e saved_models/imdb/1/metadata.json || $(TFNOTES) export runs/demo-imdb-bigram
	$(TFNOTES) predict saved_models/imdb/1 "A dull, lifeless film." "Not a dull moment: wonderful, funny and moving."

# A model that draws digits, one of pixels and hidden units, and one that learns from 100 labels.
demo-autoencode: sample
	for model in vae rbm ladder; do \
		test -e runs/demo-$$model/config.json || $(TFNOTES) train autoencode --model $$model --run runs/demo-$$model || exit 1; \
		test -e runs/demo-$$model/test.json || $(TFNOTES) train --resume runs/demo-$$model || exit 1; \
		$(TFNOTES) evaluate runs/demo-$$model || exit 1; \
	done
	test -e saved_models/autoencode/1/metadata.json || $(TFNOTES) export runs/demo-vae
	$(TFNOTES) sample saved_models/autoencode/1 --n 64 --seed 1 --out runs/demo-vae/samples.png

lint: .venv/.test
	$(BIN)/ruff check .

types: .venv/.test
	$(BIN)/mypy

test: lint types sample
	$(BIN)/python -m pytest -q -n 2 --dist worksteal

# The concepts' proofs on the other backends; what is exported or trained stays with TensorFlow.
PROOFS := tests/contracts tests/activations tests/initializers tests/layers

test-jax: .venv/.jax
	KERAS_BACKEND=jax JAX_ENABLE_X64=1 $(BIN)/python -m pytest -q -n 2 $(PROOFS)

test-torch: .venv/.torch
	KERAS_BACKEND=torch $(BIN)/python -m pytest -q -n 2 $(PROOFS)

# An installed Chromium or Chrome opens TensorBoard; skipped, with the reason, where there is none.
test-browser: .venv/.browser
	$(BIN)/python -m pytest -q -rs tests/browser

mutants: .venv/.test
	$(BIN)/python -m tests.mutants

# The tests that Keras's wheel ships, run on our classes; fails when what is lost isn't what tests/conformance/lost.toml lists.
conformance: .venv/.conformance
	$(BIN)/python -m tests.conformance

docs: .venv/.test
	$(TFNOTES) concepts --markdown > docs/concepts.md.new
	mv docs/concepts.md.new docs/concepts.md
	$(TFNOTES) claims --markdown > docs/claims.md.new
	mv docs/claims.md.new docs/claims.md

# Measures every claim anew; then `make docs` makes the page of it.
claims: .venv/.test sample
	$(TFNOTES) data prepare imdb-sample
	$(TFNOTES) experiment run --all --out runs/experiments --record tfnotes/experiments/ledger.json
	mkdir -p docs/claims
	for folder in runs/experiments/*/; do for theme in light dark; do \
		cp $${folder}figure-$$theme.png docs/claims/$$(basename $$folder)-$$theme.png || exit 1; \
	done; done

# Trains on the full data, which must be prepared; what is trained already stays. Hours.
full: .venv/.test
	$(BIN)/python -m benchmarks.full_data --markdown > docs/full_data.md.new
	mv docs/full_data.md.new docs/full_data.md

bench: .venv/.bench
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv build dist *.egg-info

# Builds sdist and wheel, installs the wheel into an empty environment, and uses it there.
dist: .venv/.test
	rm -rf dist
	$(BIN)/python -m build --quiet
	rm -rf build/empty && $(PYTHON) -m venv build/empty
	build/empty/bin/pip install --quiet --disable-pip-version-check -c constraints.txt dist/*.whl
	cd build && empty/bin/tfnotes --version && empty/bin/tfnotes concepts --kind losses
