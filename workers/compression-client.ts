import type { Client } from '@connectrpc/connect';
import { MediaRefused, ServiceBusy, ServiceExhausted } from '../src/media/compression/index.ts';
import type { AICObjectService } from './compression/generated/auralink/aic/v1/objects_pb.js';

/** Address of the service, and the secret of the caller. */
export interface Connection {
  url: string;
  secret: string;
  /** Sends a request to the instance that a task or an exchange belongs to. */
  fetchFor: (key: string) => typeof fetch;
}

export type ObjectClient = Client<typeof AICObjectService>;

const loadModules = () =>
  Promise.all([
    import('@connectrpc/connect'),
    import('@connectrpc/connect-web'),
    import('./compression/generated/auralink/aic/v1/objects_pb.js'),
  ]);

/** Makes the client for a task or an exchange. Its code is loaded at the first use, because the start does not need it. */
export function createClients({ url, secret, fetchFor }: Connection): (key: string) => Promise<ObjectClient> {
  let modules: ReturnType<typeof loadModules> | undefined;
  return async (key) => {
    const send = fetchFor(key);
    const [{ createClient }, { createConnectTransport }, { AICObjectService: service }] = await (modules ??=
      loadModules());
    const transport = createConnectTransport({
      baseUrl: url,
      useBinaryFormat: true,
      // The platform knows no `redirect: error`.
      fetch: (input, init) => send(input, { ...init, redirect: 'manual' }),
      interceptors: [
        (next) => (request) => {
          request.header.set('Authorization', `Bearer ${secret}`);
          return next(request);
        },
      ],
    });
    return createClient(service, transport);
  };
}

/** Translates an answer about the content itself, which would come again, or about lack of time or memory. */
export async function toMediaError(error: unknown): Promise<unknown> {
  const { Code, ConnectError } = await import('@connectrpc/connect');
  if (!(error instanceof ConnectError)) return error;
  if (error.code === Code.ResourceExhausted) return new ServiceBusy(error.rawMessage, { cause: error });
  if (error.code === Code.Aborted) return new ServiceExhausted(error.rawMessage, { cause: error });
  const isRefusal = [Code.InvalidArgument, Code.FailedPrecondition, Code.OutOfRange].includes(error.code);
  return isRefusal ? new MediaRefused(error.rawMessage, { cause: error }) : error;
}

/** Bytes of a known length: the service refuses too large contents before the bytes come. */
export function withLength(body: ReadableStream<Uint8Array>, bytes: number): ReadableStream<Uint8Array> {
  return typeof FixedLengthStream === 'undefined' ? body : body.pipeThrough(new FixedLengthStream(bytes));
}

export type ObjectRequest = Omit<RequestInit, 'headers'> & {
  headers?: Record<string, string>;
  duplex?: 'half';
};

/** Asks for an object in the service's folder. Its name begins with the task or the exchange that it belongs to. */
export const requestObject = (
  { url, secret, fetchFor }: Connection,
  name: string,
  { headers, ...init }: ObjectRequest,
): Promise<Response> =>
  fetchFor(name.split('.')[0]!)(`${url}/objects/${name}`, {
    headers: { Authorization: `Bearer ${secret}`, 'Content-Type': 'application/octet-stream', ...headers },
    redirect: 'manual',
    ...init,
  });
