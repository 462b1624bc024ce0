import type { Hono } from 'hono';
import { servicesOf } from './context.ts';
import { runCron } from './cron.ts';
import { createHttp } from './http.ts';
import { handleBatch } from './queues.ts';

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
  queue: (batch, env) => handleBatch(batch, servicesOf(env)),
  scheduled: (controller, env) => runCron(servicesOf(env), controller.scheduledTime),
} satisfies ExportedHandler<Env>;
