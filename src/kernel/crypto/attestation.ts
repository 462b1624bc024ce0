import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';
import { isCompactJws } from './compact-jws.rules.ts';

/**
 * Verifies what `Signer.attest` signed, with only the public keys, so that it works outside the product. Attestations do
 * not expire: the public half of their key must stay in the set.
 */
export interface AttestationReader {
  /** Returns the claims, or null when the text is not a statement of this type signed by one of the keys. */
  read(statement: string, type: string): Promise<Record<string, unknown> | null>;
}

export function createAttestationReader(jwks: JSONWebKeySet): AttestationReader {
  const keys = createLocalJWKSet(jwks);
  return {
    async read(statement, type) {
      if (!isCompactJws(statement)) return null;
      try {
        const { payload } = await jwtVerify(statement, keys, {
          algorithms: ['EdDSA'],
          typ: type,
        });
        return payload;
      } catch (error) {
        if (error instanceof errors.JOSEError) return null;
        throw error;
      }
    },
  };
}
