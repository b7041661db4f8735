# make run: the dashboard on this machine. make test: everything that CI checks.
PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
BROWSERS := chromium chromium-browser google-chrome google-chrome-stable

.PHONY: run test test-duckdb2 lint screenshots chromium nginx

run: .venv/run.stamp
	@$(BIN)/python -m atlas build || echo "Starting all the same: the page shows what is wrong, and the last good data if there is any."
	@echo "Sovereign AI Atlas: http://127.0.0.1:$(PORT)"
	@$(BIN)/streamlit run dashboard.py --server.address 127.0.0.1 --server.port $(PORT)

test: .venv/test.stamp chromium nginx lint
	$(BIN)/python -m pytest -n 2 --dist loadfile  # a file stays with one worker: its server and build are made once

lint: .venv/test.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# Every page in each theme, width and language, in build/screenshots, and the pictures of the README.
screenshots: .venv/test.stamp chromium
	$(BIN)/python tools/screenshots.py

# The data and its questions on the next major version of DuckDB, so that moving to it stays a change of one line.
test-duckdb2: .venv-duckdb2/test.stamp
	.venv-duckdb2/bin/python -m pytest -n 2 --dist loadfile tests/store tests/test_views.py tests/test_facts.py

.venv/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "The Atlas needs Python 3.11 or newer; set PYTHON=/path/to/python3."; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { echo "Python cannot make a virtual environment; on Debian: apt-get install python3-venv."; exit 1; }
	@echo "Installing the packages of requirements.txt into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/test.stamp: requirements-dev.txt .venv/run.stamp
	@echo "Installing the packages of requirements-dev.txt into .venv ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

.venv-duckdb2/test.stamp: requirements-dev.txt requirements.txt
	@$(PYTHON) -m venv .venv-duckdb2
	@.venv-duckdb2/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@.venv-duckdb2/bin/pip install --quiet --disable-pip-version-check "duckdb==2.0.1"
	@touch $@

# The browser for the tests: the one found (or named by CHROMIUM), else Debian's package.
chromium:
	@for name in "$$CHROMIUM" $(BROWSERS); do command -v "$$name" > /dev/null 2>&1 && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then \
	  echo "Installing Debian's chromium ..."; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk > /dev/null; } && exit 0; \
	fi; \
	echo "The tests need Chromium. Install it (Debian, Ubuntu: apt-get install chromium), or set CHROMIUM to the path of one."; exit 1

# The server for the tests of docs/nginx.conf: the one found, else the program out of Debian's package, which as a whole would start a service.
NGINX := .venv/nginx
nginx: .venv/test.stamp
	@PATH="$$PATH:/usr/sbin:$(NGINX)/usr/sbin"; nginx -v > /dev/null 2>&1 && exit 0; \
	if command -v apt-get > /dev/null; then \
	  echo "Fetching Debian's nginx ..."; \
	  [ "$$(id -u)" != 0 ] || apt-get update -qq; \
	  { mkdir -p $(NGINX) && (cd $(NGINX) && apt-get download -qq nginx 2> /dev/null && dpkg -x nginx_*.deb .) && nginx -v 2> /dev/null; } && exit 0; \
	fi; \
	echo "The tests need nginx. Install it (Debian, Ubuntu: apt-get install nginx-light)."; exit 1
