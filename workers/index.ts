import type { Hono } from 'hono';
import { setServicesResolver } from '../durable-objects/resolve-services.ts';
import { getServices } from './context.ts';
import { runCron } from './cron.ts';
import { createHttp } from './http.ts';
import { handleBatch } from './queues.ts';

export { AiGeneration } from '../durable-objects/ai-generation.ts';
export { LiveRecognition } from '../durable-objects/live-recognition.ts';
export { McpSessionBook } from '../durable-objects/mcp-session-book.ts';
export { CompressionContainer } from '../durable-objects/compression-container.ts';
export { FileCompressor } from '../durable-objects/file-compressor.ts';
export { FileUpload } from '../durable-objects/file-upload.ts';
export { OrgLimiter } from '../durable-objects/org-limiter.ts';
export { PasswordHasher } from '../durable-objects/password-hasher.ts';
export { RoomObject } from '../durable-objects/room.ts';
export { UserInbox } from '../durable-objects/user-inbox.ts';

setServicesResolver(getServices);

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
