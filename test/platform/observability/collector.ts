import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CollectedSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: Record<string, unknown> }[];
  status: { code?: number };
}

interface ExportRequest {
  resourceSpans: {
    resource: { attributes: CollectedSpan['attributes'] };
    scopeSpans: { scope: { name: string }; spans: CollectedSpan[] }[];
  }[];
}

/** A collector that takes OTLP over HTTP in JSON, and misbehaves on request. */
export interface Collector {
  url: string;
  requests: { path: string; headers: Record<string, unknown>; body: ExportRequest }[];
  /** All spans, in the order they came. */
  spans(): CollectedSpan[];
  /** What it does with the next requests. */
  behaviour: 'take' | 'refuse' | 'hang';
  close(): Promise<void>;
}

export async function startCollector(): Promise<Collector> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as ExportRequest;
      collector.requests.push({ path: request.url ?? '', headers: request.headers, body });
      if (collector.behaviour === 'hang') return;
      const status = collector.behaviour === 'take' ? 200 : 503;
      response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const collector: Collector = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    spans: () =>
      collector.requests.flatMap(({ body }) =>
        body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
      ),
    behaviour: 'take',
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return collector;
}

/** An attribute's value, whatever its type. */
export function attribute(span: CollectedSpan, key: string): unknown {
  const found = span.attributes.find((each) => each.key === key);
  return found && Object.values(found.value)[0];
}
