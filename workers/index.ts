import type { Hono } from 'hono';
import { servicesOf } from './context.ts';
import { createHttp } from './http.ts';

export { OrgLimiter } from '../durable-objects/org-limiter.ts';
export { PasswordHasher } from '../durable-objects/password-hasher.ts';

const apps = new WeakMap<Env, Hono>();

function appOf(env: Env): Hono {
  let app = apps.get(env);
  if (!app) {
    app = createHttp({ services: servicesOf(env) });
    apps.set(env, app);
  }
  return app;
}

export default {
  fetch: (request, env, executionContext) => appOf(env).fetch(request, env, executionContext),
} satisfies ExportedHandler<Env>;
