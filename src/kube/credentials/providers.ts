// Users with an `auth-provider` (OIDC, and the clouds' programs from before exec plugins), by client-node's KubeConfig. Only
// this module loads that package, and only for such a user: it is large (docs/adr/0012).
import type { RequestOptions } from "node:https";
import type { Authenticator } from "@kubernetes/client-node/dist/auth.js";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { OpenIDConnectAuth } from "@kubernetes/client-node/dist/oidc_auth.js";
import type { ExecCredential } from "./exec.ts";
import { type AuthProvider, KubeconfigError, PROVIDERS } from "./kubeconfig.ts";
import { type OidcSettings, refreshIdToken } from "./oidc.ts";

/** Makes tokens, and keeps what it was given for the next one, such as a new refresh token. */
export interface TokenProvider {
	/** @throws KubeconfigError, which quotes nothing of the provider's answer. */
	credential(): Promise<ExecCredential>;
}

/** Milliseconds since the epoch; undefined where the token does not say. https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4 */
const expiryOf = (token: string): number | undefined => {
	try {
		const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
		const { exp } = (claims ?? {}) as { exp?: unknown };
		return typeof exp === "number" ? exp * 1000 : undefined;
	} catch {
		return undefined;
	}
};

/** Under another name, because KubeConfig asks its own authenticator of the name `oidc` first. */
const OUR_OIDC = "oidc-refreshed";

const ourOidc = (settings: OidcSettings): Authenticator => {
	const authenticator = new OpenIDConnectAuth();
	const client = { refresh: (refreshToken: string) => refreshIdToken(settings, refreshToken) };
	return {
		isAuthProvider: ({ authProvider }) => authProvider?.name === OUR_OIDC,
		applyAuthentication: (user, options) => authenticator.applyAuthentication(user, options as RequestOptions, client),
	};
};

const configOf = ({ name, config }: AuthProvider): KubeConfig => {
	const kubeConfig = new KubeConfig();
	kubeConfig.loadFromOptions({
		clusters: [{ name: "cluster", server: "https://cluster.invalid", skipTLSVerify: false }],
		// A copy: KubeConfig writes new tokens into it.
		users: [{ name: "user", authProvider: { name: name === "oidc" ? OUR_OIDC : name, config: { ...config } } }],
		contexts: [{ name: "context", cluster: "cluster", user: "user" }],
		currentContext: "context",
	});
	kubeConfig.addAuthenticator(ourOidc(config));
	return kubeConfig;
};

/**
 * The provider of a user. Nothing is asked yet.
 * @throws KubeconfigError for a name that KubeConfig does not know
 */
export const createTokenProvider = (provider: AuthProvider): TokenProvider => {
	const { name } = provider;
	const what = `the auth-provider ${JSON.stringify(name)}`;
	if (!PROVIDERS.includes(name))
		throw new KubeconfigError(`${what} is not supported; supported are ${PROVIDERS.join(", ")}, and exec plugins`);
	const kubeConfig = configOf(provider);
	const token = async (): Promise<string | undefined> => {
		const options: { headers: Record<string, string> } = { headers: {} };
		await kubeConfig.applyToHTTPSOptions(options);
		return options.headers["Authorization"]?.replace(/^Bearer /, "");
	};
	return {
		credential: async () => {
			const made = await token().catch((error: { code?: unknown }) => {
				// Its message may quote what the provider answered, which may be a token.
				const code = typeof error.code === "string" ? ` (${error.code})` : "";
				throw new KubeconfigError(`${what} failed to make a token${code}`);
			});
			if (made === undefined || made === "")
				throw new KubeconfigError(`${what} has no valid token, and not everything that a new one requires`);
			const expiresAt = expiryOf(made);
			return { token: made, ...(expiresAt === undefined ? {} : { expiresAt }) };
		},
	};
};
