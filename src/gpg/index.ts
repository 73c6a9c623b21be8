// What the composition roots and the reconciler use of OpenPGP.
export { generateIdentity, type Identity, type IdentityRequest } from "./generate.ts";
export { createKeyInspector } from "./inspect.ts";
export { randomPassphrase } from "./passphrase.ts";
export { createInspectorThread, type InspectorThread } from "./thread/inspector.ts";
