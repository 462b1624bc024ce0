import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  AICObjectService,
  type CompressObjectRequestSchema,
  type ObjectResult,
  ObjectResultSchema,
} from '../generated/auralink/aic/v1/objects_pb.js';
import { type Service, startService } from '../test/kit.ts';

export interface BenchService {
  service: Service;
  /** Folder of the objects. */
  folder: string;
  compress(
    input: string,
    output: string,
    settings: MessageInitShape<typeof CompressObjectRequestSchema>['settings'],
  ): Promise<ObjectResult>;
  stop(): Promise<void>;
}

/** The service as a process, with a folder of objects. */
export async function startBenchService(): Promise<BenchService> {
  const folder = await mkdtemp(join(tmpdir(), 'auralink-bench-'));
  const service = await startService({ COMPRESSION_OBJECT_FOLDER: folder });
  const client = service.client(AICObjectService);
  const at = (value: string) => ({ place: { case: 'path' as const, value } });
  return {
    service,
    folder,
    async compress(input, output, settings) {
      let result = create(ObjectResultSchema);
      for await (const { event } of client.compressObject({ input: at(input), output: at(output), settings }))
        if (event.case === 'result') result = event.value;
      return result;
    },
    async stop() {
      await service.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
export const mean = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
export const quantile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN;

/** One line of the table; the launcher adds nothing to it. */
export interface Row {
  what: string;
  measured: string;
  target: string;
  holds: boolean;
  figures: Record<string, unknown> & { command?: string };
}
