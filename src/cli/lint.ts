// `lint`: what kubectl apply would say, without a cluster.
import { dump } from "js-yaml";
import type { OutputFormat } from "../config.ts";
import { boundedProblems, boundedWarnings, problemMessage, problemText } from "../domain/report.ts";
import type { Unreadable } from "../manifests/documents.ts";
import { placesIn } from "../manifests/places.ts";
import { type Checked, isOurs } from "./check.ts";

/** One object, or one text that is none, as `-o json` prints it. */
export interface LintResult {
	kind: string;
	namespace: string;
	name: string;
	allowed: boolean;
	errors: { path: string; reason: string; message: string }[];
	warnings: string[];
}

/** Everything that was looked at. */
export interface Findings {
	checked: readonly Checked[];
	unreadable: readonly Unreadable[];
}

const resultOf = ({ kind, namespace, name, report }: Checked): LintResult => ({
	kind,
	namespace,
	name,
	allowed: report.errors.length === 0,
	errors: boundedProblems(report.errors).map((problem) => ({
		path: problem.path,
		reason: problem.reason,
		message: problemMessage(problem),
	})),
	warnings: boundedWarnings(report.warnings),
});

const unreadableResult = ({ file, line, message }: Unreadable): LintResult => ({
	kind: "",
	namespace: "",
	name: "",
	allowed: false,
	errors: [{ path: "", reason: "FieldValueInvalid", message: `${file}:${line}: ${message}` }],
	warnings: [],
});

const titleOf = ({ kind, namespace, name }: Checked): string =>
	`${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;

const textOf = (checked: Checked): string[] => {
	const { manifest, report } = checked;
	const title = titleOf(checked);
	const places = placesIn(manifest);
	return [
		...boundedProblems(report.errors).map(
			(problem) => `${places.of(problem)}: error: ${title}: ${problemText(problem)}`,
		),
		...boundedWarnings(report.warnings).map((warning) => `${places.ofWarning(warning)}: warning: ${title}: ${warning}`),
	];
};

/** What ends a line, or steers a terminal. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;

/** A name or a path may hold a line break, and what follows it would pass for a line of ours: in CI such a line may be a command. */
const oneLine = (text: string): string =>
	text.replace(CONTROL, (character) =>
		character === "\n" ? "\\n" : `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);

/** One line for each finding: `file:line: error: kind namespace/name: path: message`. Control characters are escaped. */
export const findingLines = ({ checked, unreadable }: Findings): string[] =>
	[
		...unreadable.map(({ file, line, message }) => `${file}:${line}: error: ${message}`),
		...checked.flatMap(textOf),
	].map(oneLine);

/** Whether everything would be allowed. */
export const isAllowed = ({ checked, unreadable }: Findings): boolean =>
	unreadable.length === 0 && checked.every(({ report }) => report.errors.length === 0);

const summary = ({ checked, unreadable }: Findings): string => {
	const ours = checked.filter(({ manifest }) => isOurs(manifest));
	const denied = ours.filter(({ report }) => report.errors.length > 0).length;
	const others = checked.length - ours.length;
	return [
		`${ours.length} checked, ${ours.length - denied} allowed, ${denied} denied`,
		...(others === 0 ? [] : [`${others} duplicates of other kinds`]),
		...(unreadable.length === 0 ? [] : [`${unreadable.length} unreadable`]),
	].join(", ");
};

/** What `lint` prints on standard output, with its final line break. */
export const lintOutput = (findings: Findings, format: OutputFormat): string => {
	if (format === "text") return `${[...findingLines(findings), summary(findings)].join("\n")}\n`;
	const results = [...findings.unreadable.map(unreadableResult), ...findings.checked.map(resultOf)];
	return format === "json" ? `${JSON.stringify(results, null, 2)}\n` : dump(results, { lineWidth: -1, noRefs: true });
};
