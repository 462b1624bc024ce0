import { type Actor, actorId, authErrors, permits } from '../../kernel/core/index.ts';
import { restrictedViewer } from '../../rooms/access/index.ts';
import { objectKey } from '../../platform/objects/index.ts';
import { fileErrors } from './files.errors.ts';
import { PREVIEW_IMAGES, type PreviewImageName, type PreviewStatus } from './files.enums.ts';
import type { files } from './files.tables.ts';

export type FileRow = typeof files.$inferSelect;

const DAY_MS = 86_400_000;

/** Days for which a deleted file can be restored; then it is gone. */
export const RESTORE_DAYS = 30;

/** Files deleted at this moment or before cannot be restored. */
export const restorableSince = (nowMs: number): Date => new Date(nowMs - RESTORE_DAYS * DAY_MS);

type StoredFile = Pick<FileRow, 'organizationId' | 'id' | 'objectSuffix'>;

/** The key of a file's bytes in object storage. */
export const fileKey = ({ organizationId, id, objectSuffix }: StoredFile): string =>
  objectKey('files', organizationId, objectSuffix === null ? id : `${id}.${objectSuffix}`);

/** The key of an image of a file's preview. */
export const previewKey = (
  { organizationId, id }: Pick<FileRow, 'organizationId' | 'id'>,
  name: PreviewImageName,
): string => objectKey('files', organizationId, `${id}.${name}`);

/** The keys of everything that may be stored of a file. */
export const keysOf = (file: StoredFile): string[] => [
  fileKey(file),
  ...PREVIEW_IMAGES.map((name) => previewKey(file, name)),
];

/** Types of which previews are made: pictures, videos, and documents (PDF, texts, office documents). */
const PREVIEWED = {
  image: /^image\/(jpeg|png|webp|avif|gif|tiff)$/,
  video: /^video\/.+$/,
  document:
    /^(application\/(pdf|xml|vnd\.openxmlformats-officedocument\.(wordprocessingml\.document|spreadsheetml\.sheet|presentationml\.presentation)|vnd\.oasis\.opendocument\.(text|spreadsheet|presentation))|text\/.+)$/,
} as const;
type PreviewKind = keyof typeof PREVIEWED;
const PREVIEW_KINDS = Object.keys(PREVIEWED) as PreviewKind[];

/** How the preview of a type is made; undefined: not at all. */
export const previewKindOf = (contentType: string): PreviewKind | undefined =>
  PREVIEW_KINDS.find((kind) => PREVIEWED[kind].test(contentType));

/** No preview is made of larger files: it would take longer than a subscriber may. */
const MAX_PREVIEWED_BYTES = { image: 50_000_000, video: 200_000_000, document: 50_000_000 };

/** The first status of the preview of a file. */
export function firstPreviewStatus({
  contentType,
  sizeBytes,
}: Pick<FileRow, 'contentType' | 'sizeBytes'>): PreviewStatus {
  const kind = previewKindOf(contentType);
  if (!kind) return 'none';
  return sizeBytes <= MAX_PREVIEWED_BYTES[kind] ? 'pending' : 'none';
}

/** For whom files are read. */
export interface FileViewer {
  /** Identity of the user, guest or API key; null with `files:manage`, which shows all files of the organization. */
  identity: string | null;
  /** The room of a guest's ticket: they see only its files. */
  guestOfRoom: string | null;
  /** The reader whose view of private rooms is restricted; null for readers who see all rooms. */
  roomViewer: string | null;
}

/** Owner of the files that a user or an API key manages: themselves; null, for all files, with `files:manage`. */
export const managedBy = (actor: Actor): string | null =>
  'permissions' in actor && permits(actor.permissions, 'files:manage') ? null : actorId(actor);

/** @throws AppError `auth.forbidden` for actors who read no files */
export function fileViewerOf(actor: Actor): FileViewer {
  if (actor.kind === 'guest') return { identity: actor.guestId, guestOfRoom: actor.roomId, roomViewer: null };
  if (actor.kind !== 'user' && actor.kind !== 'apiKey') throw authErrors.forbidden();
  if (!permits(actor.permissions, 'files:read')) throw authErrors.forbidden({ detail: 'needs files:read' });
  return {
    identity: managedBy(actor),
    guestOfRoom: null,
    roomViewer: restrictedViewer(actor),
  };
}

/** To whom the room of a file must be open so that they may share it there. */
export const sharerOf = (actor: Actor) => ({
  identity: actorId(actor),
  roomViewer: restrictedViewer(actor),
});

/** Whether it is the file of the actor, or the actor manages the files of everybody. */
export function mayChange(actor: Actor, { uploadedBy }: Pick<FileRow, 'uploadedBy'>): boolean {
  if (actor.kind !== 'user' && actor.kind !== 'apiKey') return false;
  return uploadedBy === actorId(actor) || permits(actor.permissions, 'files:manage');
}

/**
 * Infected files are not served; files whose scan is pending or failed, only to their owner. Without a scanner, files
 * are served unscanned: people read them at their own risk.
 * @throws AppError `files.infected`, `files.scan_pending` or `files.not_scannable`
 */
export function requireServable(actor: Actor, { scanStatus, uploadedBy }: FileRow): void {
  if (scanStatus === 'infected') throw fileErrors.infected();
  if (scanStatus === 'clean' || scanStatus === 'unscanned' || actorId(actor) === uploadedBy) return;
  throw scanStatus === 'pending' ? fileErrors.scanPending() : fileErrors.notScannable();
}

/** @throws AppError `files.room_required` */
export function requireRoomFor({ access, roomId }: Pick<FileRow, 'access' | 'roomId'>): void {
  if (access === 'participants' && roomId === null) throw fileErrors.roomRequired();
}
