export { findPasswordCredential, requireCurrentPassword, storePassword } from './password-credential.ts';
export { prepareAccount } from './prepare-account.ts';
export { signInErrors } from './sign-in.errors.ts';
export { clearPassword, deleteCredentials, holdPassword, selectCredentials } from './sign-in.queries.ts';
export { enteredPasswordSchema, newPasswordSchema, signUpSchema } from './sign-in.schemas.ts';
