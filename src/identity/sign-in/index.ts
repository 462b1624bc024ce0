export { findPasswordCredential, storePassword } from './password-credential.ts';
export { prepareAccount } from './prepare-account.ts';
export { signInErrors } from './sign-in.errors.ts';
export { selectCredentials } from './sign-in.queries.ts';
export { newPasswordSchema, signUpSchema } from './sign-in.schemas.ts';
