import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';
import { SECRET } from './kit.ts';

const FRAME_BYTES = 2 * 1024 * 1024;
const FRAMES = 40;

/** Sends large frames and reads no response: the client of Connect would wait for one. */
export async function openUnreadSession(url: string) {
  const options = { includeDirs: [join(import.meta.dirname, '../proto')], keepCase: true };
  const loaded = grpc.loadPackageDefinition(await loader.load('auralink/aic/v1/compression.proto', options));
  const { AICCompressionService: Service } = (
    loaded as never as { auralink: { aic: { v1: Record<string, grpc.ServiceClientConstructor> } } }
  ).auralink.aic.v1;
  const client = new Service!(new URL(url).host, grpc.credentials.createInsecure());
  const metadata = new grpc.Metadata();
  metadata.set('authorization', `Bearer ${SECRET}`);
  const stream = (
    client.CompressStream as (metadata: grpc.Metadata) => grpc.ClientDuplexStream<object, object>
  )(metadata);
  const ended = new Promise((resolve) => stream.once('error', resolve));
  const frame_data = Buffer.alloc(FRAME_BYTES, 7);
  for (let i = 0; i < FRAMES; i++)
    stream.write({ frame_data, frame_type: 'FRAME_TYPE_DATA', mode: 'COMPRESSION_MODE_OFF' });
  return {
    ended,
    /** Reads what there is, so that its end is seen. */
    read: () => void stream.resume(),
    close: () => client.close(),
  };
}
