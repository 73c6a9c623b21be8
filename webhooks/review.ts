// The codec of admission reviews: what the API server sends, as a typed request, and a verdict, as what it understands.
// Pure, so that every answer that a user can see is tested as text. The protocol:
// https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request
import type { KubernetesObject } from "../src/api/kubernetes.ts";
import type { Problem } from "../src/domain/report.ts";
import { boundedProblems, problemMessage } from "../src/domain/report.ts";
import { boundWarnings } from "./warnings.ts";

export const REVIEW_API_VERSION = "admission.k8s.io/v1";
export const REVIEW_KIND = "AdmissionReview";

export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/** Who asks: https://kubernetes.io/docs/reference/access-authn-authz/authentication/ */
export interface UserInfo {
	username: string;
	uid?: string;
	groups?: string[];
	extra?: Record<string, string[]>;
}

export interface AdmissionRequest {
	uid: string;
	group: string;
	kind: string;
	operation: Operation;
	/** Empty for a create with `generateName`. */
	name: string;
	/** Empty for cluster-scoped kinds. */
	namespace: string;
	user: UserInfo;
	dryRun: boolean;
	/** Absent on DELETE. */
	object: KubernetesObject | undefined;
	/** Absent on CREATE, and on the DELETE of a whole collection. */
	oldObject: KubernetesObject | undefined;
}

/** https://datatracker.ietf.org/doc/html/rfc6902 */
export interface JsonPatchOperation {
	op: "add" | "replace" | "remove";
	path: string;
	value?: unknown;
}

/** What a handler decides. */
export type Verdict =
	| { allowed: true; warnings: readonly string[]; patch?: readonly JsonPatchOperation[] }
	| { allowed: false; warnings: readonly string[]; problems: readonly Problem[] };

/** A body that is no review; `uid` is there where the body still told it, and must then be answered with. */
export interface UndecodableReview {
	uid: string | undefined;
	message: string;
}

export type Decoded = { request: AdmissionRequest } | { request: undefined; failure: UndecodableReview };

/** The wire shape of an answer. */
export interface ReviewResponse {
	apiVersion: typeof REVIEW_API_VERSION;
	kind: typeof REVIEW_KIND;
	response: {
		uid: string;
		allowed: boolean;
		status?: Status;
		patch?: string;
		patchType?: "JSONPatch";
		warnings?: string[];
	};
}

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export interface Status {
	kind: "Status";
	apiVersion: "v1";
	metadata: Record<string, never>;
	status: "Failure";
	message: string;
	reason: string;
	code: number;
	details?: { kind: string; group: string; name: string; causes: StatusCause[] };
}

