import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Code, createClient } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-web';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  AICCompressionService,
  CompressionMode,
  FrameType,
  HealthStatus,
} from '../generated/auralink/aic/v1/compression_pb.js';
import { authorize, drawPicture, SECRET, type Service, startService } from './kit.ts';

const ROOT = join(import.meta.dirname, '..');
let service: Service;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const frame = (number: number) => ({
  frameNumber: BigInt(number),
  frameData: drawPicture(160, 96, number),
  frameType: FrameType.VIDEO,
  mode: CompressionMode.ADAPTIVE,
  metadata: { width: 160, height: 96, fps: 30, codec: 'i420' },
});

describe('one cleartext port', () => {
  it.each([
    ['gRPC', () => createGrpcTransport({ baseUrl: service.url, interceptors: [authorize] })],
    ['gRPC-Web', () => createGrpcWebTransport({ baseUrl: service.url, interceptors: [authorize] })],
    [
      'Connect',
      () =>
        createConnectTransport({ baseUrl: service.url, interceptors: [authorize], useBinaryFormat: true }),
    ],
  ])('serves %s', async (_protocol, open) => {
    const { compressFrame, healthCheck } = createClient(AICCompressionService, open());
    expect((await healthCheck({})).status).toBe(HealthStatus.HEALTHY);
    const { codec, compressedSizeBytes, originalSizeBytes } = await compressFrame(frame(0));
    expect([codec, originalSizeBytes]).toEqual(['av1', 23_040]);
    expect(compressedSizeBytes).toBeLessThan(5_000);
  });

  it('serves both directions at once to a client of another make', async () => {
    const options = { includeDirs: [join(ROOT, 'proto')], keepCase: true, longs: String, defaults: true };
    const file = await loader.load('auralink/aic/v1/compression.proto', options);
    const loaded = grpc.loadPackageDefinition(file) as unknown as {
      auralink: { aic: { v1: { AICCompressionService: grpc.ServiceClientConstructor } } };
    };
    const { host } = new URL(service.url);
    const client = new loaded.auralink.aic.v1.AICCompressionService(host, grpc.credentials.createInsecure());
    const metadata = new grpc.Metadata();
    metadata.set('authorization', `Bearer ${SECRET}`);
    const stream = (
      client.CompressStream as (metadata: grpc.Metadata) => grpc.ClientDuplexStream<object, object>
    ).call(client, metadata);
    const numbers: unknown[] = [];
    for (let number = 0; number < 5; number++)
      stream.write({
        frame_number: number,
        frame_data: makeData(number),
        frame_type: 'FRAME_TYPE_DATA',
        mode: 2,
      });
    stream.end();
    for await (const response of stream) numbers.push((response as { frame_number: string }).frame_number);
    expect(numbers).toEqual(['0', '1', '2', '3', '4']);
    client.close();
  });
});

const makeData = (number: number) => Buffer.from(`the position of pointer ${number}`);

describe('a caller', () => {
  it.each([
    ['without a secret', {}],
    ['with another secret', { authorization: `Bearer ${SECRET}x` }],
    ['with the secret in another scheme', { authorization: `Basic ${SECRET}` }],
  ])('%s is refused before its message is read', async (_who, headers) => {
    const path = '/auralink.aic.v1.AICCompressionService/HealthCheck';
    const response = await fetch(service.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: '{}',
    });
    expect([response.status, await response.json()]).toMatchObject([401, { code: 'unauthenticated' }]);
    const byGrpc = createClient(AICCompressionService, createGrpcTransport({ baseUrl: service.url }));
    await expect(byGrpc.healthCheck({})).rejects.toMatchObject({ code: Code.Unauthenticated });
  });
});

describe('the process', () => {
  it('says without a secret that it is healthy and ready, and nothing else', async () => {
    expect(await (await fetch(`${service.url}/health`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${service.url}/ready`)).json()).toEqual({ status: 'ok' });
  });

  it.each([
    ['COMPRESSION_SECRETS', { COMPRESSION_SECRETS: 'short' }],
    ['COMPRESSION_MAX_SESSIONS', { COMPRESSION_SECRETS: SECRET, COMPRESSION_MAX_SESSIONS: 'many' }],
  ])('says which setting keeps it from starting: %s', (name, env) => {
    const { status, stderr } = spawnSync(process.execPath, ['src/main.ts'], {
      cwd: ROOT,
      env,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining(name)]);
  });

  it('ends after SIGTERM when the open streams have ended, and takes no new work meanwhile', async () => {
    const other = await startService();
    const { compressStream, healthCheck } = other.client(AICCompressionService);
    let finish = () => {};
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const requests = async function* () {
      yield frame(0);
      await finished;
      yield frame(1);
    };
    const responses = compressStream(requests())[Symbol.asyncIterator]();
    expect((await responses.next()).value.frameNumber).toBe(0n);
    const exited = other.stop('SIGTERM');
    await expect
      .poll(() =>
        healthCheck({}).then(
          () => 'ok',
          () => 'refused',
        ),
      )
      .toBe('refused');
    finish();
    expect((await responses.next()).value.frameNumber).toBe(1n);
    expect((await responses.next()).done).toBe(true);
    expect(await exited).toBe(0);
  });
});
