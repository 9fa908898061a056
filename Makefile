# Everything runs in VENV, which the first target that needs it creates; PYTHON is the interpreter that makes it,
# and makes it anew where another one did.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
TFNOTES := $(BIN)/tfnotes
SOURCES := setup.py setup.cfg pyproject.toml constraints.txt
# What a package needs to know of Python, and what it says of another.
VERSION := import sys; print("%d.%d" % sys.version_info[:2])
SUPPORTED := import sys; v = sys.version_info[:2]; sys.exit(None if (3, 11) <= v <= (3, 13) else \
	"tfnotes wants Python 3.11, 3.12 or 3.13, and $(PYTHON) is %d.%d. Name one of them: make PYTHON=python3.13 ..." % v)
OTHER := $(if $(filter command,$(origin PYTHON)),$(shell test ! -e $(BIN)/python || \
	test "$$($(BIN)/python -c '$(VERSION)')" = "$$($(PYTHON) -c '$(VERSION)')" || echo anew))
INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e

# What a failing command has begun is no file.
.DELETE_ON_ERROR:

.PHONY: demo demo-autoencode demo-imdb test suite test-pythons test-oldest test-browser test-jax test-torch test-ray
.PHONY: test-clients test-book lint types play site-models
.PHONY: test-applications test-models test-long test-readme test-workers fuzz chaos mutants conformance bench dist wheel audit docs site
.PHONY: claims sample clean anew

$(BIN)/python: $(OTHER)
	@$(PYTHON) -c '$(SUPPORTED)'
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/.installed: $(BIN)/python $(SOURCES)
	$(INSTALL) .
	touch $@

$(VENV)/.test: $(VENV)/.installed
	$(INSTALL) '.[test]'
	touch $@

# The other extras, each by its name.
$(VENV)/.%: $(VENV)/.test
	$(INSTALL) '.[$*]'
	touch $@

sample: $(VENV)/.installed
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
	@echo "Draw digits for it:   make play (Node 20), then $(TFNOTES) play runs/demo"

# Bags of words and pairs, then a recurrent network, on snippets of reviews.
demo-imdb: $(VENV)/.installed
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

lint: $(VENV)/.test
	$(BIN)/ruff check .

types: $(VENV)/.test
	$(BIN)/mypy

suite: $(VENV)/.test sample
	$(BIN)/python -m pytest -q -n 2 --dist worksteal

test: lint types suite

# Every test on each Python that is here, on the path or by pyenv, in an environment of its own.
test-pythons:
	for version in 3.11 3.12 3.13; do \
		for python in python$$version $(HOME)/.pyenv/versions/$$version.*/bin/python ''; do \
			test -z "$$python" || $$python -c '' 2>/dev/null && break; \
		done; \
		test -n "$$python" || { echo "Python $$version isn't here: skipped."; continue; }; \
		$(MAKE) suite PYTHON=$$python VENV=.venv-$$version || exit 1; \
	done

# The concepts' proofs on the other backends; what is exported or trained stays with TensorFlow.
PROOFS := tests/contracts tests/activations tests/initializers tests/layers

test-jax: $(VENV)/.jax
	KERAS_BACKEND=jax JAX_ENABLE_X64=1 $(BIN)/python -m pytest -q -n 2 $(PROOFS)

test-torch: $(VENV)/.torch
	KERAS_BACKEND=torch $(BIN)/python -m pytest -q -n 2 $(PROOFS)

# A server is asked by clients that others wrote.
test-clients: $(VENV)/.clients
	$(BIN)/python -m pytest -q tests/serving/server/test_triton.py

# Two replicas on a Ray of this machine, one of which is killed.
test-ray: $(VENV)/.ray
	$(BIN)/python -m pytest -q tests/ray

# A worker of two is killed, and one is stopped: minutes. TFNOTES_TIMES=10 does each ten times.
test-workers: $(VENV)/.test sample
	$(BIN)/python -m pytest -q tests/workers

# Every model of imdb and autoencode, trained, exported and asked in plain TensorFlow; the tests take some of them.
test-models: $(VENV)/.test
	TFNOTES_ALL_MODELS=1 $(BIN)/python -m pytest -q tests/tasks/test_imdb.py tests/tasks/test_autoencode.py

# The tests of tests/long.txt, each of which takes many seconds, with all others of their files.
test-long: $(VENV)/.test sample
	TFNOTES_LONG=1 $(BIN)/python -m pytest -q -n 2 $$(sed 's/::.*//' tests/long.txt | sort -u)

