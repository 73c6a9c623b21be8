// New ID tokens from an OpenID Connect issuer. client-node's own way cannot send a request to an issuer with an authority
// of its own, sends no client secret, and forgets a refresh token that the issuer keeps; this stands in for that part of it.
// https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokens
import { readFile } from "node:fs/promises";
import { ClientSecretBasic, type CustomFetch, customFetch, discovery, None, refreshTokenGrant } from "openid-client";
import { Agent, fetch } from "undici";

/** Of the auth-provider `oidc`, by the names that a kubeconfig uses. */
export interface OidcSettings {
	"idp-issuer-url"?: string;
	"client-id"?: string;
	"client-secret"?: string;
	/** A file. */
	"idp-certificate-authority"?: string;
	/** PEM in base64. */
	"idp-certificate-authority-data"?: string;
}

/** As client-node takes it. */
export interface RefreshedToken {
	id_token: string;
	refresh_token: string;
	/** Seconds since the epoch, after which client-node replaces the token when it is asked for one. */
	expires_at: number;
}

/** We ask for a token only where the last one has expired or was refused, so every question is for a new one. */
const PAST = 1;

/** PEM; undefined: the authorities that Node.js knows. */
const authorityOf = async (settings: OidcSettings): Promise<string | undefined> => {
	const data = settings["idp-certificate-authority-data"];
	if (data) return Buffer.from(data, "base64").toString();
	const file = settings["idp-certificate-authority"];
	return file ? readFile(file, "utf8") : undefined;
};

/** undici's fetch takes an agent; its types differ from those of Node's, which openid-client names. */
const fetchTrusting = (ca: string): CustomFetch => {
	const dispatcher = new Agent({ connect: { ca } });
	return ((url, options) => fetch(url, { ...options, dispatcher } as Parameters<typeof fetch>[1])) as CustomFetch;
};

/**
 * Asks the issuer for a new ID token.
 * @throws Error of openid-client, of the network or of the file system, which may quote the issuer's answer
 */
export const refreshIdToken = async (settings: OidcSettings, refreshToken: string): Promise<RefreshedToken> => {
	const ca = await authorityOf(settings);
	const secret = settings["client-secret"];
	const configuration = await discovery(
		new URL(settings["idp-issuer-url"] ?? ""),
		settings["client-id"] ?? "",
		secret ? { client_secret: secret } : {},
		secret ? ClientSecretBasic(secret) : None(),
		ca === undefined ? {} : { [customFetch]: fetchTrusting(ca) },
	);
	const made = await refreshTokenGrant(configuration, refreshToken);
	if (made.id_token === undefined) throw new Error("the issuer made no ID token");
	return { id_token: made.id_token, refresh_token: made.refresh_token ?? refreshToken, expires_at: PAST };
};
