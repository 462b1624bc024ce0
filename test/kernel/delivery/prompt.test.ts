import { beforeEach, expect, it } from 'vitest';
import { publishPromptly } from '../../../src/kernel/delivery/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { createWorker, deploy, listDeliveries, workEvent, writeEvents } from './support.ts';

let app: TestApp;
let organizationId: string;
const statuses = async () => (await listDeliveries(app, organizationId)).map((row) => row.status);
const publishHere = () => publishPromptly(app.services, [organizationId]);

beforeEach(async () => {
  app = createTestApp();
  ({ organizationId } = await app.person());
});

it('a prompt subscriber runs before the queue has delivered anything; others wait for the queue', async () => {
  const prompt = createWorker(undefined, { prompt: true }, 'test.prompt');
  const patient = createWorker(undefined, {}, 'test.patient');
  deploy(app, prompt, patient);
  await writeEvents(app, organizationId, [workEvent(1)]);
  await publishHere();
  expect([prompt.handled, patient.handled]).toEqual([[1], []]);
  await app.drain();
  expect([prompt.handled, patient.handled]).toEqual([[1], [1]]);
});

it('events of one key reach a prompt subscriber in their order, each once', async () => {
  const prompt = createWorker(undefined, { prompt: true });
  deploy(app, prompt);
  await writeEvents(app, organizationId, [workEvent(1, 'same'), workEvent(2, 'same'), workEvent(3, 'same')]);
  await publishHere();
  await app.drain();
  expect(prompt.handled).toEqual([1, 2, 3]);
});

it('what a prompt subscriber commits is published, and its prompt subscribers run as well', async () => {
  const prompt = createWorker(
    (ctx, { n }) =>
      ctx.commit({ write: () => [], events: n < 3 ? [workEvent(n + 1)] : [], result: undefined }),
    { prompt: true },
  );
  deploy(app, prompt);
  await writeEvents(app, organizationId, [workEvent(1)]);
  await publishHere();
  expect(prompt.handled).toEqual([1, 2, 3]);
});

it('a prompt subscriber that fails is retried by the queue', async () => {
  let failures = 1;
  const prompt = createWorker(
    () => {
      if (failures-- > 0) throw new Error('not today');
    },
    { prompt: true },
  );
  deploy(app, prompt);
  await writeEvents(app, organizationId, [workEvent(1)]);
  await publishHere();
  expect(await statuses()).toEqual(['pending']);
  app.clock.advanceSeconds(10);
  // As the delayed wakeup of the partition does.
  await publishHere();
  expect(prompt.handled).toEqual([1, 1]);
  expect(await statuses()).toEqual(['done']);
});
