// The operators that a mutant exchanges, and the methods. Each entry is one mutant.

/** Binary and logical operators. */
export const OPERATORS: Readonly<Record<string, readonly string[]>> = {
	"<": ["<=", ">="],
	"<=": ["<", ">"],
	">": [">=", "<="],
	">=": [">", "<"],
	"===": ["!=="],
	"!==": ["==="],
	"&&": ["||"],
	"||": ["&&"],
	"??": ["&&"],
	"+": ["-"],
	"-": ["+"],
	"*": ["/"],
	"/": ["*"],
	"%": ["*"],
	"**": ["*"],
	"&": ["|"],
	"|": ["&"],
	"<<": [">>"],
	">>": ["<<"],
	">>>": ["<<"],
	instanceof: [],
	in: [],
};

/** Operators of an assignment. */
export const ASSIGNMENTS: Readonly<Record<string, string>> = {
	"+=": "-=",
	"-=": "+=",
	"*=": "/=",
	"/=": "*=",
	"??=": "&&=",
	"||=": "&&=",
	"&&=": "||=",
};

/** Methods that a mutant exchanges for another one. */
export const METHODS: Readonly<Record<string, string>> = {
	some: "every",
	every: "some",
	startsWith: "endsWith",
	endsWith: "startsWith",
	toUpperCase: "toLowerCase",
	toLowerCase: "toUpperCase",
	trimStart: "trimEnd",
	trimEnd: "trimStart",
	padStart: "padEnd",
	padEnd: "padStart",
	min: "max",
	max: "min",
	floor: "ceil",
	ceil: "floor",
	find: "findLast",
	findLast: "find",
	indexOf: "lastIndexOf",
	lastIndexOf: "indexOf",
	push: "unshift",
	all: "any",
	race: "all",
};

/** Methods whose call a mutant replaces by what it is called on. */
export const REMOVED_METHODS: ReadonlySet<string> = new Set([
	"filter",
	"sort",
	"toSorted",
	"reverse",
	"toReversed",
	"slice",
	"trim",
	"replace",
	"replaceAll",
]);
