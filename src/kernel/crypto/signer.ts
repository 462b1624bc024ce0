import { isCompactJws } from './compact-jws.rules.ts';
import { CompactSign, errors, exportJWK, importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import { authErrors, type Clock, fromBase64Url, fromUtf8, utf8 } from '../core/index.ts';
import type { KeyMaterial } from './vault.ts';

export interface SignOptions {
  /** The purpose of the token (`typ`); a token of one purpose is refused for another. */
  type: string;
  lifeSeconds: number;
  /** Adds `iatMs`: when it was issued, in milliseconds, where `iat` has whole seconds. */
  toMillisecond?: boolean;
}

/** Signs and verifies JWTs with Ed25519 keys; the public keys are published at `/.well-known/jwks.json`. */
export interface Signer {
  sign(claims: JWTPayload, options: SignOptions): Promise<string>;
  /** @throws AppError `auth.expired_token` or `auth.invalid_token` */
  verify(token: string, type: string): Promise<JWTPayload>;
  /** Signs a statement without expiry; it is not a token, and no token is accepted in its place. */
  attest(claims: JWTPayload, type: string): Promise<string>;
  readonly newestKeyId: string;
  jwks(): Promise<{ keys: JWK[] }>;
}

const ALGORITHM = 'EdDSA';

const publicJwk = ({ kty, crv, x }: JWK, keyId: string): JWK => ({
  kty,
  crv,
  x,
  kid: keyId,
  alg: ALGORITHM,
  use: 'sig',
});

/** The keys of the ring, each half imported at its first use. */
function createKeyRing(keys: readonly KeyMaterial[]) {
  const privateJwks = new Map(
    keys.map(({ id, material }) => [id, JSON.parse(fromUtf8(fromBase64Url(material))) as JWK]),
  );
  const imported = new Map<string, ReturnType<typeof importJWK>>();
  return {
    importKey(keyId: string, half: 'private' | 'public') {
      const name = `${half}:${keyId}`;
      const jwk = privateJwks.get(keyId);
      if (!jwk) throw new errors.JWKSNoMatchingKey();
      const entry =
        imported.get(name) ?? importJWK(half === 'private' ? jwk : publicJwk(jwk, keyId), ALGORITHM);
      imported.set(name, entry);
      return entry;
    },
    async jwks() {
      const all = [...privateJwks].map(async ([keyId, jwk]) =>
        publicJwk(await exportJWK(await importJWK(jwk, ALGORITHM, { extractable: true })), keyId),
      );
      return { keys: await Promise.all(all) };
    },
  };
}

/** @param keys newest first; the first signs, all verify, so that rotation keeps existing tokens valid */
export function createSigner(keys: readonly KeyMaterial[], issuer: string, clock: Clock): Signer {
  const newestKeyId = keys[0]!.id;
  const { importKey, jwks } = createKeyRing(keys);
  const signClaims = async (claims: JWTPayload, type: string) =>
    new CompactSign(utf8(JSON.stringify({ ...claims, iss: issuer })))
      .setProtectedHeader({ alg: ALGORITHM, kid: newestKeyId, typ: type })
      .sign(await importKey(newestKeyId, 'private'));
  const nowSeconds = () => Math.floor(clock.now() / 1000);
  return {
    newestKeyId,
    sign(claims, { type, lifeSeconds, toMillisecond }) {
      const iat = nowSeconds();
      const exact = toMillisecond ? { iatMs: clock.now() } : {};
      return signClaims({ ...claims, ...exact, iat, exp: iat + lifeSeconds }, type);
    },
    async verify(token, type) {
      if (!isCompactJws(token)) throw authErrors.invalidToken();
      try {
        const { payload } = await jwtVerify(token, (header) => importKey(header.kid ?? '', 'public'), {
          algorithms: [ALGORITHM],
          issuer,
          typ: type,
          currentDate: new Date(clock.now()),
          requiredClaims: ['exp', 'iat'],
        });
        return payload;
      } catch (cause) {
        if (cause instanceof errors.JWTExpired) throw authErrors.expiredToken({ cause });
        throw authErrors.invalidToken({ cause });
      }
    },
    attest: (claims, type) => signClaims({ ...claims, iat: nowSeconds() }, type),
    jwks,
  };
}
