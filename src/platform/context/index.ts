export {
  type Change,
  createCtx,
  type Ctx,
  type CtxOptions,
  type Origin,
  type Ports,
  type Services,
  systemScope,
  tracedDatabase,
} from './context.ts';
