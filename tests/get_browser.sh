#!/bin/sh
# Make sure there is a Chromium for the browser tests, if one can be had. Usage: get_browser.sh PYTHON
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
echo "getting a Chromium for the browser tests"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 && exit 0
fi
"$1" -m playwright install chromium >/dev/null 2>&1 || echo "no Chromium here and none to be had: browser tests will be skipped"
exit 0
