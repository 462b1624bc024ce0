/** The instance that a task or an exchange belongs to: always the same while their number is. */
export function instanceOf(key: string, instances: number): number {
  // FNV-1a: ids differ in their last characters, and all of them must count.
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return (hash >>> 0) % instances;
}
