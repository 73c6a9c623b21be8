// What a container runtime understands as an image. An image that is none would be told by a pod that never starts, when a
// run is due. https://pkg.go.dev/github.com/distribution/reference

const HOST_PART = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
const HOST = `(?:${HOST_PART}(?:\\.${HOST_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH_PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const TAG = ":[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
const DIGEST = "@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";

/** `[host[:port]/]path[:tag][@digest]`, as a regular expression; the CRD has the same. */
export const IMAGE_PATTERN = `^(?:${HOST}/)?${PATH_PART}(?:/${PATH_PART})*(?:${TAG})?(?:${DIGEST})?$`;

const IMAGE = new RegExp(IMAGE_PATTERN);
/** Characters in all; the expression is not to be tried on more. */
export const IMAGE_LIMIT = 1024;
/** Characters of host and path. */
const NAME_LIMIT = 255;

/** What is left of tag and digest. */
const nameOf = (image: string): string => (image.split("@")[0] as string).replace(/:[^:/]*$/, "");

/** Whether a container runtime can understand it as an image. */
export const isImageReference = (image: string): boolean =>
	image.length <= IMAGE_LIMIT && IMAGE.test(image) && nameOf(image).length <= NAME_LIMIT;
