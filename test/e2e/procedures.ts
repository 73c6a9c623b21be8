// Procedures of a platform team: what it takes, encrypted with the mounted public key, streams into a WebDAV store, and
// back. A version gets its name only when all of it has arrived, so that a failed dump is never taken for a backup.
import { template } from "../integration/support/objects.ts";
import { TOOLS_IMAGE } from "../node/toolsimage.ts";

/** Needed by both directions. */
const STORE = `set -euo pipefail
umask 077
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
trap 'rm -rf "$GNUPGHOME"' EXIT
collection={{ .Repository.url | shellQuote }}/{{ .Repository.collectionId | shellQuote }}
printf 'user = "backup:%s"\\n' {{ .Repository.token | shellQuote }} >"$GNUPGHOME/curl"
store() { curl --silent --show-error --fail --config "$GNUPGHOME/curl" "$@"; }
exists() { store --head --output /dev/null "$collection/$1" 2>/dev/null; }
`;

/** In: the command that dumps to standard output. */
const backupOf = (dump: string): string => `${STORE}
store --request MKCOL "$collection" 2>/dev/null || exists ""
number=1
while exists "v$number"; do number=$((number + 1)); done
${dump} |
    gpg --batch --quiet --trust-model always --recipient-file {{ .Repository.encryptionKeyPath | shellQuote }} --encrypt |
    store --upload-file - "$collection/.incoming"
store --request MOVE --header "Destination: $collection/v$number" "$collection/.incoming"
echo "stored v$number"
`;

/** In: the command that takes a dump from standard input. All of it is decrypted before anything is changed. */
const restoreOf = (load: string): string => `${STORE}
version=\${RESTORE_VERSION:-latest}
if [ "$version" = latest ]; then
    number=1
    while exists "v$((number + 1))"; do number=$((number + 1)); done
    version=v$number
fi
gpg --batch --quiet --pinentry-mode loopback --passphrase-fd 3 --import {{ .Repository.encryptionKeyPath | shellQuote }} 3<<<{{ .Repository.passphrase | shellQuote }}
store "$collection/$version" |
    gpg --batch --quiet --pinentry-mode loopback --passphrase-fd 3 --decrypt 3<<<{{ .Repository.passphrase | shellQuote }} >"$GNUPGHOME/dump"
${load} <"$GNUPGHOME/dump"
echo "restored $version"
`;

const POSTGRES = `export PGHOST={{ .Params.hostname | shellQuote }} PGUSER={{ .Params.user | shellQuote }} PGDATABASE={{ .Params.db | shellQuote }}
declare -x PGPASSWORD={{ .Params.password | shellQuote }}
`;
const MARIADB = `declare -x MYSQL_PWD={{ .Params.password | shellQuote }}
options=(--host={{ .Params.hostname | shellQuote }} --user={{ .Params.user | shellQuote }})
`;

/** The pod that level `restricted` takes. */
export const RESTRICTED = {
	podSecurityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000 },
	securityContext: { capabilities: { drop: ["ALL"] } },
};

const procedure = (name: string, backup: string, restore: string) =>
	template(name, { image: TOOLS_IMAGE, backup, restore });

export const postgresProcedure = procedure(
	"e2e-postgres",
	POSTGRES + backupOf("pg_dump --clean --if-exists --no-owner"),
	POSTGRES + restoreOf("psql --quiet --no-psqlrc --single-transaction --set ON_ERROR_STOP=1 --output /dev/null"),
);

export const mariadbProcedure = procedure(
	"e2e-mariadb",
	MARIADB + backupOf('mariadb-dump "${options[@]}" --single-transaction {{ .Params.db | shellQuote }}'),
	MARIADB + restoreOf('mariadb "${options[@]}" {{ .Params.db | shellQuote }}'),
);

/** Takes a word for the whole of what is backed up: for stories that are about something else. */
export const wordProcedure = procedure("e2e-word", backupOf("echo word"), restoreOf("grep -qx word"));

export const filesProcedure = procedure(
	"e2e-files",
	backupOf("tar --create --format=posix --directory {{ .Params.path | shellQuote }} ."),
	restoreOf("tar --extract --preserve-permissions --directory {{ .Params.path | shellQuote }}"),
);
