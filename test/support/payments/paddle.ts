import { createServer } from 'node:http';
import { createPaddleProvider } from '../../../src/billing/providers/paddle/index.ts';
import { createPayments } from '../../../src/billing/providers/index.ts';
import { type Clock, systemClock } from '../../../src/kernel/core/index.ts';
import { listen } from '../../../workers/local/listen.ts';
import { servePaddle } from '../../../workers/local/paddle/serve-paddle.ts';
import { signatureOf } from '../../../workers/local/paddle/webhooks/signature.ts';
import { createTestApp, type TestApp } from '../app.ts';

const API_KEY = 'pdl_test_local';
const WEBHOOK_SECRET = 'pdl_ntfset_local';

/** The header of an event that Paddle signs now. */
export const signPaddleEvent = (raw: string) => ({
  'paddle-signature': signatureOf(raw, WEBHOOK_SECRET, Math.floor(Date.now() / 1000)),
});

/** Paddle as a payment provider, at the address of a stand-in. */
export const createPaddle = (apiUrl: string, clock: Clock, fetcher: typeof fetch = fetch) =>
  createPaddleProvider(
    { apiKey: API_KEY, webhookSecret: WEBHOOK_SECRET, apiUrl },
    clock,
    (url: string, init?: RequestInit) => fetcher(url, init),
  );

export interface PaddleWorld {
  app: TestApp;
  /** Address of the stand-in. */
  url: string;
  /** Asks Paddle's API, for what somebody does in Paddle's dashboard. */
  send(request: string, body?: object): Promise<unknown>;
  /** Asks the stand-in itself: `clock`, `faults`, `deliveries` … */
  control(call: string, body?: object): Promise<void>;
  /** Delivers the webhooks that wait, and what follows from them in the product. */
  settle(): Promise<void>;
  /** Completes a checkout, or pays what is overdue, as the customer does on its page. */
  completeCheckout(checkoutUrl: string, fields?: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

/** Passes each webhook on to the product, as Paddle's request would arrive. */
function startForwarder(app: () => TestApp) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks).toString('utf8');
      const headers = { 'paddle-signature': String(request.headers['paddle-signature']) };
      app()
        .send('POST', '/webhooks/paddle', { raw, headers })
        .then(
          ({ status }) => response.writeHead(status).end(),
          () => response.writeHead(500).end(),
        );
    });
  });
  return listen(server, 0);
}

/**
 * The product with a stand-in of Paddle over HTTP, its catalogue made, and webhooks that reach the product.
 * @param fetcher what the product's requests to Paddle go through
 */
export async function createPaddleWorld(fetcher?: typeof fetch): Promise<PaddleWorld> {
  let app!: TestApp;
  const forwarder = await startForwarder(() => app);
  const webhook = { url: `${forwarder.url}/webhooks/paddle`, secret: WEBHOOK_SECRET };
  const server = await servePaddle({ port: 0, apiKey: API_KEY, webhook });
  // The stand-in signs its events with the time of the machine, also when the clocks of a test are moved.
  const payments = createPayments({ paddle: createPaddle(server.url, systemClock, fetcher) });
  app = createTestApp({ payments });
  await payments.of('paddle').ensureCatalog();
  const control = async (call: string, body: object = {}) => {
    const answer = await fetch(`${server.url}/stand-in/${call}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
  };
  const send = async (request: string, body: object = {}) => {
    const [method = '', path = ''] = request.split(' ');
    const answer = await fetch(`${server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${API_KEY}` },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json<{ data: unknown }>()).data;
  };
  const settle = async () => {
    await control('deliveries/settle');
    await app.drain();
  };
  return {
    app,
    url: server.url,
    send,
    control,
    settle,
    async completeCheckout(checkoutUrl, fields = {}) {
      const card = { number: '4242424242424242', month: '12', year: '2050', country: 'US' };
      const body = new URLSearchParams({ ...card, ...fields });
      const answer = await fetch(checkoutUrl, { method: 'POST', body, redirect: 'manual' });
      if (answer.status !== 303) throw new Error(`the checkout was not completed: ${await answer.text()}`);
      await settle();
    },
    async close() {
      await server.close();
      await forwarder.close();
    },
  };
}
