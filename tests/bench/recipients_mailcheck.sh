#!/bin/sh
# recipients_mailcheck.sh DIR: mailcheck.js from npm over DIR/domains.txt and DIR/questions.txt. Installs it into DIR.
set -e
command -v npm >/dev/null && command -v node >/dev/null
here=$(cd "$(dirname "$0")" && pwd)
cd "$1"
[ -d node_modules/mailcheck ] || npm install --silent --no-audit --no-fund mailcheck >/dev/null 2>&1
NODE_PATH="$1/node_modules" node "$here/recipients_mailcheck.js" "$1"
