import { createServer, type IncomingMessage } from 'node:http';
import { listen } from '../../../workers/local/listen.ts';
import { type MediaServer, startMediaServer } from '../../support/livekit/server.ts';
import type { JsonBody } from './host.ts';
import type { LaunchedProduct } from './launch.ts';
import { createOwnProduct } from './own-product.ts';

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Forwards an event unchanged, and returns the product's answer. */
async function forwardEvent(
  { url, headers }: IncomingMessage,
  body: Buffer,
  target: string,
): Promise<number> {
  const { authorization = '', 'content-type': type = '' } = headers;
  const answer = await fetch(`${target}${url}`, {
    method: 'POST',
    headers: { authorization, 'content-type': type },
    body,
  });
  return answer.status;
}

/** A proxy between the media server and the product. An event that is not accepted is refused by closing its connection. */
function startProxy(target: string, accepts: (event: JsonBody) => boolean) {
  const server = createServer((request, response) => {
    readBody(request)
      .then(async (body) => {
        if (!accepts(JSON.parse(body.toString()))) return void request.socket.destroy();
        response.writeHead(await forwardEvent(request, body, target)).end();
      })
      .catch(() => request.socket.destroy()); // the product is down
  });
  return listen(server, 0);
}

export interface ProductBehindProxy {
  product: LaunchedProduct;
  media: MediaServer;
  close(): Promise<void>;
}

/**
 * A product of the test's own, with a media server whose events pass through a proxy.
 * @param accepts called for each event; the media server sends again what it does not accept
 * @param mediaOptions what the media server logs
 */
export async function startProductBehindProxy(
  accepts: (event: JsonBody) => boolean,
  mediaOptions: { logLevel?: 'debug' } = {},
): Promise<ProductBehindProxy> {
  const own = await createOwnProduct();
  const proxy = await startProxy(`http://127.0.0.1:${own.port}`, accepts);
  const media = await startMediaServer({ webhookUrl: `${proxy.url}/webhooks/livekit`, ...mediaOptions });
  const product = own.start({
    env: {
      LIVEKIT_URL: media.wsUrl,
      LIVEKIT_API_KEY: media.apiKey,
      LIVEKIT_API_SECRET: media.apiSecret,
    },
  });
  const close = async () => {
    await own.close();
    await media.close();
    await proxy.close();
  };
  await product.ready().catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { product, media, close };
}
