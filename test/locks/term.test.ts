import t from "tap";
import { beginTerm, momentOf } from "../../src/locks/term.ts";
import { virtualClock } from "../kube/fixtures/clock.ts";

const start = () => {
	const steady = virtualClock(0);
	let ahead = 0;
	const clocks = { steady, wall: () => 5_000_000 + steady.now() + ahead };
	const term = beginTerm(clocks, momentOf(clocks), 10_000);
	const jump = (milliseconds: number): void => {
		ahead += milliseconds;
	};
	return { steady, clocks, term, jump };
};

t.test("it ends by itself, and says so", (t) => {
	const { steady, term } = start();
	steady.advance(9_999);
	t.ok(term.permit.mayWrite());
	steady.advance(1);
	t.ok(term.permit.signal.aborted);
	t.notOk(term.permit.mayWrite());
	t.end();
});

t.test("a renewal counts from when it was asked for", (t) => {
	const { steady, clocks, term } = start();
	steady.advance(2_000);
	const asked = momentOf(clocks);
	steady.advance(3_000);
	term.extend(asked);
	steady.advance(6_999);
	t.ok(term.permit.mayWrite());
	steady.advance(1);
	t.notOk(term.permit.mayWrite());
	t.end();
});

t.test("no renewal brings an ended one back", (t) => {
	const { steady, clocks, term } = start();
	steady.advance(10_000);
	term.extend(momentOf(clocks));
	t.notOk(term.permit.mayWrite());
	t.strictSame(steady.waits(), []);
	t.end();
});

t.test("the machine slept: the steady clock stood still, the time of day tells", (t) => {
	const { term, clocks, jump } = start();
	jump(10_000);
	t.notOk(term.permit.signal.aborted, "no timer has fired");
	t.notOk(term.permit.mayWrite());
	t.ok(term.permit.signal.aborted, "whoever asked made it known to all");
	term.extend(momentOf(clocks));
	t.notOk(term.permit.mayWrite());
	t.end();
});

t.test("a renewal that comes after such a sleep is too late, though no timer has fired", (t) => {
	const { term, clocks, jump } = start();
	jump(10_000);
	term.extend(momentOf(clocks));
	t.notOk(term.permit.mayWrite());
	t.end();
});

t.test("a time of day that is set back changes nothing", (t) => {
	const { steady, term, jump } = start();
	jump(-3_600_000);
	steady.advance(9_999);
	t.ok(term.permit.mayWrite());
	steady.advance(1);
	t.notOk(term.permit.mayWrite());
	t.end();
});

t.test("ended at once", (t) => {
	const { steady, term } = start();
	term.end();
	t.notOk(term.permit.mayWrite());
	t.ok(term.permit.signal.aborted);
	t.strictSame(steady.waits(), []);
	t.end();
});
