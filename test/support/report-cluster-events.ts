import { expect } from 'vitest';
import type { TestApp } from './app.ts';
import { signWebhook } from './livekit/webhooks.ts';

/** Sends the webhooks of everything new at the simulated cluster, and delivers the events. */
export async function reportClusterEvents(app: TestApp): Promise<void> {
  for (const event of app.liveKit.cluster.events.splice(0)) {
    const { headers, body: raw } = await signWebhook(event, app.liveKit);
    expect(await app.send('POST', '/webhooks/livekit', { headers, raw })).toMatchObject({ status: 204 });
  }
  await app.drain();
}
