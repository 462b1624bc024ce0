export {
  type Change,
  createCtx,
  type Ctx,
  type CtxOptions,
  type Origin,
  type Ports,
  type Services,
  tracedDatabase,
} from './context.ts';
export { systemScope } from '../db/index.ts';
