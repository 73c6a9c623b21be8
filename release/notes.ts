// The text of the release's page: what changed, and how to get and check what was released.
import { type ChangelogSection, isPrerelease } from "./agreement.ts";

const REPOSITORY = "https://github.com/riotkit-org/backup-maker-controller";

/** Links in the changelog are relative to the repository; on the release's page they must name the tag. */
const absoluteLinks = (text: string, version: string): string =>
	text.replaceAll(/\]\((?!https?:|#)([^)\s]+)\)/g, `](${REPOSITORY}/blob/v${version}/$1)`);

/**
 * The notes as Markdown.
 * @param section of CHANGELOG.md
 */
export const releaseNotes = (
	section: ChangelogSection,
	version: string,
): string => `${absoluteLinks(section.text, version)}

### Install

\`\`\`sh
helm install backup-maker-controller oci://ghcr.io/riotkit-org/charts/backup-maker-controller --version ${version} -n backups --create-namespace
npm install --global backup-maker-controller@${version}${isPrerelease(version) ? "   # not `latest`" : ""}
\`\`\`

Image: \`ghcr.io/riotkit-org/backup-maker-controller:${version}\`. How to verify signatures and provenance:
[RELEASING.md](${REPOSITORY}/blob/v${version}/RELEASING.md#verify-a-release).
`;
