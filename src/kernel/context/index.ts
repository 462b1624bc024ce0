export {
  createCtx,
  type Ctx,
  type CtxOptions,
  type RequestOrigin,
  type Ports,
  type Services,
} from './context.ts';
export { asSystem } from './as-system.ts';
export { type CommitRequest } from './commit-change.ts';
export { credentialOf, scopeOf } from './actor-scope.ts';
export { ActorDatabase } from './actor-database.ts';
export { requireSession, requireUser } from './require-user.ts';
export { systemScope, systemScopeOf } from '../db/index.ts';
export { afterwards, type KeepAlive, openCtx, type OpenCtxOptions } from './open-ctx.ts';
