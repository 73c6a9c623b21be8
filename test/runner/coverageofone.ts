// Loaded into each unit test file before it: coverage is that of the file's own process. What it starts would inherit the
// variable, write megabytes at each end, and tell nothing that is counted: pure code is tested where it is called.
// Without coverage, compiled code can be kept for it.
import { compileCache } from "./compilecache.ts";

delete process.env["NODE_V8_COVERAGE"];
Object.assign(process.env, compileCache());
