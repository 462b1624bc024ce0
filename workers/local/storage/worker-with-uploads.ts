/**
 * The Worker as `npm start` runs it: beside the product it takes what recorders upload into the bucket RECORDINGS, which R2 takes by its S3 API
 * where the product is deployed.
 */
import { getServices } from '../../context.ts';
import worker from '../../index.ts';
import { findSignatureFault, formatRefusal, STATUS_BY_CODE } from './signature.ts';

export * from '../../index.ts';

/** Below the address of the API; S3 endpoints may have a path. */
const UPLOADS = '/recorder-uploads/';

const refuse = (code: string) =>
  new Response(formatRefusal(code), {
    status: STATUS_BY_CODE[code] ?? 403,
    headers: { 'content-type': 'application/xml' },
  });

/** Stores an upload as S3 does: signed, with the SHA-256 of its body, which R2 compares with what arrives. */
async function storeUpload(request: Request, env: Env): Promise<Response> {
  const { method, headers, body } = request;
  if (method !== 'PUT' || !body) return refuse('MethodNotAllowed');
  const url = new URL(request.url);
  const bodySha256 = headers.get('x-amz-content-sha256') ?? '';
  const { config } = getServices(env);
  const fault = findSignatureFault(
    { method, url, headers, bodySha256 },
    {
      secretOf: (id) =>
        id === config.RECORDINGS_S3_ACCESS_KEY_ID ? config.RECORDINGS_S3_SECRET_ACCESS_KEY : undefined,
      region: 'auto',
      nowMs: Date.now(),
    },
  );
  if (fault) return refuse(fault);
  const [bucket = '', ...rest] = decodeURIComponent(url.pathname.slice(UPLOADS.length)).split('/');
  if (bucket !== config.RECORDINGS_S3_BUCKET) return refuse('NoSuchBucket');
  const contentType = headers.get('content-type') ?? 'application/octet-stream';
  const stored = await env.RECORDINGS.put(rest.join('/'), body, {
    sha256: bodySha256,
    httpMetadata: { contentType },
  });
  return new Response(null, { headers: { etag: stored.httpEtag } });
}

export default {
  ...worker,
  fetch: (request, env, executionContext) =>
    new URL(request.url).pathname.startsWith(UPLOADS)
      ? storeUpload(request, env)
      : worker.fetch(request, env, executionContext),
} satisfies ExportedHandler<Env>;
