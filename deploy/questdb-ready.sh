#!/bin/bash
# The health check of QuestDB: it answers SQL over HTTP, takes connections on the PG wire, and knows of no
# failure of its own. In bash alone, because the image has no curl.
set -eu

# The status line of a GET from a port of this container.
status() {
  exec 3<>"/dev/tcp/127.0.0.1/$1"
  printf 'GET %s HTTP/1.0\r\nAuthorization: Basic %s\r\n\r\n' "$2" \
    "$(printf %s "${QDB_HTTP_USER:-}:${QDB_HTTP_PASSWORD:-}" | base64 -w 0)" >&3
  read -r line <&3
  exec 3<&-
  [[ $line == *' 200 '* ]]
}

status 9000 '/exec?query=SELECT%201'
status 9003 /status
exec 3<>/dev/tcp/127.0.0.1/8812
