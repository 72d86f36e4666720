#!/usr/bin/env bash
# Starts a Neo4j 5.26 on 127.0.0.1:$1 (default 7688) with an empty store and returns when it answers; prints its pid.
# Needs Java 17 and Maven; the jars come from Maven Central once.
set -euo pipefail
cd "$(dirname "$0")"
port=${1:-7688}
[ -d lib ] || mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib >&2
home=$(mktemp -d)
java -Xmx1g --add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED \
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED -cp 'lib/*' Neo4jServer.java "$home" "$port" >"$home/out.log" 2>&1 &
pid=$!
for _ in $(seq 120); do
  grep -q '^ready' "$home/out.log" && { echo "$pid"; exit 0; }
  kill -0 "$pid" 2>/dev/null || break
  sleep 0.5
done
cat "$home/out.log" >&2
exit 1
