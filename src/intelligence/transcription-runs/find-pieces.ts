import type { Ctx } from '../../kernel/context/index.ts';
import { fileKey } from '../../media/files/index.ts';
import { openStore } from '../../media/recording-objects/index.ts';
import type { Recording } from '../../media/recordings/index.ts';
import type { SoundPiece, SoundSources } from '../providers/index.ts';
import type { TranscriptionToAdvance } from '../transcripts/index.ts';

/** Passed on while it is read; the most that must be sent again after a broken connection. */
const SENT_BYTES = 16 * 1024 * 1024;

/** The storage does not return the bytes. */
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

/** The bytes to transcribe; undefined when they no longer exist anywhere. */
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

/** Sends the bytes that the service lacks. @returns whether it has all of them */
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
 * The pieces of the sound. The name of the source ends with an identifier of its bytes, so that bytes that were
 * replaced meanwhile are not continued with others.
 * @returns `gone` when the bytes cannot be found, null when the time is over or the sound is still being extracted
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

/** Identifies the bytes of a recording: not by its version, which a hold or a note changes, too. */
const bytesOf = ({ etag, sizeBytes }: Recording): string =>
  etag?.replaceAll(/[^\w-]/g, '').slice(0, 40) || String(sizeBytes ?? 0);

/** The name of a transcription's bytes at the service. */
export const sourceOf = ({ transcription, file, recording }: TranscriptionToAdvance): string =>
  `${transcription.id}-${recording ? bytesOf(recording) : (file?.objectSuffix ?? 0)}`;
