export { canonicalDomain } from './email.rules.ts';
export { userErrors } from './users.errors.ts';
export { presentUser } from './users.present.ts';
export {
  changeUser,
  deleteUser,
  holdAddress,
  insertUser,
  lockUser,
  recordLogin,
  selectUser,
  type User,
  type UserIdExpression,
  userIdOfEmail,
} from './users.queries.ts';
export { emailSchema, userEventSchema, userExample, userNameSchema, userSchema } from './users.schemas.ts';
export * from './users.events.ts';
