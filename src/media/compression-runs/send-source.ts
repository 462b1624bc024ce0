import type { Ctx } from '../../kernel/context/index.ts';
import type { CompressionTasks } from '../compression/index.ts';
import type { CompressionToAdvance } from '../file-compressions/index.ts';
import { keysOf } from './subject.ts';

/** Bytes that are passed on as they are read; as much has to be sent again after a connection breaks. */
const PIECE_BYTES = 16 * 1024 * 1024;

/**
 * Sends pieces of the source until all of it is at the service, or the time is over.
 * @returns whether all of it is there
 * @throws MediaRefused when it is too large; what object storage and the service fail with
 */
export async function sendSource(
  { ports: { objects }, clock }: Ctx,
  service: CompressionTasks,
  row: CompressionToAdvance,
  untilMs: number,
): Promise<boolean> {
  const { compression } = row;
  const { sourceBytes: sizeBytes } = compression;
  const { sourceKey } = keysOf(row);
  let offset = await service.findOffset(compression.id);
  while (offset < sizeBytes) {
    if (clock.now() >= untilMs) return false;
    const length = Math.min(PIECE_BYTES, sizeBytes - offset);
    const object = await objects.get(sourceKey, { offset, length });
    if (!object) throw new Error(`${sourceKey} is not in object storage`);
    await service.sendPiece(compression.id, { body: object.body, offset, length, sizeBytes });
    offset += length;
  }
  return true;
}
