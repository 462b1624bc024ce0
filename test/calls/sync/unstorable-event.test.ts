import { expect, it } from 'vitest';
import { createTestApp } from '../../support/app.ts';
import { signWebhook } from '../../support/livekit/webhooks.ts';
import { openCall, fetchCall } from '../calls/support.ts';

it('an event with text that Postgres cannot store does not block others', async () => {
  const app = createTestApp();
  const host = await app.person();
  const { callId } = await openCall(app, host);
  const { cluster } = app.liveKit;
  cluster.join(callId, host.userId, { name: 'Ada\u0000' });
  const [first, ...rest] = cluster.events;
  const odd = { ...first!, id: 'EV_\u0000', event: 'track\u0000' as never };
  for (const event of [odd, first!, ...rest]) {
    const { body, headers } = await signWebhook(event, app.liveKit);
    expect((await app.send('POST', '/webhooks/livekit', { raw: body, headers })).status).toBe(204);
  }
  await app.drain();
  expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  expect((await fetchCall(app, host, `/${callId}/participants`)).data).toMatchObject([
    { identity: host.userId, name: 'Ada', status: 'connected' },
  ]);
});
