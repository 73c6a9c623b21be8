// The texts that pod options are made of, each with the words that say what it must look like. The rules are those of the
// API server, or of the kubelet where the API server would let something pass that can never run.
import { isImageReference } from "../../api/image.ts";
import { isDns1123Label, isDns1123Subdomain, isLabelValue } from "../names.ts";
import { parseQuantity } from "./quantity.ts";

const QUALIFIED_NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const NAME_LIMIT = 63;
const DATA_KEY = /^[-._a-zA-Z0-9]{1,253}$/;
const ENVIRONMENT_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const ABSOLUTE_PATH = /^\/[^:\0]*$/;
const CAPABILITY = /^[A-Z][A-Z0-9_]*$/;
const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
const HUGE_PAGES = "HugePages-";
const FIELD_PATH = /^metadata\.(?:name|namespace|uid|labels|annotations|(?:labels|annotations)\['([^']+)'\])$/;
/** `[prefix/]name`, as labels, annotations, taints and extended resources are called. */
export const isQualifiedName = (text: string): boolean => {
	const [name, prefix, ...more] = text.split("/").reverse() as [string, ...string[]];
	const isName = name.length <= NAME_LIMIT && QUALIFIED_NAME.test(name);
	return isName && more.length === 0 && (prefix === undefined || isDns1123Subdomain(prefix));
};

/** Neither absolute nor with a step upwards, nor beginning like one. */
const isRelativePath = (text: string): boolean =>
	text !== "" && !text.startsWith("/") && !text.startsWith("..") && !text.split("/").includes("..");

const isMedium = (text: string): boolean =>
	["", "Memory", "HugePages"].includes(text) ||
	(text.startsWith(HUGE_PAGES) && (parseQuantity(text.slice(HUGE_PAGES.length)) ?? 0n) > 0n);

const isFieldPath = (text: string): boolean => {
	const found = FIELD_PATH.exec(text);
	return found !== null && (found[1] === undefined || isQualifiedName(found[1]));
};

/** Whether both a Secret's key and an environment variable may be called so. */
export const isEnvironmentName = (text: string): boolean =>
	text.length <= 253 && ENVIRONMENT_NAME.test(text) && text !== "." && !text.startsWith("..");

export interface TextFormat {
	test: (text: string) => boolean;
	/** What follows "must be". */
	wanted: string;
}

const LABEL_KEY = "a label key: [prefix/]name, the name at most 63 letters, digits, `-`, `_` and `.`";

/** By the name that the schema uses. */
export const FORMATS: Readonly<Record<string, TextFormat>> = {
	"object-name": { test: isDns1123Subdomain, wanted: "a name: lower-case letters, digits, `-` and `.`" },
	"volume-name": { test: isDns1123Label, wanted: "a name: at most 63 lower-case letters, digits and `-`" },
	"label-key": { test: isQualifiedName, wanted: LABEL_KEY },
	"label-value": { test: isLabelValue, wanted: "a label value: at most 63 letters, digits, `-`, `_` and `.`" },
	"annotation-key": { test: (text) => isQualifiedName(text.toLowerCase()), wanted: LABEL_KEY },
	quantity: { test: (text) => parseQuantity(text) !== undefined, wanted: "a quantity such as 500m, 1.5 or 2Gi" },
	image: { test: isImageReference, wanted: "an image such as registry.example.org/team/image:1.0" },
	"data-key": { test: (text) => DATA_KEY.test(text), wanted: "a data key: letters, digits, `-`, `_` and `.`" },
	"relative-path": { test: isRelativePath, wanted: "a relative path without `..`" },
	"absolute-path": { test: (text) => ABSOLUTE_PATH.test(text), wanted: "a path that begins with `/`, without `:`" },
	"environment-prefix": { test: isEnvironmentName, wanted: "the beginning of an environment variable's name" },
	medium: { test: isMedium, wanted: "Memory or HugePages" },
	capability: { test: (text) => CAPABILITY.test(text), wanted: "a capability such as NET_ADMIN, or ALL" },
	sysctl: { test: (text) => text.length <= 253 && SYSCTL.test(text), wanted: "a sysctl such as net.core.somaxconn" },
	"field-path": {
		test: isFieldPath,
		wanted: "metadata.name, .namespace, .uid, .labels, .annotations or one of the last two['key']",
	},
};
