import type { Content } from '../downloads/index.ts';
import type { RecordingObject } from '../recording-objects/index.ts';
import type { Recording } from '../recordings/index.ts';

/** What recorders write, by the extension of the key: tracks are stored as they were sent. */
const TYPES: Readonly<Record<string, string>> = {
  mp4: 'video/mp4',
  webm: 'video/webm',
  ogg: 'audio/ogg',
};

/** Whether its file can be downloaded. */
export const isDownloadable = ({ state, deleteRequestedAt }: Recording): boolean =>
  ['ready', 'held'].includes(state) && !deleteRequestedAt;

/** Whether an object is the one that was verified; of what its storage does not say nothing is known. */
export const isVerified = (
  { sizeBytes, etag, checksum }: Recording,
  object: RecordingObject | null,
): boolean =>
  object !== null &&
  object.sizeBytes === sizeBytes &&
  (etag === null || object.etag === null || object.etag === etag) &&
  (checksum === null || object.checksum === null || object.checksum === checksum);

/** The bytes of a recording in the storage of the product, as a download has them. */
export function contentOfRecording(recording: Recording): Content {
  const { id, organizationId, objectKey, etag, sizeBytes, startedAt, createdAt, stateAt } = recording;
  const extension = /\.([a-z\d]{1,8})$/.exec(objectKey)?.[1] ?? '';
  const began = (startedAt ?? createdAt).toISOString().slice(0, 16).replace(':', '-');
  return {
    organizationId,
    key: objectKey,
    etag: etag ?? `"${id}"`,
    name: `recording-${began}${extension && `.${extension}`}`,
    contentType: TYPES[extension] ?? 'application/octet-stream',
    sizeBytes: sizeBytes ?? 0,
    modifiedAt: stateAt,
    mayShow: true,
  };
}
