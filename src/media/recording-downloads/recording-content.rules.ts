import type { Content } from '../downloads/index.ts';
import { contentTypeOf, extensionOf, type RecordingObject } from '../recording-objects/index.ts';
import { isStored, type Recording } from '../recordings/index.ts';

/** Whether its file can be downloaded. */
export const isDownloadable = ({ state, deleteRequestedAt }: Recording): boolean =>
  isStored(state) && !deleteRequestedAt;

/** Whether an object is the one that was verified; properties that its storage does not report are not compared. */
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
  const extension = extensionOf(objectKey);
  const began = (startedAt ?? createdAt).toISOString().slice(0, 16).replace(':', '-');
  return {
    organizationId,
    key: objectKey,
    etag: etag ?? `"${id}"`,
    name: `recording-${began}${extension && `.${extension}`}`,
    contentType: contentTypeOf(objectKey),
    sizeBytes: sizeBytes ?? 0,
    modifiedAt: stateAt,
    mayShow: true,
  };
}
