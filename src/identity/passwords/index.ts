export {
  createHashingQueue,
  type HashingResult,
  type HashingQueue,
  type HashingQueueOptions,
  MAX_WAITING,
  unwrapHashingResult,
} from './hashing-queue.ts';
export { KDF_PARAMETERS, type KdfParameters } from './kdf.ts';
export { createLocalPasswordHasher } from './local-password-hasher.ts';
export {
  PASSWORD_LENGTH,
  PASSWORD_TIME_LIMIT_SECONDS,
  passwordWeakness,
  requireStrongPassword,
} from './passwords.rules.ts';
export { networkRequester, provenRequester } from './hash-requester.ts';
export type { HashRequester, PasswordHasher, PasswordVerification } from './passwords.ports.ts';
