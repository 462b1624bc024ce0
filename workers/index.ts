import type { Hono } from 'hono';
import { LiveRoom } from '../durable-objects/room.ts';
import { LiveInbox } from '../durable-objects/user-inbox.ts';
import { getServices } from './context.ts';
import { runCron } from './cron.ts';
import { createHttp } from './http.ts';
import { handleBatch } from './queues.ts';

export { OrgLimiter } from '../durable-objects/org-limiter.ts';
export { PasswordHasher } from '../durable-objects/password-hasher.ts';

/** The live side of a room, with this Worker's services. */
class RoomObject extends LiveRoom {
  protected services() {
    return getServices(this.env);
  }
}

/** A person's inbox, with this Worker's services. */
class UserInbox extends LiveInbox {
  protected services() {
    return getServices(this.env);
  }
}
export { RoomObject, UserInbox };

const apps = new WeakMap<Env, Hono>();

function getApp(env: Env): Hono {
  let app = apps.get(env);
  if (!app) {
    app = createHttp({ services: getServices(env) });
    apps.set(env, app);
  }
  return app;
}

export default {
  fetch: (request, env, executionContext) => getApp(env).fetch(request, env, executionContext),
  queue: (batch, env, executionContext) =>
    handleBatch(batch, getServices(env), (work) => executionContext.waitUntil(work)),
  scheduled: (controller, env, executionContext) =>
    runCron(getServices(env), controller.scheduledTime, (work) => executionContext.waitUntil(work)),
} satisfies ExportedHandler<Env>;
