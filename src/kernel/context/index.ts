export {
  type CommitRequest,
  createCtx,
  type Ctx,
  type CtxOptions,
  type RequestOrigin,
  type Ports,
  type Services,
  traceDatabase,
} from './context.ts';
export { requireUser } from './require-user.ts';
export { systemScope, systemScopeOf } from '../db/index.ts';
