#!/bin/sh
# Shows the service deciding over HTTP: starts it with made-up data, asks it twice with curl, and stops it.
# The data stays in the folder given, for whoever wants to see it in the browser.
set -eu
winnow=$1
python=$2
data=$3
folder=$(mktemp -d)
port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
address=http://127.0.0.1:$port

echo
echo "Three months of leads, decided and dealt with, are put into $data/demo (once, in some seconds)"
"$winnow" serve --demo --data "$data" --port "$port" 2>"$folder/log" &
service=$!
trap 'kill $service 2>/dev/null || true; wait $service 2>/dev/null || true; rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM

tries=0
until curl --silent --fail --output /dev/null "$address/readyz"; do
    tries=$((tries + 1))
    if [ $tries -gt 1800 ] || ! kill -0 $service 2>/dev/null; then
        cat "$folder/log" >&2
        exit 1
    fi
    sleep 0.1
done
key=$(sed -n "s/.*Bearer \(wk_[0-9A-Za-z_]*\)'.*/\1/p" "$folder/log")

# Prints a command as somebody would type it, then runs it.
shown() {
    printf '\n$ curl'
    for word in "$@"; do
        case $word in
            *[!A-Za-z0-9_./:=-]*) printf " '%s'" "$word" ;;
            *) printf ' %s' "$word" ;;
        esac
    done
    printf '\n'
    curl --silent --show-error "$@" | tee "$folder/answer"
    printf '\n'
}

echo
echo "The same over HTTP: \`winnow serve\` at $address"
shown -d name=Bo -d email=junk@winnow.example -d 'message=cheap backlinks' "$address/f/website"
shown -H "Authorization: Bearer $key" "$address/v1/leads" \
    -d '{"full_name": "Ana Kovac", "email": "ana@bluebird.example", "message": "Do you ship to Zagreb?"}'
number=$(sed -n 's/^{"id":"\([0-9]*\)".*/\1/p' "$folder/answer" | head -n 1)
echo
echo "And what was decided about the form post, which its sender is not told:"
shown -H "Authorization: Bearer $key" "$address/v1/decisions/$((number - 1))"
