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
export { systemScope } from '../db/index.ts';
