import type { Ctx } from '../../kernel/context/index.ts';
import { actorId } from '../../kernel/core/index.ts';
import { type FileRow, getFile, requireServable } from '../../media/files/index.ts';
import { getRecording } from '../../media/recordings/index.ts';
import { readChat } from '../../messaging/chat/index.ts';
import { requireModerator, requireRoomAccess } from '../../rooms/access/index.ts';
import { type MemoryOwner, ownerOf } from '../memory-scopes/index.ts';
import {
  type CitedPassage,
  type CitedSource,
  memoryErrors,
  memoryReaderOf,
  type MemorySourceKind,
  requireNoWiderAudience,
} from '../memory/index.ts';
import {
  selectParents,
  selectPassage,
  selectRoomOfMessage,
  selectRoomOfRecording,
} from './memory-storing.queries.ts';
import { getTranscription } from '../transcripts/index.ts';
import type { SourceInput } from './memory-storing.schemas.ts';

const readerOf = ({ actor, organizationId, clock }: Ctx) =>
  memoryReaderOf(actor, organizationId, new Date(clock.now()));

type Resolver = (ctx: Ctx, ids: readonly string[], owner: MemoryOwner) => Promise<void>;

/** @throws AppError `memories.wider_audience` */
function requireOpenToOwner({ access }: FileRow, owner: MemoryOwner): void {
  const isForAll = access === 'organization' || access === 'public';
  if (!isForAll && owner.scope !== 'person') throw memoryErrors.widerAudience();
}

/** Memories from a room stay in the room, or with the person. */
function requireRoomOf(roomId: string | undefined, owner: MemoryOwner): string {
  if (roomId === undefined) throw memoryErrors.sourceNotFound();
  requireNoWiderAudience(ownerOf('room', { roomId }), owner);
  return roomId;
}

/** Checks that the caller may read the source, and that the memory shows to no more people than the source. */
const RESOLVERS: Record<Exclude<MemorySourceKind, 'manual' | 'transcript'>, Resolver> = {
  async message(ctx, [messageId], owner) {
    const [[found]] = await ctx.read((q) => [selectRoomOfMessage(q, readerOf(ctx), messageId!)]);
    const roomId = requireRoomOf(found?.roomId, owner);
    await readChat(ctx, roomId, () => []);
    // Some people who may see the room may not read its chat.
    if (owner.scope === 'room') requireModerator((await requireRoomAccess(ctx, { roomId }))[0]);
  },
  async recording(ctx, [recordingId], owner) {
    const [[found]] = await ctx.read((q) => [selectRoomOfRecording(q, readerOf(ctx), recordingId!)]);
    const roomId = requireRoomOf(found?.roomId, owner);
    await getRecording(ctx, { roomId }, recordingId!);
  },
  async file(ctx, [fileId], owner) {
    const file = await getFile(ctx, fileId!);
    requireServable(ctx.actor, file);
    requireOpenToOwner(file, owner);
  },
  async memory(ctx, memoryIds, owner) {
    const ids = [...new Set(memoryIds)];
    const [parents] = await ctx.read((q) => [selectParents(q, readerOf(ctx), ids)]);
    if (parents.length < ids.length) throw memoryErrors.sourceNotFound();
    for (const parent of parents) requireNoWiderAudience(parent, owner);
  },
};

/** A passage of a transcript that the caller may read; for a room, that needs a moderator. */
async function resolvePassage(
  ctx: Ctx,
  { ids: [transcriptionId], passage }: Extract<SourceInput, { kind: 'transcript' }>,
  owner: MemoryOwner,
): Promise<CitedPassage> {
  const { transcription, file, roomId, recordedCallId } = await getTranscription(ctx, transcriptionId!);
  if (file) {
    requireServable(ctx.actor, file);
    requireOpenToOwner(file, owner);
  } else requireRoomOf(roomId ?? undefined, owner);
  const [[found]] = await ctx.read((q) => [selectPassage(q, ctx.organizationId, transcriptionId!, passage)]);
  if (!found?.count) throw memoryErrors.sourceNotFound();
  return {
    ...passage,
    callId: transcription.callId ?? recordedCallId,
    startMs: found.startMs!,
    endMs: found.endMs!,
    correctedAt: null,
  };
}

/**
 * The source of the memories, if the caller may read it. Without a source, the caller is the source.
 * @throws AppError `memories.source_not_found`, `memories.wider_audience`, and what reading the source throws
 */
export async function resolveSource(
  ctx: Ctx,
  source: SourceInput | undefined,
  owner: MemoryOwner,
): Promise<CitedSource> {
  if (!source) return { kind: 'manual', ids: [actorId(ctx.actor)!], passage: null };
  if (source.kind === 'transcript')
    return { kind: 'transcript', ids: source.ids, passage: await resolvePassage(ctx, source, owner) };
  const { kind, ids } = source;
  await RESOLVERS[kind](ctx, ids, owner);
  return { kind, ids: [...new Set(ids)], passage: null };
}
