export {
  createHashingQueue,
  type Hashed,
  type HashingQueue,
  type HashingQueueOptions,
  MAX_WAITING,
  settled,
} from './hashing-queue.ts';
export { KDF_PARAMETERS, type KdfParameters } from './kdf.ts';
export { createLocalPasswordHasher } from './local-hasher.ts';
export { PASSWORD_LENGTH, type PasswordOwner, passwordWeakness } from './password.rules.ts';
export type { PasswordHasher, Verification } from './passwords.ports.ts';
