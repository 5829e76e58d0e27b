#!/bin/sh
# Makes data.tar.gz and answers.txt with a binary of the commit that is kept: make.sh BINARY PORT. Run once, by hand.
set -eu
here=$(dirname "$(realpath "$0")")
directory=$(mktemp -d)
"$1" --data-directory "$directory/data" --listen "127.0.0.1:$2" --checkpoint-seconds 3600 --tail-mib 1 > "$directory/out" 2>&1 &
server=$!
run="psql -h 127.0.0.1 -p $2 -U millstream millstream -XAt -v ON_ERROR_STOP=1"
sleep 1
$run -f "$here/make.sql"
: > "$here/answers.txt"
while read -r query; do
  printf '> %s\n' "$query" >> "$here/answers.txt"
  $run -P null=NULL -F '|' -c "$query" >> "$here/answers.txt"
done < "$here/queries.txt"
$run -c "SELECT name, rows, first_row, segments FROM millstream.streams" -c "SELECT name, checkpoint_lsn, error FROM millstream.jobs" -c "select name, copied_lsn from millstream.sinks"
kill -TERM $server
wait $server
"$1" verify --data-directory "$directory/data"
du -sh --apparent-size "$directory/data"; find "$directory/data" -type f -size +64k | xargs ls -la
tar -C "$directory" -czf "$here/data.tar.gz" data
ls -la "$here"
rm -r "$directory"
