// The list of what is inside the image, as CycloneDX JSON, for those who have to know whether a flaw concerns them.
// https://cyclonedx.org/docs/1.6/json/
import type { DebianPackage } from "./debian.ts";
import type { NpmPackage } from "./packages.ts";

export interface Contents {
	version: string;
	/** Of Node.js, without `v`. */
	nodeVersion: string;
	npm: readonly NpmPackage[];
	debian: readonly DebianPackage[];
	created: Date;
}

/** A package URL: https://github.com/package-url/purl-spec */
const npmUrl = ({ name, version }: { name: string; version: string }): string =>
	`pkg:npm/${name.replace("@", "%40")}@${version}`;

const npmComponent = (npm: NpmPackage): object => ({
	type: "library",
	"bom-ref": npm.path,
	name: npm.name,
	version: npm.version,
	purl: npmUrl(npm),
	...(npm.license === undefined ? {} : { licenses: [{ expression: npm.license }] }),
	hashes: [{ alg: "SHA-512", content: Buffer.from(npm.integrity.replace("sha512-", ""), "base64").toString("hex") }],
});

const debianComponent = ({ name, version, architecture, sha256 }: DebianPackage): object => ({
	type: "library",
	"bom-ref": `deb:${name}`,
	name,
	version,
	purl: `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}`,
	hashes: [{ alg: "SHA-256", content: sha256 }],
});

/** The document; the same contents always give the same text. */
export const sbomText = ({ version, nodeVersion, npm, debian, created }: Contents): string => {
	const name = "backup-maker-controller";
	const document = {
		bomFormat: "CycloneDX",
		specVersion: "1.6",
		version: 1,
		metadata: {
			timestamp: created.toISOString(),
			component: { type: "container", "bom-ref": name, name, version, licenses: [{ license: { id: "Apache-2.0" } }] },
		},
		components: [
			{
				type: "application",
				"bom-ref": "node",
				name: "node",
				version: nodeVersion,
				purl: `pkg:generic/node@${nodeVersion}`,
			},
			...debian.map(debianComponent),
			...npm.map(npmComponent),
		],
	};
	return `${JSON.stringify(document, null, 2)}\n`;
};
