export { type AttestationReader, createAttestationReader } from './attestation.ts';
export { createHasher, type Hasher } from './hasher.ts';
export { rotateCiphertext } from './rotate-ciphertext.ts';
export { createSigner, type Signer } from './signer.ts';
export { createVault, type KeyMaterial, type Vault, VaultError } from './vault.ts';