export interface StatusCause {
	reason: string;
	message: string;
	field: string;
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
	typeof value === "object" && value !== null && !Array.isArray(value);

const textOr = (value: unknown, fallback: string): string => (typeof value === "string" ? value : fallback);

const OPERATIONS: readonly string[] = ["CREATE", "UPDATE", "DELETE", "CONNECT"] satisfies Operation[];

/** An object of a request; null and absent are the same on the wire. */
const objectOf = (value: unknown): KubernetesObject | undefined => (isFields(value) ? value : undefined);

/** Our own copy with just the fields of the API, so that nothing else of the body travels on. */
const userOf = (value: unknown): UserInfo | undefined => {
	if (!isFields(value) || typeof value["username"] !== "string") return undefined;
	const user: UserInfo = { username: value["username"] };
	if (typeof value["uid"] === "string") user.uid = value["uid"];
	if (Array.isArray(value["groups"])) user.groups = value["groups"].map(String);
	if (isFields(value["extra"])) user.extra = value["extra"] as Record<string, string[]>;
	return user;
};

/** What is wrong with the request part of a review, in one phrase; undefined where nothing is. */
const requestFault = (request: Fields): string | undefined => {
	if (!isFields(request["kind"]) || typeof request["kind"]["kind"] !== "string") return "request.kind is missing";
	if (!OPERATIONS.includes(textOr(request["operation"], ""))) return "request.operation is unknown";
	if (userOf(request["userInfo"]) === undefined) return "request.userInfo is missing";
	return undefined;
};

const failed = (uid: string | undefined, message: string): Decoded => ({
	request: undefined,
	failure: { uid, message },
});

/**
 * Reads the parsed JSON body of an admission call.
 * Out: the request, or what is wrong with the body. Never throws.
 */
export const decodeReview = (body: unknown): Decoded => {
	if (!isFields(body)) return failed(undefined, "the body is no JSON object");
	const request = body["request"];
	const uid =
		isFields(request) && typeof request["uid"] === "string" && request["uid"] !== "" ? request["uid"] : undefined;
	if (body["kind"] !== REVIEW_KIND || body["apiVersion"] !== REVIEW_API_VERSION) {
		return failed(uid, `the body is no ${REVIEW_KIND} of ${REVIEW_API_VERSION}`);
	}
	if (!isFields(request) || uid === undefined) return failed(uid, "the review has no request with a uid");
	const fault = requestFault(request);
	if (fault !== undefined) return failed(uid, fault);
	return { request: typedRequest(uid, request) };
};

/** The request as the handlers see it; `requestFault` has found nothing. */
const typedRequest = (uid: string, request: Fields): AdmissionRequest => {
	const kind = request["kind"] as Fields;
	return {
		uid,
		group: textOr(kind["group"], ""),
		kind: kind["kind"] as string,
		operation: request["operation"] as Operation,
		name: nameOf(request),
		namespace: textOr(request["namespace"], ""),
		user: userOf(request["userInfo"]) as UserInfo,
		dryRun: request["dryRun"] === true,
		object: objectOf(request["object"]),
		oldObject: objectOf(request["oldObject"]),
	};
};

/** The deletion of a whole collection asks about each object, and names it in the old object alone. */
const nameOf = (request: Fields): string =>
	textOr(request["name"], "") || (objectOf(request["oldObject"])?.metadata?.name ?? "");

/** What the object is called in messages; a create with `generateName` has only that. */
const displayName = (request: AdmissionRequest): string => {
	if (request.name !== "") return request.name;
	const metadata = (request.object ?? request.oldObject)?.metadata;
	return metadata?.name ?? metadata?.generateName ?? "";
};

/**
 * The list of problems as one text, in the words that kubectl itself uses for one file. With several failed files it
 * prints this instead of the causes.
 */
const denialMessage = (kind: string, name: string, causes: readonly StatusCause[]): string => {
	const lines = causes.map((cause) => `${cause.field}: ${cause.message}`);
	const start = `The ${kind} "${name}" is invalid:`;
	return lines.length === 1 ? `${start} ${lines[0]}` : [start, ...lines.map((line) => `* ${line}`)].join("\n");
};

/** Two checks may find the same mistake; the user reads it once. */
const distinctProblems = (problems: readonly Problem[]): Problem[] => {
	const distinct = new Map<string, Problem>();
	for (const problem of problems) distinct.set(`${problem.path}\n${problemMessage(problem)}`, problem);
	return [...distinct.values()];
};

const causeOf = (problem: Problem): StatusCause => ({
	reason: problem.reason,
	message: problemMessage(problem),
	field: problem.path,
});

const denialStatus = (request: AdmissionRequest, problems: readonly Problem[]): Status => {
	const name = displayName(request);
	const causes = boundedProblems(distinctProblems(problems)).map(causeOf);
	return {
		...failureStatus(422, "Invalid", denialMessage(request.kind, name, causes)),
		details: { kind: request.kind, group: request.group, name, causes },
	};
};

/**
 * A Status as the API server reads it from a call that failed.
 * In: HTTP status, the API's reason word, and a message that holds nothing secret.
 */
export const failureStatus = (code: number, reason: string, message: string): Status => ({
	kind: "Status",
	apiVersion: "v1",
	metadata: {},
	status: "Failure",
	message,
	reason,
	code,
});

/**
 * A verdict as the API server reads it. A denial is status 422 `Invalid` with a cause per problem, which kubectl prints
 * as `The <kind> "<name>" is invalid:` and a bullet each, at most 100 of them (`boundedProblems`); warnings are cut to what
 * the API server passes on.
 */
export const encodeVerdict = (request: AdmissionRequest, verdict: Verdict): ReviewResponse => {
	const response: ReviewResponse["response"] = { uid: request.uid, allowed: verdict.allowed };
	const warnings = boundWarnings(verdict.warnings);
	if (warnings.length > 0) response.warnings = warnings;
	if (!verdict.allowed) response.status = denialStatus(request, verdict.problems);
	else if (verdict.patch !== undefined && verdict.patch.length > 0) {
		response.patch = Buffer.from(JSON.stringify(verdict.patch)).toString("base64");
		response.patchType = "JSONPatch";
	}
	return { apiVersion: REVIEW_API_VERSION, kind: REVIEW_KIND, response };
};

/** The answer to a body whose UID is known although the rest is not understood: denied, status 400. */
export const encodeUndecodable = (uid: string, message: string): ReviewResponse => ({
	apiVersion: REVIEW_API_VERSION,
	kind: REVIEW_KIND,
	response: { uid, allowed: false, status: failureStatus(400, "BadRequest", message) },
});
