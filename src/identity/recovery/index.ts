export { endUnprovenAuthority } from './prove-address.ts';
export { deletePasswordResetsOfUser } from './recovery.queries.ts';
export { mailedTokenSchema } from './recovery.schemas.ts';
export { preparePasswordReset } from './request-password-reset.ts';
