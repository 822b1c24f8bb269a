#!/usr/bin/env bash
# Loads the example articles into a fresh database and asks about them.
# usage: examples/demo.sh PATH_OF_FASTI
set -euo pipefail
fasti=$(readlink -f "$1")
cd "$(dirname "$(readlink -f "$0")")"

folder=$(mktemp -d -t fasti-demo.XXXXXX)
trap 'rm -rf "$folder"' EXIT

"$fasti" ingest "$folder/news.db" articles/*.txt

bold='' dim='' plain=''
if [ -t 1 ]; then bold=$'\033[1m' dim=$'\033[2m' plain=$'\033[0m'; fi

ask() {
  printf '\n%s%s%s\n%s%s%s\n' "$bold" "$1" "$plain" "$dim" "$2" "$plain"
  "$fasti" shell "$folder/news.db" -c "$2"
}

ask "Every claim on the Scale AI deal, oldest first" \
  "MATCH ({name: 'Meta'})-[f:invests_in]->({name: 'Scale AI'}) UNWIND claims(f) AS c
RETURN DISTINCT c.published AS published, c.figures.amount AS amount, c.modality AS modality, c.text AS sentence
ORDER BY published"

ask "Who invested in whom in 2025" \
  "MATCH (a)-[f:invests_in]->(b) DURING @2025
RETURN a.name AS investor, b.name AS into, valid(f) AS time, f.amount AS amount ORDER BY time, investor"

ask "The deal as it was known on 12 June 2025, before the correction" \
  "MATCH ({name: 'Meta'})-[f:invests_in]->({name: 'Scale AI'}) AS OF @2025-06-12
RETURN f.amount AS amount, f.stake AS stake, modality(f) AS modality"

ask "The same deal as it was known on 20 June 2025, after it" \
  "MATCH ({name: 'Meta'})-[f:invests_in]->({name: 'Scale AI'}) AS OF @2025-06-20
RETURN f.amount AS amount, f.stake AS stake, modality(f) AS modality"

ask "How Meta's guidance of its capital expenditure for 2025 was revised" \
  "UNWIND buckets(@2025-01..2025-09, 'month') AS month
MATCH ({name: 'Meta'})-[f:.capex]->(v) AT @2025 AS OF month.end
RETURN month, v AS guidance ORDER BY month"
