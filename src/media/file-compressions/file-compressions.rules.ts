import { isError } from '../../kernel/core/index.ts';
import type { CompressionSettings, TaskStage, TaskState } from '../compression/index.ts';
import type { CopyConfig } from '../compression-config/index.ts';
import type { FileRow } from '../files/index.ts';
import type { Recording } from '../recordings/index.ts';
import type { CompressionReason, CompressionState } from './file-compressions.enums.ts';
import { fileCompressionErrors } from './file-compressions.errors.ts';
import type { CompressFile } from './file-compressions.schemas.ts';
import type { FileCompression } from './file-compressions.tables.ts';

/** The moves of a compression: from each state to those in the list, and to no other. */
export const MOVES: Readonly<Record<CompressionState, readonly CompressionState[]>> = {
  requested: ['running', 'verifying', 'ready', 'kept', 'failed', 'cancelled'],
  running: ['verifying', 'ready', 'kept', 'failed', 'cancelled'],
  verifying: ['ready', 'kept', 'failed', 'cancelled'],
  ready: [],
  kept: [],
  failed: [],
  cancelled: [],
};

export const isOver = ({ state }: Pick<FileCompression, 'state'>): boolean => MOVES[state].length === 0;

/** Smaller files are not worth the work. */
export const MIN_BYTES = 10_000;
/** What the service takes of a video; larger pictures have more pixels than it reads. */
export const MAX_BYTES = { video: 4_294_967_296, image: 100_000_000 };
const VIDEOS = /^video\/(mp4|webm|quicktime|x-matroska)$/;
/** AVIF is left alone: there is nothing smaller to make of it. */
const PICTURES = /^image\/(jpeg|png|webp|tiff)$/;

/** Whether the service takes bytes of this type and size. */
export function isCompressible({
  contentType,
  sizeBytes,
}: Pick<FileRow, 'contentType' | 'sizeBytes'>): boolean {
  if (sizeBytes < MIN_BYTES) return false;
  if (VIDEOS.test(contentType)) return sizeBytes <= MAX_BYTES.video;
  return PICTURES.test(contentType) && sizeBytes <= MAX_BYTES.image;
}

/** What is asked of the service; WebM stays WebM, and all other containers become MP4. */
export function settingsFor(
  { contentType }: Pick<FileRow, 'contentType'>,
  { codec, pictureFormat = 'avif', minSsim }: CompressFile & CopyConfig,
): CompressionSettings {
  if (!contentType.startsWith('video/')) return { kind: 'image', format: pictureFormat, minSsim };
  const container = codec === 'av1' && contentType === 'video/webm' ? 'webm' : 'mp4';
  return { kind: 'video', codec, container, minSsim };
}

/** What a video is encoded with; null for a picture. */
export const codecOf = ({ settings }: Pick<FileCompression, 'settings'>) =>
  settings.kind === 'video' ? settings.codec : null;

/** What a picture becomes; null for a video. */
export const pictureFormatOf = ({ settings }: Pick<FileCompression, 'settings'>) =>
  settings.kind === 'image' ? settings.format : null;

/** Where each stage of the service begins and ends, in percent of the compression. */
const STAGES: Readonly<Record<TaskStage, readonly [from: number, to: number]>> = {
  waiting: [5, 5],
  reading: [5, 7],
  searching: [7, 25],
  encoding: [25, 75],
  verifying: [75, 90],
  writing: [90, 92],
};

/**
 * The progress of a compression, from that of its task at the service: it never decreases, even when the service begins
 * again.
 */
export function followTask(
  compression: FileCompression,
  { stage, fraction }: Extract<TaskState, { kind: 'running' }>,
): Pick<FileCompression, 'state' | 'progress'> {
  const [from, to] = STAGES[stage];
  const progress = Math.max(
    compression.progress,
    Math.floor(from + (to - from) * Math.min(1, Math.max(0, fraction))),
  );
  const state = stage === 'verifying' || stage === 'writing' ? 'verifying' : 'running';
  return { state: MOVES[compression.state].includes(state) ? state : compression.state, progress };
}

/** What decides whether a compression may continue. */
export interface CompressionGround {
  file: Pick<FileRow, 'deletedAt' | 'expiresAt' | 'scanStatus'> | null;
  recording: Pick<Recording, 'state' | 'deleteRequestedAt' | 'expiresAt'> | null;
  isOrganizationDeleted: boolean;
}

const isExpired = (expiresAt: Date | null, nowMs: number) =>
  expiresAt !== null && expiresAt.getTime() <= nowMs;

/** A recording that was held does not change. */
function cancelReasonOfRecording(
  { state, deleteRequestedAt, expiresAt }: NonNullable<CompressionGround['recording']>,
  nowMs: number,
): CompressionReason | null {
  const isGone =
    state === 'deleted' || state === 'expired' || deleteRequestedAt || isExpired(expiresAt, nowMs);
  if (isGone) return 'file_gone';
  // Held, even if it has been released since.
  return state === 'compressing' ? null : 'held';
}

/** Why a compression must not continue; null while it may. */
export function cancelReasonOf(
  { file, recording, isOrganizationDeleted }: CompressionGround,
  nowMs: number,
): CompressionReason | null {
  if (isOrganizationDeleted) return 'organization_deleted';
  if (recording) return cancelReasonOfRecording(recording, nowMs);
  const isGone =
    !file || file.deletedAt || isExpired(file.expiresAt, nowMs) || file.scanStatus === 'infected';
  return isGone ? 'file_gone' : null;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'video/mp4': 'mp4',
  'video/webm': 'webm',
  'image/avif': 'avif',
  'image/webp': 'webp',
};
const REPLACED_EXTENSION = /\.(mp4|m4v|mov|mkv|webm|jpe?g|png|webp|tiff?)$/i;

/** The name of a file whose bytes became another type: with the extension of that type, if it had one. */
export function nameAfter(name: string, contentType: string): string {
  const extension = EXTENSIONS[contentType];
  return extension === undefined ? name : name.replace(REPLACED_EXTENSION, `.${extension}`);
}

/** Whether a compression is refused because its file is in work already, or the organization has as much in work as it may: the setting asks for no more. */
export const isBusy = (error: unknown) =>
  isError(error, fileCompressionErrors.alreadyRunning, fileCompressionErrors.tooMany);
