// The flags for the times of the leader's Lease and for the trust delay of certificates: what is accepted, and how a value
// is refused. (Their defaults are in test/config.test.ts.)
import t from "tap";
import { parseConfiguration, type RunConfig } from "../../src/config.ts";

const parse = (...flags: string[]) => parseConfiguration(["run", ...flags], { HOME: "/home/me" });
const ELECTED = ["--standalone", "--webhook-url=https://127.0.0.1:9443", "--namespace=backups", "--leader-elect"];
const SELF_MANAGED = [
	"--namespace=backups",
	"--certs-secret=bmc-ca",
	"--webhook-service=bmc-webhook",
	"--webhook-configuration=bmc",
];

/** Flags of the Lease, and milliseconds. */
const leases: [flags: string[], timing: [duration: number, renewDeadline: number, retryPeriod: number]][] = [
	[
		["lease-duration=6s", "renew-deadline=4s", "retry-period=1s"],
		[6000, 4000, 1000],
	],
	[
		["lease-duration=1m", "retry-period=1500ms"],
		[60_000, 10_000, 1500],
	],
	[
		["lease-duration=11s", "renew-deadline=10999ms"],
		[11_000, 10_999, 2000],
	],
	[["renew-deadline=2401ms"], [15_000, 2401, 2000]],
];
for (const [flags, [duration, renewDeadline, retryPeriod]] of leases)
	t.test(`accepted: ${flags.join(" ")}`, async (t) => {
		const { leaderElection } = parse(...ELECTED, ...flags.map((flag) => `--leader-elect-${flag}`)) as RunConfig;
		t.strictSame(leaderElection?.timing, { duration, renewDeadline, retryPeriod });
	});

t.test("another Lease has the same times", async (t) => {
	const timing = { duration: 15_000, renewDeadline: 10_000, retryPeriod: 2000 };
	const { leaderElection } = parse(...ELECTED, "--leader-elect-lease=x.y") as RunConfig;
	t.strictSame(leaderElection, { lease: "x.y", timing });
});

t.test("without leader election they mean nothing", async (t) => {
	const { leaderElection } = parse(...ELECTED.slice(0, -1), "--leader-elect-lease-duration=1ms") as RunConfig;
	t.equal(leaderElection, undefined);
});

const delays: [flags: string[], milliseconds: number][] = [
	[["--certs-trust-delay=1s"], 1000],
	[["--certs-trust-delay=1500ms"], 1500],
	[["--certs-authority-duration=90m", "--certs-leaf-duration=1h", "--certs-trust-delay=18m"], 1_080_000],
	[["--certs-authority-duration=5m", "--certs-leaf-duration=5m"], 60_000],
];
for (const [flags, milliseconds] of delays)
	t.test(`accepted: ${flags.join(" ")}`, async (t) => {
		t.equal((parse(...SELF_MANAGED, ...flags) as RunConfig).selfManaged?.trustDelay, milliseconds);
	});

const noDuration = (flag: string, text: string): string =>
	`--${flag}: Invalid value: "${text}": must be a duration of 1s or more, such as 15s or 1m30s`;

const refused: [flags: string[], message: string][] = [
	...["999ms", "0", "-1m", "60", "soon"].map((text): [string[], string] => [
		[...SELF_MANAGED, `--certs-trust-delay=${text}`],
		noDuration("certs-trust-delay", text),
	]),
	[
		[...SELF_MANAGED, "--certs-authority-duration=90m", "--certs-leaf-duration=1h", "--certs-trust-delay=18m1s"],
		'--certs-trust-delay: Invalid value: "18m1s": must be at most a fifth of --certs-authority-duration (5400s)',
	],
	[["--certs-dir=/c", "--certs-trust-delay=5s"], "--certs-trust-delay needs --certs-secret"],
	...["lease-duration", "renew-deadline", "retry-period"].map((name): [string[], string] => [
		[...ELECTED, `--leader-elect-${name}=15`],
		noDuration(`leader-elect-${name}`, "15"),
	]),
	[
		[...ELECTED, "--leader-elect-lease-duration=12500ms"],
		'--leader-elect-lease-duration: Invalid value: "12500ms": must be a number of whole seconds',
	],
	[
		[...ELECTED, "--leader-elect-lease-duration=10s"],
		'--leader-elect-renew-deadline: Invalid value: "10s": must be shorter than --leader-elect-lease-duration (10s)',
	],
	[
		[...ELECTED, "--leader-elect-renew-deadline=6s", "--leader-elect-retry-period=5s"],
		'--leader-elect-retry-period: Invalid value: "5s": must be shorter than --leader-elect-renew-deadline (6s) divided by 1.2, since tries are spread by that factor',
	],
];
for (const [flags, message] of refused)
	t.test(`refused: ${flags.join(" ")}`, async (t) => {
		t.strictSame(parse(...flags), { command: "usage-error", message });
	});
