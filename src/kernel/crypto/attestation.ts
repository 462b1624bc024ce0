import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose';

/**
 * Reads what `Signer.attest` signed, with nothing but the public keys: also outside of the product. Age does not matter;
 * what is never to be forged must be signed with a key whose public half stays in the set.
 */
export interface AttestationReader {
  /** The claims, or null when the text is not a statement of this type signed by one of the keys. */
  read(statement: string, type: string): Promise<Record<string, unknown> | null>;
}

export function createAttestationReader(jwks: JSONWebKeySet): AttestationReader {
  const keys = createLocalJWKSet(jwks);
  return {
    async read(statement, type) {
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
