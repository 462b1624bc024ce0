import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { expect, it } from 'vitest';
import { createWorkerEnv } from '../../support/worker-env.ts';
import { getServices } from '../../../workers/context.ts';
import worker from '../../../workers/index.ts';

const { env } = createWorkerEnv();

async function get(path: string, headers: Record<string, string> = {}) {
  const context = createExecutionContext();
  const request = new Request<unknown, IncomingRequestCfProperties>(`http://auralink.test${path}`, {
    headers,
  });
  const response = await worker.fetch(request, env, context);
  await waitOnExecutionContext(context);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

it.each([
  ['/health', 'application/json'],
  ['/liveness', 'application/json'],
  ['/readiness', 'application/json'],
  ['/.well-known/jwks.json', 'application/json'],
  ['/openapi.json', 'application/json'],
  ['/docs', 'text/html; charset=utf-8'],
  ['/errors', 'text/html; charset=utf-8'],
  ['/errors/request.invalid', 'text/html; charset=utf-8'],
])('%s answers in workerd', async (path, type) => {
  const answer = await get(path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe(type);
});

it('/metrics answers the operator in workerd', async () => {
  expect((await get('/metrics')).status).toBe(401);
  const answer = await get('/metrics', { authorization: `Bearer ${getServices(env).config.OPERATOR_TOKEN}` });
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('auralink_database_up 1');
});
