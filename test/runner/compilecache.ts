// Compiled code of Node.js, kept between test processes: without it each of them strips the types of some 300 modules again.
// Not for test files of which coverage is collected, which would be less exact (https://nodejs.org/api/module.html#module-compile-cache).
import { join } from "node:path";
import { cacheFolder } from "../cluster/cache.ts";

/** The variable that makes Node.js keep it. */
export const compileCache = (): Record<string, string> => ({ NODE_COMPILE_CACHE: join(cacheFolder(), "node") });
