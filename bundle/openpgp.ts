// OpenPGP.js is licensed under the LGPL: it stays a file of its own, as its authors publish it, which whoever has the
// package can replace. https://www.gnu.org/licenses/lgpl-3.0.html (section 4, d)
import type { Plugin } from "esbuild";

/** The package, its file in the tree, and the name of that file in lib/. */
export const OPENPGP = {
	package: "node_modules/openpgp",
	file: "node_modules/openpgp/dist/node/openpgp.min.mjs",
	name: "openpgp.min.mjs",
} as const;

/** A plugin of esbuild: who imports the library imports that file, which lies beside all files of the bundle. */
export const separateOpenpgp = (): Plugin => ({
	name: "separate openpgp",
	setup: (build) => {
		build.onResolve({ filter: /^openpgp$/ }, () => ({ path: `./${OPENPGP.name}`, external: true }));
	},
});