# The README's commands and code, in their order, in an empty folder.
test-readme: $(VENV)/.test
	TFNOTES_ALL_BLOCKS=1 $(BIN)/python -m pytest -q tests/test_readme.py

# All networks of keras.applications, converted and back; the tests take a few of them.
test-applications: $(VENV)/.test
	TFNOTES_ALL_APPLICATIONS=1 $(BIN)/python -m pytest -q --durations=0 tests/clients/test_applications.py

# An installed Chromium or Chrome opens TensorBoard and the page of a server; skipped, with the reason, where there is none.
test-browser: $(VENV)/.browser
	$(BIN)/python -m pytest -q -rs tests/browser

# The page of `tfnotes play`: its code, checked, tested and bundled (Node 20), and the data of the widgets without a
# model. Each is made anew where what it is made of has changed.
WEB := tfnotes/play/web
PAGE := tfnotes/play/page
CODE := $(wildcard $(WEB)/*.json $(WEB)/*.mjs $(WEB)/src/* $(WEB)/src/widgets/* $(WEB)/tests/*)
CASES := tests/play/cases.py $(wildcard tfnotes/serving/preparations/*.py tasks/imdb/*.py)
PREPARED := $(wildcard tfnotes/activations/*.py tfnotes/initializers/*.py tfnotes/optimizers/*.py) \
	tfnotes/layers/_base.py tfnotes/layers/dense.py
QUIETLY := TF_CPP_MIN_LOG_LEVEL=3 $(BIN)/python -m

play: $(VENV)/.page $(PAGE)/play.js $(PAGE)/data/ravine.json $(PAGE)/data/depth.json

$(PAGE)/play.js: $(CODE) $(WEB)/node_modules/.installed build/play-cases/words.json
	cd $(WEB) && npm run --silent check && npm run --silent test && npm run --silent build
	touch $@

build/play-cases/words.json: $(CASES) | $(VENV)/.page
	$(QUIETLY) tests.play.cases build/play-cases

$(PAGE)/data/%.json: tfnotes/play/prepared/%.py $(PREPARED) | $(VENV)/.page
	$(QUIETLY) tfnotes.play.prepared $@

# With what makes ONNX files, so that a run can be played with.
$(VENV)/.page: $(VENV)/.installed
	$(INSTALL) '.[onnx]'
	touch $@

$(WEB)/node_modules/.installed: $(WEB)/package.json $(WEB)/package-lock.json
	@command -v npm > /dev/null || { echo "make play needs Node 20 with npm."; exit 1; }
	cd $(WEB) && npm ci --no-audit --no-fund --loglevel=error
	touch $@

# A page of small models, trained from the samples, for the widgets of the notes' site; a run that stands is kept.
SITE_RUNS := build/site-runs
trained = { test -e $(SITE_RUNS)/$(1)/config.json || $(TFNOTES) train $(2) --run $(SITE_RUNS)/$(1); } && \
	{ test -e $(SITE_RUNS)/$(1)/test.json || $(TFNOTES) train --resume $(SITE_RUNS)/$(1); }
SMALL := --set vocabulary=8000

site-models: sample play
	$(TFNOTES) data prepare imdb-sample
	$(call trained,mnist-cnn,mnist)
	$(call trained,mnist-mlp,mnist --model mlp)
	$(call trained,imdb-bigram,imdb $(SMALL) --set width=8 --set buckets=16384)
	$(call trained,imdb-lstm,imdb --model lstm $(SMALL) --set width=32 --set units=16)
	$(call trained,imdb-gru,imdb --model gru $(SMALL) --set width=32 --set units=16)
	$(call trained,autoencode-vae,autoencode --model vae --set latent=2 --set units=200-200)
	$(call trained,autoencode-denoising-ae,autoencode --model denoising-ae --set units=128 --epochs 10)
	$(call trained,autoencode-rbm,autoencode --model rbm --set units=100 --epochs 30)
	rm -rf build/site-models
	$(TFNOTES) play $(SITE_RUNS)/* --out build/site-models

# Damaged files, hostile options and odd inputs by the thousand; about ten minutes of one core.
fuzz: $(VENV)/.test
	$(BIN)/python -m tests.fuzz --write

# Commands killed at any instant, and other misfortunes, each compared with an undisturbed one; half an hour of one core.
chaos: $(VENV)/.test
	$(BIN)/python -m tests.chaos --write

mutants: $(VENV)/.test
	$(BIN)/python -m tests.mutants

# The tests that Keras's wheel ships, run on our classes; fails when what is lost isn't what tests/conformance/lost.toml lists.
conformance: $(VENV)/.conformance
	$(BIN)/python -m tests.conformance

docs: $(VENV)/.test
	$(TFNOTES) concepts --markdown > docs/concepts.md.new
	mv docs/concepts.md.new docs/concepts.md
	$(TFNOTES) claims --markdown --lang en > docs/claims.md.new
	mv docs/claims.md.new docs/claims.md
	$(TFNOTES) claims --markdown --lang zh > docs/claims.zh.md.new
	mv docs/claims.zh.md.new docs/claims.zh.md
	$(TFNOTES) reproduce --markdown --lang en > docs/reproduce.md.new
	mv docs/reproduce.md.new docs/reproduce.md
	$(TFNOTES) reproduce --markdown --lang zh > docs/reproduce.zh.md.new
	mv docs/reproduce.zh.md.new docs/reproduce.zh.md

# What the builder of the site takes from npm.
website/node_modules/.package-lock.json: website/package-lock.json
	npm ci --prefix website --no-audit --no-fund --silent
	touch $@

# The book, its notebooks, the reference and the ledger, as static pages in build/site.
site: $(VENV)/.site website/node_modules/.package-lock.json sample
	test -e build/site-models/play.js || $(MAKE) site-models
	$(BIN)/python -m website

# Every chapter's notebook, run from its file.
test-book: $(VENV)/.site sample
	$(TFNOTES) data prepare imdb-sample
	TFNOTES_ALL_NOTEBOOKS=1 $(BIN)/python -m pytest -q tests/website/test_notebooks.py

# Measures every claim anew; then `make docs` makes the page of it.
claims: $(VENV)/.test sample
	$(TFNOTES) data prepare imdb-sample
	$(TFNOTES) experiment run --all --out runs/experiments --record tfnotes/experiments/ledger.json
	mkdir -p docs/claims
	for folder in runs/experiments/*/; do for theme in light dark; do \
		cp $${folder}figure-$$theme.png docs/claims/$$(basename $$folder)-$$theme.png || exit 1; \
	done; done

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv .venv-* build dist *.egg-info

# Builds sdist and wheel, the wheel from the sdist.
wheel: $(VENV)/.test
	rm -rf dist
	$(BIN)/python -m build --quiet

# Installs the wheel into an empty environment, with the newest of everything, and walks the whole path there.
dist: wheel
	$(PYTHON) -m venv --clear build/newest
	build/newest/bin/pip install --quiet --disable-pip-version-check dist/*.whl
	build/newest/bin/python -I tests/whole_path.py

# Known vulnerabilities of the pinned set; what the wheel brings with it: licences, and a bill of materials.
audit: wheel
	$(PYTHON) -m venv --clear build/audit/tools
	build/audit/tools/bin/pip install --quiet --disable-pip-version-check pip-audit pip-licenses cyclonedx-bom
	$(PYTHON) -m venv --clear build/audit/wheel
	build/audit/wheel/bin/pip install --quiet --disable-pip-version-check -c constraints.txt dist/*.whl
	build/audit/tools/bin/cyclonedx-py environment --of JSON -o build/audit/sbom.json build/audit/wheel/bin/python
	build/audit/tools/bin/pip-licenses --python build/audit/wheel/bin/python --from mixed --order license
	@rm -f build/audit/vulnerabilities.txt
	@build/audit/tools/bin/pip-audit --strict --no-deps --disable-pip --timeout 5 -r constraints.txt \
		-o build/audit/vulnerabilities.txt 2> build/audit/pip-audit.log && echo "No known vulnerability in the pinned set." || { \
		test ! -s build/audit/vulnerabilities.txt || { cat build/audit/vulnerabilities.txt; \
			echo "The pinned set has known vulnerabilities: see above." >&2; exit 1; }; \
		tail -n 1 build/audit/pip-audit.log >&2; \
		echo "NOT LOOKED UP: the database of known vulnerabilities can't be reached from here." >&2; exit 1; }

# The same as dist with the oldest of everything that setup.cfg allows; then every test.
test-oldest: wheel
	$(PYTHON) -m venv --clear build/oldest
	build/oldest/bin/pip install --quiet --disable-pip-version-check -c constraints-oldest.txt "$$(echo dist/*.whl)[test]"
	build/oldest/bin/python -I tests/whole_path.py
	build/oldest/bin/python -m pytest -q -n 2 --dist worksteal
