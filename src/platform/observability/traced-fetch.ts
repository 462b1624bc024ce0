import type { Trace } from '../../kernel/core/index.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` for one provider within one trace: each call is a child span and passes the trace on in `traceparent`.
 * The span records method, host and status; never the path or query, which may hold ids and tokens.
 * @param peer the provider's name in spans and dashboards: `mail`, `livekit`
 */
export function createTracedFetch(
  trace: Trace,
  peer: string,
  call: Fetch = (url, init) => fetch(url, init),
): Fetch {
  return (url, init = {}) => {
    const method = init.method ?? 'GET';
    const attributes: Record<string, string | number> = {
      'peer.service': peer,
      'http.request.method': method,
      'server.address': new URL(url).host,
    };
    return trace.span({ name: `${peer} ${method}`, kind: 'client', attributes }, async (traceparent) => {
      const headers = new Headers(init.headers);
      headers.set('traceparent', traceparent);
      const response = await call(url, { ...init, headers });
      attributes['http.response.status_code'] = response.status;
      return response;
    });
  };
}
