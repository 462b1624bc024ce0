export { findPasswordCredential, storePassword } from './password-credential.ts';
export { readOwnAccount, requireCurrentPassword } from './own-account.ts';
export { prepareAccount } from './prepare-account.ts';
export { signInErrors } from './sign-in.errors.ts';
export {
  clearPassword,
  type PasswordCredential,
  deleteCredentials,
  holdCurrentPassword,
  holdPassword,
  selectCredentials,
} from './sign-in.queries.ts';
export { enteredPasswordSchema, newPasswordSchema, signUpSchema } from './sign-in.schemas.ts';
