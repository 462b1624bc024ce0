const RECORDINGS_PREFIX = 'recordings/';

/** The bucket of an object, by its key: recordings have one of their own, because recorders have an access key to it. */
export const r2BucketOf =
  ({ OBJECTS, RECORDINGS }: Pick<Env, 'OBJECTS' | 'RECORDINGS'>) =>
  (key: string): R2Bucket =>
    key.startsWith(RECORDINGS_PREFIX) ? RECORDINGS : OBJECTS;
