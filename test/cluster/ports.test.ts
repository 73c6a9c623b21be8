// A port is given to one test only, however many run at once.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import t from "tap";
import { execute } from "./execute.ts";
import { freePorts, PORT_BLOCK, portsOf, takePortBlock } from "./ports.ts";

t.test("blocks that are taken are not taken again, in this process or another", async (t) => {
	const [one, two] = await Promise.all([takePortBlock(), takePortBlock()]);
	t.teardown(() => Promise.all([one.release(), two.release()]));
	const script = `const { takePortBlock } = await import("./test/cluster/ports.ts"); console.log((await takePortBlock()).first); process.exit(0);`;
	const other = Number((await execute("node", ["--input-type=module", "-e", script])).stdout);
	t.equal(new Set([one.first, two.first, other]).size, 3);
	t.ok(
		Math.min(
			...[one.first, two.first, other].map((first, _, all) =>
				Math.min(...all.filter((b) => b !== first).map((b) => Math.abs(b - first))),
			),
		) >= 250,
		"and do not overlap",
	);
});

t.test("a block that was released is free again", async (t) => {
	const block = await takePortBlock();
	await block.release();
	const again = await takePortBlock();
	t.teardown(() => again.release());
	t.ok(again.first <= block.first);
});

t.test("ports are given out once, and what another program listens on is left out", async (t) => {
	const block = await takePortBlock();
	t.teardown(() => block.release());
	const taken = createServer().listen(block.first + 2, "127.0.0.1");
	await once(taken, "listening");
	t.teardown(() => taken.close());
	const next = portsOf(block.first);
	t.same(await next(3), [block.first + 1, block.first + 3, block.first + 4]);
	t.same(await next(1), [block.first + 5], "not one that was given before");
	await t.rejects(portsOf(block.first)(250), { message: /^no 250 ports are free/ });
});

t.test("all are below the ports that Linux gives to outgoing connections", async (t) => {
	const range = await readFile("/proc/sys/net/ipv4/ip_local_port_range", "utf8").catch(() => "32768");
	for (const port of await freePorts(5)) t.ok(port < Number(range.split(/\s+/)[0]), `${port}`);
});

t.test("the block that the runner reserved is used", async (t) => {
	const block = await takePortBlock();
	t.teardown(() => block.release());
	const script = `const { freePorts } = await import("./test/cluster/ports.ts"); console.log(JSON.stringify(await freePorts(2)));`;
	const { stdout } = await execute("node", ["--input-type=module", "-e", script], {
		env: { [PORT_BLOCK]: `${block.first}` },
	});
	t.same(JSON.parse(stdout), [block.first + 1, block.first + 2]);
});
