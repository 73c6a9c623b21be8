# Puts the secrets into a script, then becomes that script. Runs as `/bin/bash -p -c <this> bootstrap SOURCE TARGET`.
#
# Rules that every line keeps:
# - no dollar sign followed by a parenthesis or by a dollar sign: the kubelet rewrites both in a container's command;
# - builtins only, no subshell, no pipe: a secret never becomes an argument of a process;
# - nothing that bash 4.0 lacks (the newest feature is `printf -v`, of 3.1), nothing whose meaning changed since then:
#   replacements are quoted, because 5.2 gives `&` and backslashes in unquoted ones a meaning;
# - every variable is local: what the user's environment holds under the same name reaches the script unchanged;
# - a value is only ever appended, never scanned again: a token inside of a value stays text;
# - long strings are cut into blocks first: bash needs quadratic time to search or replace in them.
# The text goes into every Job, so comments and indentation are left out there (see src/procedures/generate).

fail() {
	printf '%s: %s\n' "$0" "$1" >&2
	exit 1
}

# The single quote ends, a quoted quote follows, and a new single quote begins.
block_shellQuote() {
	block=${block//"$apostrophe"/"$escaped_apostrophe"}
}

# Go's %q. Characters beyond ASCII stay as they are: bash has no table of what is printable.
block_quote() {
	block=${block//"$backslash"/"$backslash$backslash"}
	block=${block//'"'/"$backslash\""}
	[[ $block == *[[:cntrl:]]* ]] || return 0
	block=${block//$'\a'/"${backslash}a"}
	block=${block//$'\b'/"${backslash}b"}
	block=${block//$'\f'/"${backslash}f"}
	block=${block//$'\n'/"${backslash}n"}
	block=${block//$'\r'/"${backslash}r"}
	block=${block//$'\t'/"${backslash}t"}
	block=${block//$'\v'/"${backslash}v"}
	[[ $block != *[[:cntrl:]]* ]] || each_byte '[[:cntrl:]]' '\\x%02x'
}

# Go's url.QueryEscape.
block_urlquery() {
	[[ $block != *[!A-Za-z0-9_.~-]* ]] || each_byte '[!A-Za-z0-9_.~-]' '%%%02X'
	block=${block//[%]20/+}
}

# Replaces the bytes of the block that match the pattern $1 by their number in the format $2.
each_byte() {
	local byte number result=''
	local -i at
	for ((at = 0; at < ${#block}; at++)); do
		byte=${block:at:1}
		# shellcheck disable=SC2053 # It is a pattern.
		if [[ $byte == $1 ]]; then
			printf -v number %d "'$byte"
			# Some versions count bytes over 127 as negative numbers.
			((number &= 255))
			# shellcheck disable=SC2059 # It is a format.
			printf -v byte "$2" "$number"
		fi
		result+=$byte
	done
	block=$result
}

# Three bytes give four characters; what the last block lacks of three is padded.
block_b64enc() {
	local result='' bits
	local -i at lacking
	for ((at = 0; at < ${#block}; at += 3)); do
		printf -v bits '(%d&255)<<16|(%d&255)<<8|(%d&255)' \
			"'${block:at:1}" "'${block:at+1:1}" "'${block:at+2:1}"
		((bits = bits))
		result+=${alphabet:bits>>18:1}${alphabet:bits>>12&63:1}${alphabet:bits>>6&63:1}${alphabet:bits&63:1}
	done
	((lacking = at - ${#block}))
	case $lacking in
	1) result=${result:0:${#result}-1}= ;;
	2) result=${result:0:${#result}-2}== ;;
	esac
	block=$result
}

# Changes `value` block by block. 240 is a multiple of three, for base64.
blockwise() {
	local block
	local -a blocks
	local -i at
	for ((at = 0; at < ${#value}; at += 240)); do
		block=${value:at:240}
		"block_$1"
		blocks+=("$block")
	done
	value="${blocks[*]}"
}

transform() {
	case $1 in
	b64enc | urlquery) blockwise "$1" ;;
	shellQuote) blockwise "$1" && value="'$value'" ;;
	quote) blockwise "$1" && value="\"$value\"" ;;
	squote) value="'$value'" ;;
	*) fail "the script asks for the unknown transformation $1" ;;
	esac
}

# Appends the value for a token, given without its braces: NAME:transform:transform.
append_value() {
	local name=${1%%:*} transforms value
	[[ $name == BMC_* && $name != *[!A-Za-z0-9_]* ]] || fail "the script holds a malformed token"
	[[ ${!name+set} == set ]] || fail "the environment variable $name, which the script needs, is not set"
	value=${!name}
	transforms=${1:${#name}}
	while [[ -n $transforms ]]; do
		transforms=${transforms#:}
		transform "${transforms%%:*}"
		name=${transforms%%:*}
		transforms=${transforms:${#name}}
	done
	parts+=("$value")
}

# Appends one line of the script, looking for tokens in windows of 1024 bytes.
append_line() {
	local window before
	local -i offset=0
	while ((offset < ${#line})); do
		window=${line:offset:1024}
		before=${window%%'@BMC{'*}
		if ((${#before} < ${#window})); then
			parts+=("$before")
			window=${line:offset+${#before}+5:1024}
			((offset += ${#before}))
			before=${window%%'}@'*}
			((${#before} < ${#window})) || fail "the script holds a malformed token"
			append_value "$before"
			((offset += ${#before} + 7))
		else
			# Not the last four bytes, unless the line ends here: a token may begin in them.
			before=${window:0:offset+1024<${#line}?1020:1024}
			parts+=("$before")
			((offset += ${#before}))
		fi
	done
}

# Reads the script $1 byte by byte the same, and writes it to $2 only when it is complete.
render() {
	# shellcheck disable=SC1003 # A backslash does not escape inside single quotes.
	local LC_ALL=C IFS='' line apostrophe="'" escaped_apostrophe="'\\''" backslash='\'
	local alphabet=ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/
	local -a parts
	while read -r line; do
		append_line
		parts+=($'\n')
	done <"$1" || fail "the script cannot be read"
	append_line
	printf %s "${parts[@]}" >"$2" || fail "the script cannot be written"
}

render "$1" "$2"
unset -v "${!BMC_@}"
# Without -p, bash would read BASH_ENV here too; the script itself must find it as if there were no bootstrap.
set +p
exec /bin/bash "$2"
