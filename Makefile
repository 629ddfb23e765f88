# Two commands do everything on a machine with Python >= 3.11: `make run` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Node.js from PyPI first, where it was needed.
NODE_PATHS := PATH="$(CURDIR)/$(BIN):$$PATH"
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test setup setup-dev check format messages lock screenshot pictures coverage bench bench-api bench-pages bench-lighthouse clean

run: setup
	@$(BIN)/python app.py

test: setup-dev
	@$(BIN)/python -m pytest -n auto --dist worksteal

setup: $(VENV)/runtime.stamp static/vendor/.stamp

setup-dev: setup $(VENV)/dev.stamp node_modules/.dev.stamp

$(VENV)/python.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "需要 Python 3.11 或更新版本（Python >= 3.11 is needed）：make run PYTHON=/path/to/python3"; exit 1; }
	@echo "── 建立虚拟环境 $(VENV)"
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "无法建立虚拟环境；Debian/Ubuntu 请先安装 python3-venv"; exit 1; }
	@touch $@

$(VENV)/runtime.stamp: requirements.txt $(VENV)/python.stamp
	@echo "── 安装运行所需的 Python 包（首次约一分钟）"
	@$(BIN)/python -m pip install --progress-bar on --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/runtime.stamp
	@echo "── 安装测试所需的 Python 包"
	@$(BIN)/python -m pip install --progress-bar on --require-hashes -r requirements-dev.txt
	@touch $@

# The system's Node.js, or the one from PyPI where there is none or one too old for the linters.
$(VENV)/node.stamp: requirements-node.txt $(VENV)/runtime.stamp
	@{ command -v npm && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b > 18) ? 0 : 1)'; } >/dev/null || \
	  $(BIN)/python -m pip install --require-hashes -r requirements-node.txt
	@touch $@

static/vendor/.stamp: package.json package-lock.json $(VENV)/node.stamp
	@echo "── 安装前端包"
	@$(NODE_PATHS) npm ci --ignore-scripts --omit=dev
	@rm -rf static/vendor && mkdir -p static/vendor/leaflet static/vendor/leaflet.fullscreen static/vendor/chart.js static/vendor/topojson-client
	@cp -R node_modules/leaflet/dist/leaflet.js node_modules/leaflet/dist/leaflet.css \
	  node_modules/leaflet/dist/images node_modules/leaflet/LICENSE static/vendor/leaflet/
	@cp node_modules/leaflet.fullscreen/Control.FullScreen.js node_modules/leaflet.fullscreen/Control.FullScreen.css \
	  node_modules/leaflet.fullscreen/icon-fullscreen.svg node_modules/leaflet.fullscreen/LICENSE \
	  static/vendor/leaflet.fullscreen/
	@cp node_modules/topojson-client/dist/topojson-client.min.js node_modules/topojson-client/LICENSE static/vendor/topojson-client/
	@cp node_modules/chart.js/dist/chart.umd.js node_modules/chart.js/LICENSE.md static/vendor/chart.js/
	@touch $@

# npm begins anew, so this goes with the packages above.
node_modules/.dev.stamp: static/vendor/.stamp
	@echo "── 安装检查前端所需的包"
	@$(NODE_PATHS) npm ci --ignore-scripts
	@touch $@

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(NODE_PATHS) node node_modules/eslint/bin/eslint.js static
	$(NODE_PATHS) node node_modules/stylelint/bin/stylelint.mjs "static/*.css"

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Bring the catalogues of translations up to date after changing what the interface says.
messages: setup
	PYTHONPATH=. $(BIN)/python translations/extraction.py

# Beside peers in one run; the peers go into a folder of their own.
bench: setup build/peers/.stamp
	PYTHONPATH=build/peers $(BIN)/python bench/places.py
	PYTHONPATH=build/peers $(BIN)/python bench/reading.py
	$(BIN)/python bench/exports.py

# The API beside pygeoapi and tipg, about 3.5 minutes; wrk and PostGIS where they are installed.
bench-api: setup build/peers-api/.stamp
	$(BIN)/python bench/api.py

# The map page beside plain Folium's, about 10 minutes; needs Chromium (on Debian: apt install chromium).
bench-pages: setup-dev build/peers-pages/.stamp
	$(BIN)/python bench/pages.py

# The pages as Lighthouse sees them, about 25 minutes; needs Chromium. Lighthouse (180 MB) stays in build/.
bench-lighthouse: setup-dev build/lighthouse/.stamp
	$(BIN)/python bench/lighthouse.py

build/lighthouse/.stamp: bench/lighthouse/package.json bench/lighthouse/package-lock.json requirements-node.txt
	@$(PYTHON) -m venv build/lighthouse
	@build/lighthouse/bin/python -m pip install --quiet --require-hashes -r requirements-node.txt
	@cp bench/lighthouse/package.json bench/lighthouse/package-lock.json build/lighthouse/
	@cd build/lighthouse && PATH="$$PWD/bin:$$PATH" npm ci --ignore-scripts
	@touch $@

build/peers-api/.stamp: bench/requirements-api.txt
	@$(PYTHON) -m venv build/peers-api
	@build/peers-api/bin/python -m pip install --quiet -r bench/requirements-api.txt
	@touch $@

build/peers-pages/.stamp: bench/requirements-pages.txt
	@$(PYTHON) -m venv build/peers-pages
	@build/peers-pages/bin/python -m pip install --quiet -r bench/requirements-pages.txt
	@touch $@

build/peers/.stamp: bench/requirements.txt
	$(BIN)/python -m pip install --quiet --target build/peers -r bench/requirements.txt
	@touch $@

screenshot: setup-dev
	PYTHONPATH=. $(BIN)/python docs/screenshot.py

# Renew what tests/browser/test_pictures.py compares the key views with; needs Chromium and fonts-noto-cjk.
pictures: setup-dev
	CAITU_RENEW_PICTURES=1 CAITU_NO_SKIP=1 $(BIN)/python -m pytest tests/browser/test_pictures.py -k looks

coverage: setup-dev
	PYTHONPATH=. $(BIN)/python docs/coverage.py

# Maintainers: pin anew after editing a .in file. Needs uv on the PATH.
lock:
	for name in requirements requirements-dev requirements-node; do \
	  uv pip compile --universal --python-version 3.11 --generate-hashes --no-header $$name.in -o $$name.txt; done
	npm install --package-lock-only --ignore-scripts
	cd bench/lighthouse && npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

clean:
	rm -rf $(VENV) node_modules static/vendor instance/snapshots .mypy_cache .ruff_cache .pytest_cache
