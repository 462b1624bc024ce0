export {
  createHashingQueue,
  type Hashed,
  type HashingQueue,
  type HashingQueueOptions,
  MAX_WAITING,
  type Verification,
} from './hashing-queue.ts';
export { KDF_PARAMETERS, type KdfParameters } from './kdf.ts';
export { PASSWORD_LENGTH, type PasswordOwner, passwordWeakness } from './password.rules.ts';
export { createLocalPasswordHasher, type PasswordHasher, settled } from './passwords.ports.ts';
