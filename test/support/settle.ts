import type { TestApp } from './app.ts';
import { signWebhook } from './livekit/webhooks.ts';

/** Sends the webhooks of everything new at the cluster, then delivers all events. */
export async function settle(app: TestApp): Promise<void> {
  for (const event of app.liveKit.cluster.events.splice(0)) {
    const { headers, body: raw } = await signWebhook(event, app.liveKit);
    await app.send('POST', '/webhooks/livekit', { headers, raw });
  }
  await app.drain();
}
