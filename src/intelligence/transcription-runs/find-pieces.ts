import type { Ctx } from '../../kernel/context/index.ts';
import { fileKey } from '../../media/files/index.ts';
import { openStore } from '../../media/recording-objects/index.ts';
import type { Recording } from '../../media/recordings/index.ts';
import type { SoundPiece, SoundSources } from '../providers/index.ts';
import type { TranscriptionToAdvance } from '../transcripts/index.ts';

/** Passed on as it is read; what a connection that breaks has to send again. */
const SENT_BYTES = 16 * 1024 * 1024;

/** The storage of the bytes does not give them. */
export class StorageFailure extends Error {
  override readonly name = 'StorageFailure';
}

const fromStorage = <T>(work: Promise<T>): Promise<T> =>
  work.catch((cause: unknown) => {
    throw new StorageFailure('the bytes cannot be read', { cause });
  });

type Read = (range: { offset: number; length: number }) => Promise<ReadableStream<Uint8Array>>;
interface Bytes {
  sizeBytes: number;
  read: Read;
}

/** The bytes that are written down; undefined when there is no place any more where they could be. */
async function openBytes(
  ctx: Ctx,
  { file, recording, bucket }: TranscriptionToAdvance,
): Promise<Bytes | undefined> {
  if (recording) {
    const store = await openStore(ctx, { storage: recording.storage, bucket });
    return store
      ? { sizeBytes: recording.sizeBytes ?? 0, read: (range) => store.read(recording.objectKey, range) }
      : undefined;
  }
  const key = fileKey(file!);
  const read: Read = async (range) => {
    const object = await ctx.ports.objects.get(key, range);
    if (!object) throw new Error(`${key} is not in object storage`);
    return object.body;
  };
  return { sizeBytes: file!.sizeBytes, read };
}

/** Sends what the service does not have yet. @returns whether it has all of it */
async function sendRest(
  { clock }: Ctx,
  sources: SoundSources,
  id: string,
  { sizeBytes, read }: Bytes,
  untilMs: number,
): Promise<boolean> {
  let offset = await sources.findOffset(id);
  while (offset < sizeBytes) {
    if (clock.now() >= untilMs) return false;
    const length = Math.min(SENT_BYTES, sizeBytes - offset);
    await sources.send(id, { body: await fromStorage(read({ offset, length })), offset, length, sizeBytes });
    offset += length;
  }
  return true;
}

/**
 * The pieces of the sound. The name of the source ends with what its bytes are, so that bytes that were replaced meanwhile are not
 * continued with others.
 * @returns `gone` when the bytes cannot be found, null when the time is over or the sound is still taken out
 * @throws ProviderFailure and StorageFailure
 */
export async function findPieces(
  ctx: Ctx,
  sources: SoundSources,
  row: TranscriptionToAdvance,
  untilMs: number,
): Promise<readonly SoundPiece[] | 'gone' | null> {
  const bytes = await fromStorage(openBytes(ctx, row));
  if (!bytes) return 'gone';
  const id = sourceOf(row);
  return (await sendRest(ctx, sources, id, bytes, untilMs)) ? sources.findPieces(id) : null;
}

/** By what the bytes of a recording are known: not by its version, which a hold or a note changes, too. */
const bytesOf = ({ etag, sizeBytes }: Recording): string =>
  etag?.replaceAll(/[^\w-]/g, '').slice(0, 40) || String(sizeBytes ?? 0);

/** The name by which the service knows the bytes of a transcription. */
export const sourceOf = ({ transcription, file, recording }: TranscriptionToAdvance): string =>
  `${transcription.id}-${recording ? bytesOf(recording) : (file?.objectSuffix ?? 0)}`;
