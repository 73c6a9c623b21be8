// An image without a fixed tag changes under a backup that worked yesterday, and cannot be traced afterwards.
import { isImageReference } from "../../api/image.ts";
import type { Problem, Report } from "../report.ts";
import { warningsOnly } from "./problems.ts";

/** https://github.com/distribution/reference: the tag follows the last colon that no slash follows. */
const tagOf = (image: string): string | undefined => /:([^/:@]+)$/.exec(image)?.[1];

/**
 * Warns of an image with the tag `latest` or with none; an image that is pinned by its digest is fine.
 * @param where what names it, for the message: `HelmValues.image`
 */
export const imageReport = (where: string, image: string): Report => {
	if (image === "" || image.includes("@")) return warningsOnly();
	const tag = tagOf(image);
	if (tag === undefined) return warningsOnly(`${where}: image "${image}" has no tag; name a fixed version`);
	return tag === "latest"
		? warningsOnly(`${where}: image "${image}" is tagged latest; name a fixed version`)
		: warningsOnly();
};

/**
 * An image that no container runtime would understand; its schema refuses it, but not in objects that were there before.
 * @param path the field to blame
 * @param label what the image is of: `ClusterBackupProcedureTemplate "pg13"`
 */
export const imageProblems = (path: string, label: string, image: string): Problem[] =>
	image === "" || isImageReference(image)
		? []
		: [
				{
					path,
					reason: "FieldValueInvalid",
					message: `the image of ${label} is no image reference`,
					hint: "an image is called like registry.example.org/team/tools:1.2",
				},
			];
