import { beforeEach, expect, it } from 'vitest';
import type { Ctx } from '../../../src/kernel/context/index.ts';
import { runAsSystem } from '../../../src/kernel/delivery/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { createWorker, deploy, workEvent } from './support.ts';

let app: TestApp;
let organizationId: string;

beforeEach(async () => {
  app = createTestApp();
  deploy(app, createWorker());
  ({ organizationId } = await app.person());
});

const run = <T>(work: (ctx: Ctx) => Promise<T>) =>
  runAsSystem(app.services, 'test.run', organizationId, work);
const commitEvent = (ctx: Ctx) => ctx.commit({ write: () => [], events: [workEvent(1)], result: undefined });
const fail = async (ctx: Ctx) => {
  await commitEvent(ctx);
  throw new Error('the work failed');
};

it('the events of work that failed are published, and its error is thrown', async () => {
  await expect(run(fail)).rejects.toThrow('the work failed');
  expect(app.queue.wakeups).toHaveLength(1);
});

it('an error of publishing is thrown when the work was done, and does not hide the error of work that failed', async () => {
  app.queue.down = true;
  await expect(run(commitEvent)).rejects.toThrow('the queue is down');
  await expect(run(fail)).rejects.toMatchObject({
    name: 'AggregateError',
    errors: [{ message: 'the work failed' }, { message: 'the queue is down' }],
  });
});

it('the result of the work is returned', async () => {
  expect(await run(async () => 'done')).toBe('done');
});
